import { expect, test } from "vitest"
import type { Observation } from "../../contract/provider-board.ts"
import { availabilityOf, newCandidate, observe, speedOf } from "./candidate-state.ts"
import type { CandidateState } from "./candidate-state.ts"

const start = 1_000_000
const candidate = "openai/gpt-4o"
const success = (responseTimeMs = 1_000): Observation => ({ candidate, ok: true, responseTimeMs, at: start })
const failure: Observation = { candidate, ok: false, at: start }
const refusal = (restMs: number, at = start): Observation => ({ candidate, ok: false, restMs, at })

const after = (observations: readonly Observation[], now = start, state = newCandidate): CandidateState =>
  observations.reduce((before, observation) => observe(before, observation, now), state)
const times = <T>(count: number, value: T): readonly T[] => Array.from({ length: count }, () => value)

test("four failures in a row are borne, the fifth brings a rest of 4 s", () => {
  expect(after(times(4, failure)).restUntil).toBe(0)
  expect(after(times(5, failure))).toMatchObject({
    restUntil: start + 4_000,
    restReason: "failures",
    failuresInARow: 5,
  })
})

test("each further rest is twice as long, up to 15 s", () => {
  let state = after(times(5, failure))
  const rests: number[] = []
  for (let now = state.restUntil; rests.length < 4; now = state.restUntil) {
    state = observe(state, failure, now)
    rests.push(state.restUntil - now)
  }
  expect(rests).toEqual([8_000, 15_000, 15_000, 15_000])
})

test("failures of requests that were under way do not prolong a rest", () => {
  const resting = after(times(5, failure))
  expect(after(times(20, failure), start + 3_999, resting).restUntil).toBe(start + 4_000)
})

test("a success ends the rest, the row and the doubling", () => {
  const failedAgain = observe(after(times(5, failure)), failure, start + 4_000)
  const recovered = observe(failedAgain, success(), start + 5_000)
  expect(recovered).toMatchObject({ restUntil: 0, failuresInARow: 0, rests: 0 })
  expect(after(times(5, failure), start + 6_000, recovered).restUntil).toBe(start + 10_000)
})

test("a pause that was asked for is kept, up to 5 minutes, and is no failure", () => {
  const asked = after([refusal(30_000)])
  expect(asked).toMatchObject({ restUntil: start + 30_000, restReason: "asked", failuresInARow: 0, bad: 0 })
  expect(availabilityOf(asked, start)).toBe(availabilityOf(newCandidate, start))
  expect(after([refusal(3_600_000)]).restUntil).toBe(start + 300_000)
})

test("a success that was under way does not end a pause that was asked for", () => {
  expect(after([refusal(30_000), success()]).restUntil).toBe(start + 30_000)
})

test("a shorter pause does not shorten a longer rest", () => {
  expect(after([refusal(30_000), refusal(1_000)]).restUntil).toBe(start + 30_000)
  expect(after([...times(5, failure), refusal(1_000)])).toMatchObject({
    restUntil: start + 4_000,
    restReason: "failures",
  })
})

test("a pause counts from when it was asked for, and never from a time to come", () => {
  expect(observe(newCandidate, refusal(5_000, start), start + 3_000).restUntil).toBe(start + 5_000)
  expect(observe(newCandidate, refusal(5_000, start + 99_000), start).restUntil).toBe(start + 5_000)
})

test("availability is (ok + 25) / (ok + bad + 25.1)", () => {
  expect(availabilityOf(newCandidate, start)).toBeCloseTo(25 / 25.1, 12)
  expect(availabilityOf(after([...times(10, success()), ...times(5, failure)]), start)).toBeCloseTo(35 / 40.1, 12)
})

test("old news count half after a minute, however often it was looked at", () => {
  const failed = after(times(4, failure))
  const visited = after(
    times(0, failure),
    start + 30_000,
    observe(failed, { ...refusal(0), at: start }, start + 30_000),
  )
  expect(availabilityOf(failed, start + 60_000)).toBeCloseTo(25 / 27.1, 12)
  expect(availabilityOf(visited, start + 60_000)).toBeCloseTo(25 / 27.1, 12)
})

test("a clock that went back makes nothing younger", () => {
  const failed = after(times(4, failure))
  expect(availabilityOf(failed, start - 60_000)).toBe(availabilityOf(failed, start))
})

test("speed is that of the last 100 successes", () => {
  const state = after([success(90_000), ...Array.from({ length: 100 }, (_, index) => success(index + 1))])
  expect(speedOf(state)).toEqual({ responseTimeMs: 50.5, responseTimeSamples: 100, p50Ms: 50, p95Ms: 95 })
})

test("a provider that fails fast does not look fast", () => {
  const quickFailure: Observation = { candidate, ok: false, responseTimeMs: 80, at: start }
  expect(speedOf(after([success(2_000), quickFailure]))).toMatchObject({
    responseTimeMs: 2_000,
    responseTimeSamples: 1,
  })
})

test("nothing is said about speed before the first success", () => {
  expect(speedOf(after(times(3, failure)))).toEqual({ responseTimeSamples: 0 })
})
