import { expect, test } from "vitest"
import { seededRandom } from "../../dev/simulated-providers/seeded.ts"
import {
  afterArrival,
  afterRefusal,
  defaultConcurrencyLimit,
  limitOf,
  newConcurrencyLimit,
} from "./concurrency-limit.ts"
import type { ConcurrencyLimit } from "./concurrency-limit.ts"
import { normal } from "./luck.ts"

const responseTimeMs = 5_000
const idleMs = 1_000

/** So many first tokens of a server that serves `slots` at once, each with another number in flight up to `most`. */
const seen = (
  slots: number,
  { most, count, slower = 1 }: { readonly most: number; readonly count: number; readonly slower?: number },
  before: ConcurrencyLimit = newConcurrencyLimit,
): ConcurrencyLimit => {
  const random = seededRandom(`${slots} ${count}`)
  let limit = before
  for (let index = 0; index < count; index++) {
    const inFlight = Math.ceil(random() * most)
    const waitMs = (Math.max(0, inFlight - slots) / slots) * responseTimeMs
    const firstTokenMs = (idleMs * slower + waitMs) * Math.exp(0.5 * normal(random))
    limit = afterArrival(limit, { inFlight, firstTokenMs, responseTimeMs })
  }
  return limit
}

test.each([12, 30, 60, 150])("how many it serves at once, %i, is learned from how first tokens wait", (slots) => {
  const learned = limitOf(seen(slots, { most: slots * 1.6, count: 300 }))
  expect(learned).toBeGreaterThan(slots * 0.75)
  expect(learned).toBeLessThan(slots * 1.35)
})

test("without a wait it is known to serve at least what was in flight, though it was never full", () => {
  expect(limitOf(seen(1_000, { most: 200, count: 300 }))).toBeGreaterThan(170)
})

test("with little in flight nothing is learned of how much would be too much, however slow the answers", () => {
  const little = seen(60, { most: 4, count: 300 })
  expect(limitOf(little)).toBeCloseTo(defaultConcurrencyLimit, 0)
  expect(limitOf(seen(60, { most: 4, count: 300, slower: 12 }, little))).toBeCloseTo(defaultConcurrencyLimit, 0)
})

test("a limit that changes is learned anew, up and down, however long it had been otherwise", () => {
  const small = seen(15, { most: 40, count: 2_000 })
  expect(limitOf(small)).toBeLessThan(20)
  const large = seen(60, { most: 40, count: 60 }, small)
  expect(limitOf(large)).toBeGreaterThan(35)
  expect(limitOf(seen(15, { most: 40, count: 60 }, large))).toBeLessThan(22)
})

test("a single first token far too late does not make a candidate look full", () => {
  const known = seen(60, { most: 50, count: 200 })
  const late = afterArrival(known, { inFlight: 20, firstTokenMs: 60_000, responseTimeMs })
  expect(limitOf(late)).toBeGreaterThan(limitOf(known) * 0.8)
})

test("refusals say that less is served than was in flight, as far as they repeat", () => {
  let refused = newConcurrencyLimit
  for (let time = 0; time < 10; time++) refused = afterRefusal(refused, 20)
  expect(limitOf(refused)).toBeLessThan(20)
  expect(limitOf(afterRefusal(newConcurrencyLimit, 20))).toBeGreaterThan(30)
})

test("a refusal with next to nothing in flight is about something else", () => {
  expect(afterRefusal(newConcurrencyLimit, 3)).toBe(newConcurrencyLimit)
})

test("whatever comes, the limit is a number within bounds", () => {
  let limit = newConcurrencyLimit
  for (const inFlight of [0, 1, 1e6]) {
    for (const firstTokenMs of [0, 1, 3_600_000]) {
      for (let time = 0; time < 20; time++) limit = afterArrival(limit, { inFlight, firstTokenMs, responseTimeMs: 0 })
      expect(limitOf(limit)).toBeGreaterThanOrEqual(4)
      expect(limitOf(limit)).toBeLessThanOrEqual(1_000)
    }
  }
})
