import { env } from "cloudflare:workers"
import { beforeAll, expect, test } from "vitest"
import { runDurableObjectAlarm } from "cloudflare:test"
import { pictureIndexSuite } from "../../ports/picture-index.suite.ts"
import { createDurablePictureIndex } from "./picture-index.ts"

/** The first object loads the whole Worker, which takes longer than any deadline. */
beforeAll(async () => {
  await env.PICTURES.get(env.PICTURES.newUniqueId()).list()
}, 60_000)

let tenants = 0
/** The suite's tenants, each time others: objects live on between tests. */
const make = () => {
  const mine = `suite-${++tenants}-`
  const index = createDurablePictureIndex({ shelves: env.PICTURES, now: Date.now, timeoutMs: 10_000 })
  return {
    index: {
      list: (tenant: string) => index.list(mine + tenant),
      look: (tenant: string, name: string) => index.look(mine + tenant, name),
      remember: (tenant: string, ...rest: [Parameters<typeof index.remember>[1], Uint8Array<ArrayBuffer>?]) =>
        index.remember(mine + tenant, ...rest),
    },
    now: Date.now,
    wait: (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms)),
  }
}

pictureIndexSuite("in a Durable Object", async () => make())

test("an object is empty once its pictures' time is over, and sleeps without an alarm", async () => {
  const shelf = env.PICTURES.get(env.PICTURES.idFromName("alarm"))
  await shelf.remember({ name: "a", facts: "", expiresAt: Date.now() + 50 }, new ArrayBuffer(9))
  await new Promise((resolve) => setTimeout(resolve, 80))
  await runDurableObjectAlarm(shelf)
  expect(await shelf.list()).toEqual([])
  expect(await runDurableObjectAlarm(shelf)).toBe(false)
})

test("rejects within its deadline when the object does not answer", async () => {
  const silent = { idFromName: () => ({}), get: () => ({ list: () => new Promise(() => undefined) }) }
  const index = createDurablePictureIndex({ shelves: silent as never, now: Date.now, timeoutMs: 20 })
  await expect(index.list("t1")).rejects.toThrow("No answer within")
})
