import { expect, test } from "vitest"
import type { Snapshot, TypicalTime } from "../../contract/provider-board.ts"
import { estimateAll, estimateResponseTime } from "./estimate-response-time.ts"
import type { Estimate } from "./estimate-response-time.ts"
import { unknownView } from "./rank-candidates.ts"
import { requestKind } from "./request-kind.ts"
import { snapshotAt } from "./testing.ts"

const model = "some-model"
const openai = { provider: "openai", model }
const knowing = (typical: Readonly<Record<string, TypicalTime>>): Snapshot =>
  snapshotAt(0, { "openai/some-model": { ...unknownView, typical } })
const times = (p50Ms: number, samples: number): TypicalTime => ({ p50Ms, p90Ms: p50Ms * 3, samples })
const measured = (p50Ms: number, p90Ms: number): Estimate => ({ p50Ms, p90Ms, basis: "measured" })

test.each([
  ["openai", 13_000],
  ["anthropic", 11_000],
  ["google", 12_000],
  // As slow as the slowest of the three, whatever it is called.
  ["workshop", 13_000],
  ["constructor", 13_000],
])("before anything is known, %s is expected to take the published %i ms", (provider, expectedMs) => {
  const published = { p50Ms: expectedMs, p90Ms: expectedMs, basis: "prior" }
  expect(estimateResponseTime({ provider, model }, "count/small/short", snapshotAt(0, {}))).toEqual(published)
})

test("what is known of this kind of request counts, once there are enough answers of it", () => {
  const known = { "": times(4_000, 300), "count/small/short": times(1_500, 20), "ocr/large/long": times(9_000, 19) }
  expect(estimateResponseTime(openai, "count/small/short", knowing(known))).toEqual(measured(1_500, 4_500))
  expect(estimateResponseTime(openai, "ocr/large/long", knowing(known))).toEqual(measured(4_000, 12_000))
  expect(estimateResponseTime(openai, "table/large/long", knowing(known))).toEqual(measured(4_000, 12_000))
})

test("four answers in all are too few, and another candidate's say nothing", () => {
  expect(estimateResponseTime(openai, "count/small/short", knowing({ "": times(1_000, 4) })).basis).toBe("prior")
  const other = { provider: "openai", model: "other" }
  expect(estimateResponseTime(other, "count/small/short", knowing({ "": times(1_000, 400) })).basis).toBe("prior")
})

test("to wait for three alike takes longer than for one, by their distributions", () => {
  const one = measured(1_000, 3_000)
  const three = estimateAll([one, one, one])
  // Half of the time all three are within p: p³ = 0.5, which is the 79th percentile of each.
  expect(three.p50Ms).toBeGreaterThan(1_900)
  expect(three.p50Ms).toBeLessThan(2_200)
  expect(three.p90Ms).toBeGreaterThan(4_000)
  expect(estimateAll([one])).toBe(one)
})

test("whoever is clearly the slowest decides, and one that is only guessed makes the whole a guess", () => {
  const slow = measured(20_000, 25_000)
  const both = estimateAll([measured(500, 900), slow])
  expect(both.p50Ms / slow.p50Ms).toBeCloseTo(1, 1)
  expect(both.p90Ms / slow.p90Ms).toBeCloseTo(1, 1)
  expect(estimateAll([slow, { ...slow, basis: "prior" }]).basis).toBe("prior")
})

test("a kind is the query type, how much there is to see, and how long the answer may be", () => {
  const kind = { queryType: "count", pixels: 1_000_001, mostOutputTokens: 300 }
  expect(requestKind(kind)).toBe("count/medium/short")
  expect(requestKind({ ...kind, pixels: 9e6, mostOutputTokens: undefined })).toBe("count/large/unbounded")
})
