import { runInDurableObject } from "cloudflare:test"
import { env } from "cloudflare:workers"
import { beforeAll, describe, expect, test } from "vitest"
import { longestSharedAnswer } from "../contract/flight.ts"
import { sharedAnswer } from "../worker/ports/single-flight.suite.ts"

/** The first object loads the whole Worker. */
beforeAll(async () => {
  await env.FLIGHTS.get(env.FLIGHTS.newUniqueId()).join()
}, 60_000)

const freshObject = () => env.FLIGHTS.get(env.FLIGHTS.newUniqueId())

const leads = async (stub: ReturnType<typeof freshObject>) => {
  const place = await stub.join()
  if (place.role !== "lead") throw new Error(place.role)
  return place.seat
}
const waits = async (stub: ReturnType<typeof freshObject>) => {
  const place = await stub.join()
  if (place.role !== "wait") throw new Error(place.role)
  return place.seat
}

test("a leader that is gone without a word is followed at once, long before its lease ends", async () => {
  const stub = freshObject()
  const lead = await leads(stub)
  const decided = (await waits(stub)).decided(60_000)
  lead[Symbol.dispose]()
  expect((await decided).role).toBe("lead")
})

test("one who waits and is gone is not given the lead", async () => {
  const stub = freshObject()
  const lead = await leads(stub)
  const gone = await waits(stub)
  const decided = (await waits(stub)).decided(60_000)
  gone[Symbol.dispose]()
  await lead.landEmpty("failed")
  expect((await decided).role).toBe("lead")
})

describe("refuses, and goes on waiting for a better answer, when one", () => {
  test.each([
    ["is none", undefined],
    ["lacks a field", { answer: "Q3" }],
    ["is empty", { ...sharedAnswer(), answer: "" }],
    ["is longer than may be passed on", { ...sharedAnswer(), answer: "x".repeat(longestSharedAnswer + 1) }],
  ])("%s", async (_, answer) => {
    const stub = freshObject()
    const refused = await runInDurableObject(stub, async (object) => {
      const place = object.join()
      if (place.role !== "lead") throw new Error(place.role)
      try {
        place.seat.land(answer)
        return "taken"
      } catch (error) {
        return String(error)
      }
    })
    expect(refused).toMatch(/ValiError/)
    expect((await stub.join()).role).toBe("wait")
  })
})

test("stores nothing", async () => {
  const stub = freshObject()
  await (await leads(stub)).land(sharedAnswer())
  expect(await runInDurableObject(stub, async (_, { storage }) => (await storage.list()).size)).toBe(0)
})
