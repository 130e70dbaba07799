import { expect, test } from "vitest"
import type { Reading } from "../sample.ts"
import { believe } from "./believe.ts"

const nowMs = 1_800_000_000_000
const options = { past: [], nowMs, scrapeS: 15 }
const reading = (value: unknown, ageS = 5): Reading => ({
  kind: "sample",
  sample: { value, measuredAtMs: nowMs - ageS * 1_000, readAtMs: nowMs, source: "prometheus" },
})
const signal = { most: 1_000 }

test.each([
  [12.5, 12.5],
  ["12.5", 12.5],
  ["1e2", 100],
  [0, 0],
])("believes %j", (value, expected) => {
  expect(believe(reading(value), signal, options)).toMatchObject({ believed: true, sample: { value: expected } })
})

test.each([
  [Number.NaN, "not-a-number"],
  [null, "not-a-number"],
  [undefined, "not-a-number"],
  ["", "not-a-number"],
  ["NaN", "not-a-number"],
  ["+Inf", "not-a-number"],
  [[], "not-a-number"],
  [[3], "not-a-number"],
  [true, "not-a-number"],
  [Number.POSITIVE_INFINITY, "not-a-number"],
  [-1, "implausible"],
  [1e308, "implausible"],
])("does not believe %j", (value, code) => {
  expect(believe(reading(value), signal, options)).toMatchObject({ believed: false, code })
})

test("believes what is two scrapes and 30 s old, and nothing older, nor from the future", () => {
  expect(believe(reading(1, 60), signal, options).believed).toBe(true)
  expect(believe(reading(1, 61), signal, options)).toMatchObject({ code: "stale" })
  expect(believe(reading(1, -61), signal, options)).toMatchObject({ code: "stale" })
})

test("a fraction that repeats to the last digit for minutes, and moved before, is frozen; a whole number may stand still", () => {
  const past = [
    { atMs: nowMs - 400_000, value: 3.2 },
    ...Array.from({ length: 10 }, (_, i) => ({ atMs: nowMs - 350_000 + i * 30_000, value: 4.7 })),
  ]
  expect(believe(reading(4.7), signal, { ...options, past })).toMatchObject({ believed: false, code: "frozen" })
  expect(believe(reading(4.71), signal, { ...options, past }).believed).toBe(true)
  const whole = past.map((each) => ({ ...each, value: Math.ceil(each.value) }))
  expect(believe(reading(5), signal, { ...options, past: whole }).believed).toBe(true)
  // The second source is another one.
  expect(believe(reading(4.7), signal, { ...options, past, isFallback: true }).believed).toBe(true)
})

test("says what it was, never what it held", () => {
  const belief = believe(reading("secret-token"), signal, options)
  expect(belief).toMatchObject({ reason: "prometheus gave a text, which is no number" })
})
