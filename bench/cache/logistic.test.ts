import { expect, test } from "vitest"
import { fitLogistic, scoreRow } from "./logistic.ts"
import { monotoneBins } from "./monotone-bins.ts"
import { seeded } from "./random.ts"

const random = seeded(1)
const rows = Array.from({ length: 4_000 }, () => [random() * 4 - 2, random()] as const)
const labels = rows.map(([x]) => random() < 1 / (1 + Math.exp(-(0.5 + 2 * x))))

test("finds the weights that made the labels", () => {
  const [intercept = 0, ofX = 0, ofNoise = 0] = fitLogistic(rows, labels)
  expect(intercept).toBeCloseTo(0.5, 0)
  expect(ofX).toBeGreaterThan(1.7)
  expect(ofX).toBeLessThan(2.3)
  expect(Math.abs(ofNoise)).toBeLessThan(0.4)
})

test("adds only what the offsets do not know", () => {
  const offsets = rows.map(([x]) => 0.5 + 2 * x)
  const [, ofX = 0] = fitLogistic(rows, labels, { offsets })
  expect(Math.abs(ofX)).toBeLessThan(0.3)
})

test("scores a row", () => {
  expect(scoreRow([1, 2, 3], [10, 100])).toBe(321)
})

test("bins count every pair once, and a higher bin is never less often right", () => {
  const scored = rows.map(([x], index) => ({ score: x, right: labels[index] === true }))
  const bins = monotoneBins(scored, 100)
  expect(bins.reduce((sum, { right, wrong }) => sum + right + wrong, 0)).toBe(4_000)
  expect(bins[0]?.from).toBe(Number.NEGATIVE_INFINITY)
  const shares = bins.map(({ right, wrong }) => right / (right + wrong))
  expect(shares).toEqual(shares.toSorted((one, other) => one - other))
  expect(bins.length).toBeGreaterThan(5)
})
