import { expect, test } from "vitest"
import type { CandidateHealth } from "../../contract/candidate-health.ts"
import type { Observation } from "../../contract/provider-board.ts"
import { availabilityOf, newHealth, observe } from "./candidate-state.ts"
import { expectedValue } from "./fading-level.ts"

const start = 1_000_000
const candidate = "openai/gpt-4o"
const success = (firstTokenMs = 1_000, at = start): Observation => ({ candidate, ok: true, firstTokenMs, at })
const failure: Observation = { candidate, ok: false, at: start }
const refusal = (restMs: number, at = start): Observation => ({ candidate, ok: false, restMs, at })

const after = (observations: readonly Observation[], now = start, health = newHealth): CandidateHealth =>
  observations.reduce((before, observation) => observe(before, observation, now), health)
const times = <T>(count: number, value: T): readonly T[] => Array.from({ length: count }, () => value)

test("availability is (ok + 25) / (ok + bad + 25.1)", () => {
  expect(availabilityOf(newHealth, start)).toBeCloseTo(25 / 25.1, 12)
  expect(availabilityOf(after([...times(10, success()), ...times(4, failure)]), start)).toBeCloseTo(35 / 39.1, 12)
})

test("old news count half after a minute, however often it was looked at", () => {
  const failed = after(times(4, failure))
  const visited = observe(failed, { ...success(), continues: true }, start + 30_000)
  expect(availabilityOf(failed, start + 60_000)).toBeCloseTo(25 / 27.1, 12)
  expect(availabilityOf(visited, start + 60_000)).toBeCloseTo(25 / 27.1, 12)
})

test("a clock that went back makes nothing younger", () => {
  const failed = after(times(4, failure))
  expect(availabilityOf(failed, start - 60_000)).toBe(availabilityOf(failed, start))
})

test("a success counts at its first token, and its end is not counted again", () => {
  const begun = after([success()])
  const ended = after([{ ...success(), continues: true, responseTimeMs: 5_000, outputTokens: 200 }], start, begun)
  expect([begun.ok, ended.ok]).toEqual([1, 1])
  expect(expectedValue(ended.perToken, start)).not.toBe(expectedValue(begun.perToken, start))
})

test("an answer that breaks off after its first token is a success and a failure", () => {
  const { ok, bad } = after([success(), { ...failure, continues: true }])
  expect([ok, bad]).toEqual([1, 1])
})

test("time per token is learned from whole answers of some length", () => {
  const whole = (outputTokens: number): Observation => ({ ...success(1_000), responseTimeMs: 11_000, outputTokens })
  expect(expectedValue(after(times(200, whole(500))).perToken, start)).toBeGreaterThan(19)
  expect(expectedValue(after(times(200, whole(500))).perToken, start)).toBeLessThan(23)
  expect(after([whole(3)]).perToken).toBe(newHealth.perToken)
})

test("a provider that fails fast does not look fast", () => {
  const quickFailure: Observation = { ...failure, responseTimeMs: 80 }
  expect(after(times(4, quickFailure)).firstToken).toBe(newHealth.firstToken)
})

test("a pause that was asked for is no failure, and does not end with an answer that was under way", () => {
  const asked = after([refusal(30_000), success()])
  expect(asked).toMatchObject({ bad: 0, pause: { until: start + 30_000 }, breaker: { state: "closed" } })
  expect(availabilityOf(after([refusal(30_000)]), start)).toBe(availabilityOf(newHealth, start))
})

test("a pause counts never from a time to come", () => {
  expect(observe(newHealth, refusal(5_000, start + 99_000), start).pause.until).toBe(start + 5_000)
  expect(observe(newHealth, refusal(5_000, start), start + 3_000).pause.until).toBe(start + 5_000)
})

test("silence is neither success nor failure; three in a row cut the candidate off", () => {
  const silent: Observation = { candidate, ok: false, silentMs: 4_000, at: start }
  const twice = after([silent, silent])
  expect(twice).toMatchObject({ ok: 0, bad: 0, breaker: { state: "closed" } })
  expect(after([silent], start, twice).breaker).toMatchObject({ state: "open", why: "no_first_token" })
})

test("an answer to a request from before the breaker opened does not close it", () => {
  const open = after(times(5, failure))
  const late = after(times(3, success(10_000, start + 2_000)), start + 2_000, open)
  expect(late.breaker.state).toBe("open")
  const probes = after(times(2, success(1_000, start + 6_000)), start + 6_000, open)
  expect(probes.breaker.state).toBe("ramp")
})

test("headers that say that little is left of the quota spare the candidate", () => {
  const low = after([{ ...success(), quotaLeft: 0.05, quotaResetMs: 8_000 }])
  expect(low.pause.quotaLowUntil).toBe(start + 8_000)
})

test("a state can be written down and read back", () => {
  const state = after([success(), ...times(5, failure), refusal(1_000)])
  expect(JSON.parse(JSON.stringify(state))).toEqual(state)
})
