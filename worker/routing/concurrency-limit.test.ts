import { expect, test } from "vitest"
import { adjustLimit, fullnessOf, loadScale, lowerLimit, newConcurrencyLimit } from "./concurrency-limit.ts"
import type { ConcurrencyLimit } from "./concurrency-limit.ts"
import { addValue, newLevel } from "./fading-level.ts"

const start = 1_000_000

/** A minute of calm, then some seconds of this much in flight, at a server that serves `slots` at once, in 5 s each. */
const learn = (slots: number, inFlight: number, seconds: number): ConcurrencyLimit => {
  let limit = newConcurrencyLimit
  let firstToken = newLevel(3_000)
  for (let second = 0; second < 60 + seconds; second++) {
    const now = start + second * 1_000
    const present = second < 60 ? slots / 2 : inFlight
    const waitMs = Math.max(0, present / slots - 1) * 5_000
    for (let index = 0; index < 10; index++) firstToken = addValue(firstToken, 1_000 + waitMs, now)
    limit = adjustLimit(limit, { inFlight: present, firstToken, responseTimeMs: 5_000 }, now)
  }
  return limit
}

test.each([15, 30, 60])(
  "what a server with %i slots bears is learned from how first tokens wait in its queue",
  (slots) => {
    const { value } = learn(slots, slots * 1.6, 10)
    expect(value).toBeGreaterThan(slots * 0.7)
    expect(value).toBeLessThan(slots * 1.5)
  },
)

test("a limit that was learned stays while little is asked, because nothing contradicts it", () => {
  const learned = learn(30, 48, 10)
  const firstToken = addValue(newLevel(3_000), 1_000, start + 200_000)
  const later = adjustLimit(learned, { inFlight: 3, firstToken, responseTimeMs: 5_000 }, start + 200_000)
  expect(later.value).toBe(learned.value)
  expect(later.peak).toBe(3)
})

const views = (...fullnesses: readonly number[]) => fullnesses.map((fullness) => ({ fullness }))

test("requests in flight are compared by what candidates had at their fullest, whatever each of them bears", () => {
  expect(loadScale(views(25, 100), [1, 2])).toBeCloseTo(50)
  expect(loadScale(views(25, 100, 0), [1, 2, 0])).toBeCloseTo(50)
  expect(fullnessOf({ value: 200, peak: 70, at: start })).toBe(70)
})

test("where little is in flight or nothing is known, a few requests do not make a candidate look full", () => {
  expect(fullnessOf({ value: 100, peak: 3, at: start })).toBe(20)
  expect(fullnessOf(newConcurrencyLimit)).toBe(0)
  expect(loadScale(views(0, 0), [4, 4])).toBe(100)
  expect(loadScale([], [])).toBe(100)
})

test("a fullness that an older object does not tell is passed over", () => {
  const untold: { readonly fullness: number } = JSON.parse("{}")
  expect(loadScale([untold, ...views(40)], [1, 1])).toBeCloseTo(40)
  expect(loadScale([untold], [1])).toBe(100)
})

test("where more is in flight than ever was seen, the average of now is the measure", () => {
  expect(loadScale(views(2, 2), [20, 40])).toBe(30)
})

const calm = { inFlight: 90, firstToken: addValue(newLevel(3_000), 800, start), responseTimeMs: 5_000 }

test("as long as first tokens come as usual, a limit that is nearly reached grows, within bounds", () => {
  const once = adjustLimit(newConcurrencyLimit, calm, start)
  expect(once.value).toBeGreaterThan(100)
  let limit = once
  let { firstToken } = calm
  for (let second = 1; second < 1_000; second++) {
    const now = start + second * 1_000
    firstToken = addValue(firstToken, 800, now)
    limit = adjustLimit(limit, { ...calm, firstToken, inFlight: 100_000 }, now)
  }
  expect(limit.value).toBe(1_000)
})

test("it is adjusted once a second, however many reports come, and not without a first token since", () => {
  const once = adjustLimit(newConcurrencyLimit, calm, start)
  const again = { ...calm, firstToken: addValue(calm.firstToken, 800, start + 999) }
  expect(adjustLimit(once, again, start + 999)).toBe(once)
  expect(adjustLimit(once, calm, start + 60_000)).toBe(once)
})

test("a provider that says it is overloaded gets less than it has now, and never less than 4", () => {
  expect(lowerLimit(newConcurrencyLimit, 20).value).toBeCloseTo(18)
  expect(lowerLimit({ value: 10, peak: 20, at: 0 }, 20).value).toBe(10)
  expect(lowerLimit(newConcurrencyLimit, 4).value).toBe(4)
})
