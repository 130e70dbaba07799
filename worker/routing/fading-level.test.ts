import { expect, test } from "vitest"
import type { FadingLevel } from "../../contract/candidate-health.ts"
import { addLowerBound, addValue, expectedValue, newLevel, unusualValue } from "./fading-level.ts"

const start = 1_000_000
/** The level after one value each `everyMs`. */
const fed = (value: number, count: number, everyMs = 100, from: FadingLevel = newLevel(3_000), at = start) => {
  let level = from
  for (let index = 0; index < count; index++) level = addValue(level, value, at + index * everyMs)
  return { level, now: at + (count - 1) * everyMs }
}

test("what was never measured is taken for what is expected of it", () => {
  expect(expectedValue(newLevel(3_000), start)).toBeCloseTo(3_000, 6)
})

test("after many equal values, that value is expected, and one far above it is unusual", () => {
  const { level, now } = fed(800, 300)
  expect(expectedValue(level, now)).toBeGreaterThan(790)
  expect(expectedValue(level, now)).toBeLessThan(830)
  expect(unusualValue(level, now)).toBeGreaterThan(800)
  expect(unusualValue(level, now)).toBeLessThan(1_300)
})

test("a slowdown shows within seconds", () => {
  const usual = fed(800, 300)
  const slowed = fed(4_000, 30, 100, usual.level, usual.now + 100)
  expect(expectedValue(slowed.level, slowed.now)).toBeGreaterThan(1_400)
})

test("the worse of both levels counts: a recovery is believed only when the slow one follows", () => {
  const slow = fed(4_000, 300)
  const recovered = fed(800, 20, 100, slow.level, slow.now + 100)
  expect(expectedValue(recovered.level, recovered.now)).toBeGreaterThan(2_500)
})

test("after a silence the usual is expected again, so that what was slow is tried anew", () => {
  const usual = fed(800, 200)
  const slowed = fed(20_000, 20, 100, usual.level, usual.now + 100)
  expect(expectedValue(slowed.level, slowed.now + 300_000)).toBeLessThan(3_000)
})

test("that nothing came within some time is learned before the value is there", () => {
  const usual = fed(800, 100)
  const waiting = [1, 2, 3].reduce((level) => addLowerBound(level, 10_000, usual.now + 500), usual.level)
  expect(expectedValue(waiting, usual.now + 500)).toBeGreaterThan(expectedValue(usual.level, usual.now) * 1.05)
  expect(addLowerBound(usual.level, 10, usual.now)).toBe(usual.level)
})

test("one value in the tail hardly moves the spread", () => {
  const usual = fed(800, 200)
  const after = addValue(usual.level, 200_000, usual.now)
  expect(unusualValue(after, usual.now)).toBeLessThan(2 * unusualValue(usual.level, usual.now))
})

test("a clock that goes back, zero and huge values leave every number finite", () => {
  let level = newLevel(3_000)
  for (const [value, at] of [
    [0, start],
    [1e12, start - 90_000],
    [-5, start - 1],
    [700, start + 1e9],
  ] as const) {
    level = addValue(level, value, at)
  }
  for (const number of [...Object.values(level), expectedValue(level, 0), unusualValue(level, 1e15)]) {
    expect(Number.isFinite(number)).toBe(true)
  }
})
