import { expect, test } from "vitest"
import { adjustLimit, lowerLimit, newConcurrencyLimit } from "./concurrency-limit.ts"
import type { ConcurrencyLimit } from "./concurrency-limit.ts"
import { addValue, newLevel } from "./fading-level.ts"

const start = 1_000_000

/** A server that does `slots` at once in 1 s each, and is kept as busy as its limit allows, up to `demand`. */
const learn = (slots: number, demand: number, seconds: number): ConcurrencyLimit => {
  let limit = newConcurrencyLimit
  let level = newLevel(3_000)
  for (let second = 0; second < seconds; second++) {
    const now = start + second * 1_000
    const inFlight = Math.min(demand, limit.value)
    for (let index = 0; index < 10; index++) level = addValue(level, 1_000 * Math.max(1, inFlight / slots), now)
    limit = adjustLimit(limit, inFlight, level, now)
  }
  return limit
}

test("nothing is learned from a candidate that is hardly asked", () => {
  expect(learn(50, 10, 60).value).toBe(100)
})

test("as long as it is as fast as ever and in demand, the limit grows, but not without bound", () => {
  expect(learn(10_000, 500, 60).value).toBeGreaterThan(150)
  expect(learn(10_000, 100_000, 2_000).value).toBe(1_000)
})

test("when first tokens take much longer than before, the limit falls, and never below 4", () => {
  let level = newLevel(3_000)
  for (let index = 0; index < 300; index++) level = addValue(level, 800, start + index * 100)
  let limit: ConcurrencyLimit = newConcurrencyLimit
  for (let second = 0; second < 8; second++) {
    const now = start + 30_000 + second * 1_000
    for (let index = 0; index < 10; index++) level = addValue(level, 8_000, now)
    limit = adjustLimit(limit, 100, level, now)
  }
  expect(limit.value).toBeLessThan(90)
  for (let index = 0; index < 50; index++) limit = lowerLimit(limit, 4 + index / 50)
  expect(limit.value).toBe(4)
})

test("it is adjusted once a second, however many reports come", () => {
  const level = addValue(newLevel(3_000), 800, start)
  const once = adjustLimit(newConcurrencyLimit, 100, level, start)
  expect(adjustLimit(once, 100, level, start + 999)).toBe(once)
})

test("a provider that says it is overloaded gets less than it has now", () => {
  expect(lowerLimit(newConcurrencyLimit, 20).value).toBeCloseTo(18)
  expect(lowerLimit({ value: 10, at: 0 }, 20).value).toBe(10)
})
