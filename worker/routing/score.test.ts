import { expect, test } from "vitest"
import { loadScore, planScore, responseTimeScore, selectionWeight } from "./score.ts"

const best = { accuracy: 1, responseTime: 1, availability: 1, load: 1 }

test("the selection weight is accuracy · 0.4 + response time · 0.3 + availability · 0.2 + load · 0.1", () => {
  expect(selectionWeight({ accuracy: 0.9, responseTime: 0.5, availability: 0.8, load: 0.3 })).toBeCloseTo(0.7, 12)
  expect(selectionWeight({ ...best, accuracy: 0 })).toBeCloseTo(0.6, 12)
  expect(selectionWeight({ ...best, responseTime: 0 })).toBeCloseTo(0.7, 12)
  expect(selectionWeight({ ...best, availability: 0 })).toBeCloseTo(0.8, 12)
  expect(selectionWeight({ ...best, load: 0 })).toBeCloseTo(0.9, 12)
})

test("the plan's score is accuracy · 0.6 + load · 0.4, and nothing else", () => {
  expect(planScore({ accuracy: 0.9, responseTime: 0, availability: 0, load: 0.3 })).toBeCloseTo(0.66, 12)
  expect(planScore({ ...best, responseTime: 0, availability: 0 })).toBeCloseTo(1, 12)
})

test.each([
  [0, 1],
  [3_000, 0.9],
  [15_000, 0.5],
  [30_000, 0],
  [90_000, 0],
])("an expected response time of %i ms scores %d", (expectedMs, score) => {
  expect(responseTimeScore(expectedMs)).toBeCloseTo(score, 12)
})

test.each([
  [0, 1],
  [25, 0.75],
  [100, 0],
  [1_000, 0],
])("%i requests in flight of a limit of 100 score %d", (inFlight, score) => {
  expect(loadScore(inFlight, 100)).toBeCloseTo(score, 12)
})

test("a term that is no number counts as the worst", () => {
  expect(responseTimeScore(Number.NaN)).toBe(0)
  expect(responseTimeScore(Number.POSITIVE_INFINITY)).toBe(0)
  expect(loadScore(0, 0)).toBe(0)
  expect(selectionWeight({ ...best, accuracy: Number.NaN })).toBeCloseTo(0.6, 12)
})
