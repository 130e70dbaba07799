import { expect, test } from "vitest"
import type { CandidateSpeed, Snapshot } from "../../contract/provider-board.ts"
import { unknownView } from "./rank-candidates.ts"
import { estimateResponseTimeMs, isMeasured } from "./estimate-response-time.ts"

const model = "some-model"
const empty: Snapshot = { at: 0, candidates: {} }
const knowing = (id: string, speed: CandidateSpeed): Snapshot => ({
  at: 0,
  candidates: { [id]: { ...unknownView, ...speed } },
})

test.each([
  ["openai", 13_000],
  ["anthropic", 11_000],
  ["google", 12_000],
  // As slow as the slowest of the three, whatever it is called.
  ["workshop", 13_000],
  ["constructor", 13_000],
])("before anything is known, %s is expected to take the published %i ms", (provider, expectedMs) => {
  expect(estimateResponseTimeMs({ provider, model }, empty)).toBe(expectedMs)
  expect(isMeasured({ provider, model }, empty)).toBe(false)
})

test("once there is one, the candidate's own median counts, not its mean", () => {
  const snapshot = knowing("openai/some-model", {
    responseTimeMs: 9_000,
    responseTimeSamples: 3,
    p50Ms: 2_500,
    p95Ms: 20_000,
  })
  expect(estimateResponseTimeMs({ provider: "openai", model }, snapshot)).toBe(2_500)
  expect(isMeasured({ provider: "openai", model }, snapshot)).toBe(true)
})

test("another candidate's times, and failures alone, measure nothing", () => {
  const other = knowing("openai/other-model", { responseTimeMs: 1, responseTimeSamples: 1, p50Ms: 1, p95Ms: 1 })
  const failedOnly = knowing("openai/some-model", { responseTimeSamples: 0 })
  for (const snapshot of [other, failedOnly]) {
    expect(estimateResponseTimeMs({ provider: "openai", model }, snapshot)).toBe(13_000)
    expect(isMeasured({ provider: "openai", model }, snapshot)).toBe(false)
  }
})
