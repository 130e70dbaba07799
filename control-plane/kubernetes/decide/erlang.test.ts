import { expect, test } from "vitest"
import { lateShare, replicasFor } from "./erlang.ts"

test("Erlang's C formula: the tables' values", () => {
  // One server half busy waits half of the time; ten servers with 8 erlangs: 0.4092 (Erlang C tables).
  expect(lateShare(1, 0.5, 1, 0)).toBeCloseTo(0.5, 6)
  expect(lateShare(10, 8, 1, 0)).toBeCloseTo(0.4092, 3)
  expect(lateShare(10, 8, 1, 2)).toBeCloseTo(0.4092 * Math.exp(-4), 3)
})

test("an overloaded station makes everybody wait, an idle one nobody", () => {
  expect(lateShare(4, 5, 1, 2)).toBe(1)
  expect(lateShare(4, 0, 1, 2)).toBe(0)
})

test("takes the fewest replicas that keep the budget, and no more than there may be", () => {
  const rules = { slots: 4, waitS: 2, late: 0.01, most: 50 }
  const replicas = replicasFor({ ratePerS: 10, serviceS: 2 }, rules)
  expect(lateShare(replicas * 4, 10, 2, 2)).toBeLessThanOrEqual(0.01)
  expect(lateShare((replicas - 1) * 4, 10, 2, 2)).toBeGreaterThan(0.01)
  expect(replicasFor({ ratePerS: 1e308, serviceS: 1e300 }, rules)).toBe(50)
})
