import { expect, test } from "vitest"
import { inFlightAt, remember } from "./load-history.ts"
import type { LoadHistory } from "./load-history.ts"

const start = 1_000_000
const id = "openai/gpt-4o"
/** One more request in flight each 100 ms. */
const rising = (count: number): LoadHistory => {
  let history: LoadHistory = []
  for (let step = 0; step < count; step++) history = remember(history, [id], new Map([[id, step]]), start + step * 100)
  return history
}

test("what was in flight is looked up a little later than asked, when the isolates had told of it", () => {
  const history = rising(100)
  expect(inFlightAt(history, id, start + 3_000)).toBeGreaterThan(30)
  expect(inFlightAt(history, id, start + 3_000)).toBeLessThanOrEqual(36)
})

test("before the first moment it is what was known first, after the last what is known now", () => {
  const history = rising(50)
  expect(inFlightAt(history, id, start - 60_000)).toBe(0)
  expect(inFlightAt(history, id, start + 60_000)).toBeGreaterThan(45)
  expect(inFlightAt([], id, start)).toBe(0)
})

test("it is bounded in time, however often reports come, and in candidates", () => {
  const history = rising(2_000)
  expect(history).toHaveLength(60)
  const flood = new Map(Array.from({ length: 1_000 }, (_, index) => [`made-up/${index}`, 1] as const))
  expect(Object.keys(remember([], [id, "made-up/7"], flood, start)[0]?.inFlight ?? {})).toEqual(["made-up/7"])
})

test("a clock that went back adds nothing", () => {
  const history = rising(10)
  expect(remember(history, [id], new Map([[id, 99]]), start)).toBe(history)
})
