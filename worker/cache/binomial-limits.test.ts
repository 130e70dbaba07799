import { expect, test } from "vitest"
import { lowerLimit, upperLimit } from "./binomial-limits.ts"

test.each([
  // The rule of three: no failure in n trials bounds the share of failures by about 3/n.
  [0, 150, 1 - 0.05 ** (1 / 150)],
  [0, 20, 1 - 0.05 ** (1 / 20)],
  // Solved from the sum of the binomial distribution.
  [1, 99, 0.04655981],
  [5, 95, 0.10225338],
  [50, 50, 0.58637829],
  [3, 7, 0.60662422],
])("%d failures beside %d successes are at most a share of %f", (failures, successes, limit) => {
  expect(upperLimit(failures, successes)).toBeCloseTo(limit, 6)
  expect(lowerLimit(successes, failures)).toBeCloseTo(1 - limit, 6)
})

test("nothing is known without trials, or where all failed", () => {
  expect(lowerLimit(0, 0)).toBe(0)
  expect(upperLimit(0, 0)).toBe(1)
  expect(lowerLimit(0, 10)).toBe(0)
  expect(upperLimit(10, 0)).toBe(1)
})

test("many trials bring the limits close to the share", () => {
  expect(lowerLimit(9_900, 100)).toBeGreaterThan(0.988)
  expect(lowerLimit(9_900, 100)).toBeLessThan(0.99)
})
