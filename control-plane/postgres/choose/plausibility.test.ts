import { expect, test } from "vitest"
import { plausibility } from "./plausibility.ts"

test("constants that give as many rows as were counted are plausible, others the less the further off they are", () => {
  expect(plausibility({ rows: 9 }, 9)).toBe(1)
  expect(plausibility({ rows: 19 }, 9)).toBeCloseTo(0.5)
  expect(plausibility({ rows: 4 }, 9)).toBeCloseTo(0.5)
  expect(plausibility({ rows: 100_000 }, 4)).toBeLessThan(0.001)
})

test("of a statement that mostly stops at its LIMIT any constants are that would give as many", () => {
  const limit = { rows: 20, costWithout: 1 }
  expect(plausibility({ rows: 100_000, limit }, 20)).toBe(1)
  expect(plausibility({ rows: 2, limit }, 20)).toBeLessThan(0.2)
  expect(plausibility({ rows: 100_000, limit }, 2)).toBeLessThan(0.001)
})
