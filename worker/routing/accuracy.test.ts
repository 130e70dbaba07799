import { expect, test } from "vitest"
import { accuracySpread, accuracyOf, addRating, noRatings, priorAccuracy } from "./accuracy.ts"
import { accuracyLimits, addRatings } from "./accuracy-table.ts"
import type { AccuracyTable } from "./accuracy-table.ts"
import type { Ratings } from "./accuracy.ts"

const rated = (scores: readonly number[]) => scores.reduce((counts, score) => addRating(counts, score), noRatings)
const times = (count: number, score: number): readonly number[] => Array.from({ length: count }, () => score)
const ratings = (scores: readonly number[], queryType = "count"): Ratings =>
  addRatings(
    {},
    scores.map((score) => ({ candidate: "p/m", queryType, score, at: 0 })),
  )["p/m"] ?? {}

test("a model that nobody rated is taken to be right as often as the prior says", () => {
  expect(accuracyOf({}, "count")).toBe(priorAccuracy)
  expect(priorAccuracy).toBe(0.85)
})

test("ratings move it, ten of them as much as the prior", () => {
  expect(accuracyOf({ count: rated(times(10, 1)) }, "count")).toBeCloseTo((8.5 + 10) / 20)
  expect(accuracyOf({ count: rated([0.5]) }, "count")).toBeCloseTo((8.5 + 0.5) / 11)
})

test("what is learned of one type is the first guess for another, and no more than that", () => {
  const poor = ratings(times(40, 0))
  expect(accuracyOf(poor, "ocr")).toBeCloseTo(8.5 / 50)
  expect(accuracyOf(poor, "count")).toBeLessThan(accuracyOf(poor, "ocr"))
})

test("what was rated long ago is forgotten: after 1,500 wrong ones hardly anything is left of 500 right ones", () => {
  const counts = rated([...times(500, 1), ...times(1_500, 0)])
  expect(counts.right + counts.wrong).toBeCloseTo(500)
  expect(accuracyOf({ count: counts }, "count")).toBeLessThan(0.07)
})

test("a rating that is changed takes the earlier one's place, and never makes less than nothing", () => {
  expect(addRating(rated([1, 1, 0]), 0, 1)).toEqual(rated([1, 0, 0]))
  expect(addRating(noRatings, 0, 1)).toEqual({ right: 0, wrong: 1 })
})

test("what is little known is drawn from a wider range than what is well known", () => {
  const [unknown, known] = [accuracySpread(0.85), accuracySpread(0.85, { right: 425, wrong: 75 })]
  expect(unknown).toBeGreaterThan(0.015)
  expect(unknown).toBeLessThan(0.03)
  expect(known).toBeLessThan(unknown / 4)
})

test("the table is bounded: those rated last stay", () => {
  const flood = Array.from({ length: 300 }, (_, index) => ({
    candidate: `made-up/${index % 150}`,
    queryType: `type_${index}`,
    score: 1,
    at: 0,
  }))
  const table = addRatings({}, [...flood, ...flood.map((rating) => ({ ...rating, candidate: "made-up/0" }))])
  expect(Object.keys(table)).toHaveLength(accuracyLimits.candidates)
  expect(Object.keys(table["made-up/0"] ?? {})).toHaveLength(accuracyLimits.queryTypes)
  expect(table["made-up/0"]).toHaveProperty("type_299")
})

test("a table changes nothing in the one it was made from", () => {
  const before: AccuracyTable = { "openai/gpt-4o": { count: { right: 3, wrong: 1 } } }
  const copy = structuredClone(before)
  addRatings(before, [{ candidate: "openai/gpt-4o", queryType: "count", score: 0, at: 0 }])
  expect(before).toEqual(copy)
})
