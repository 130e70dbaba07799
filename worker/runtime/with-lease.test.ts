import { afterEach, beforeEach, expect, test, vi } from "vitest"
import { leaseMs } from "../cache/flight/flight.ts"
import { sharedAnswer } from "../ports/single-flight.suite.ts"
import { withLease } from "./with-lease.ts"

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

const start = (longestMs: number) => {
  const said: string[] = []
  const lead = withLease(
    {
      renew: async () => void said.push("renew"),
      land: async () => void said.push("land"),
      landEmpty: async (why) => void said.push(why),
    },
    longestMs,
  )
  return { lead, said }
}

test("renews three times in a lease, until it has landed, and lands once", async () => {
  const { lead, said } = start(180_000)
  await vi.advanceTimersByTimeAsync(leaseMs)
  await lead.land(sharedAnswer())
  await lead.landEmpty("left")
  await vi.advanceTimersByTimeAsync(leaseMs)
  expect(said).toEqual(["renew", "renew", "renew", "land"])
})

test("renews nothing for longer than an answer may take", async () => {
  const { said } = start(60_000)
  await vi.advanceTimersByTimeAsync(600_000)
  expect(said).toHaveLength(6)
  expect(vi.getTimerCount()).toBe(0)
})
