import { expect, test } from "vitest"
import { drawPace } from "./latency.ts"
import { seededRandom } from "./seeded.ts"

const firstTokens = (inputTokens: number) =>
  Array.from({ length: 500 }, (_, index) => drawPace("openai", inputTokens, seededRandom(`${index}`)).firstTokenMs)

const median = (values: readonly number[]) => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0

test("the same seed draws the same pace", () => {
  expect(drawPace("google", 900, seededRandom("s"))).toEqual(drawPace("google", 900, seededRandom("s")))
  expect(drawPace("google", 900, seededRandom("s"))).not.toEqual(drawPace("google", 900, seededRandom("t")))
})

test("most answers of 150 tokens take 0.4 to 1.5 seconds", () => {
  const totals = Array.from({ length: 500 }, (_, index) => {
    const pace = drawPace("openai", 1500, seededRandom(`${index}`))
    return pace.firstTokenMs + 150 * pace.perTokenMs
  })
  expect(totals.filter((ms) => ms >= 400 && ms <= 1500).length).toBeGreaterThan(490)
})

test("a long prompt delays the first token", () => {
  expect(median(firstTokens(14_000)) - median(firstTokens(0))).toBeCloseTo(280)
})
