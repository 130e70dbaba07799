import { evictDurableObject, runInDurableObject } from "cloudflare:test"
import { env } from "cloudflare:workers"
import { beforeAll, describe, expect, test } from "vitest"
import { laneNewsLimits } from "../contract/lanes.ts"
import type { LaneNews } from "../contract/lanes.ts"
import { finding } from "../worker/ports/lane-ledger.suite.ts"

const news = (changes: Partial<LaneNews> = {}): LaneNews => ({
  delta: 0.02,
  counts: {},
  findings: [],
  pairs: [],
  judged: 0,
  ...changes,
})
const freshObject = () => env.LANES.get(env.LANES.newUniqueId())

/** The first object loads the whole Worker. */
beforeAll(async () => {
  await freshObject().sync(news())
}, 60_000)

test("keeps the book when it is evicted", async () => {
  const stub = freshObject()
  const pair = { key: "0123456789abcdef", verdict: "same", weight: 0.9 } as const
  const book = await stub.sync(news({ counts: { count: { hit: 2 } }, findings: [finding()], pairs: [pair] }))
  expect(book).toMatchObject({ lanes: { count: { counts: { hit: 2 }, auditedEver: 1 } }, pairs: [{ points: 0.9 }] })
  await evictDurableObject(stub)
  expect(await stub.sync(news())).toEqual(book)
})

test("begins anew when what is stored is from other rules", async () => {
  const stub = freshObject()
  await stub.sync(news({ counts: { count: { hit: 2 } } }))
  await runInDurableObject(stub, (_, { storage }) => storage.put("book", { lanes: { count: { opened: true } } }))
  await evictDurableObject(stub)
  expect(await stub.sync(news())).toEqual({ lanes: {}, pairs: [], judged: 0 })
})

test("stores nothing when there is no news", async () => {
  const stub = freshObject()
  await stub.sync(news())
  expect(await runInDurableObject(stub, async (_, { storage }) => (await storage.list()).size)).toBe(0)
})

describe("refuses news, and changes nothing,", () => {
  const many = (count: number) => Array.from({ length: count }, () => finding())
  test.each<readonly [string, unknown]>([
    ["that are nothing", null],
    ["with a field that nobody knows", { ...news(), tenant: "other" }],
    ["with fewer than no hits", news({ counts: { count: { hit: -1 } } })],
    ["with a state that there is not", news({ counts: { count: { gone: 1 } as never } })],
    ["of a query type that is none", news({ counts: { __proto__x: { hit: 1 } } })],
    ["with a weight beyond all reason", news({ findings: [finding({ weight: 2 })] })],
    ["with a bin beyond all bins", news({ findings: [finding({ bin: 32 })] })],
    ["with a pair's key that is none", news({ pairs: [{ key: "Which breaker?", verdict: "same", weight: 1 }] })],
    ["with too many findings", news({ findings: many(laneNewsLimits.findings + 1) })],
    ["without a share of errors", { ...news(), delta: 0 }],
  ])("%s", async (_, bad) => {
    const stub = freshObject()
    const before = await stub.sync(news({ counts: { count: { hit: 2 } } }))
    const refused = await runInDurableObject(stub, (object) => object.sync(bad).catch(String))
    expect(refused).toMatch(/^TypeError: The news were refused, nothing was changed\. \S/)
    expect(await stub.sync(news())).toEqual(before)
  })
})
