import type { CandidateView, Observation } from "../../contract/provider-board.ts"

/** What is remembered of one candidate. Plain data: it is stored and sent as it is. */
export interface CandidateState {
  /** The last response times of successes, oldest first; failures say nothing about speed. */
  readonly responseTimesMs: readonly number[]
  /** Successes and failures, fading with `countedAt`. */
  readonly ok: number
  readonly bad: number
  readonly countedAt: number
  readonly failuresInARow: number
  /** How often in a row it was sent to rest for failing; each rest is twice as long. */
  readonly rests: number
  /** Milliseconds since the epoch; 0 when it was never sent to rest. */
  readonly restUntil: number
  readonly restReason?: string
}

export const keptResponseTimes = 100
const halfLifeMs = 60_000
const failuresUntilRest = 5
const firstRestMs = 4_000
const longestRestMs = 15_000
const longestAskedRestMs = 300_000

export const newCandidate: CandidateState = {
  responseTimesMs: [],
  ok: 0,
  bad: 0,
  countedAt: 0,
  failuresInARow: 0,
  rests: 0,
  restUntil: 0,
}

/** The state after one more attempt is known. */
export const observe = (state: CandidateState, observation: Observation, now: number): CandidateState => {
  const faded = fade(state, now)
  if (observation.ok) return afterSuccess(faded, observation)
  if (observation.restMs !== undefined) return afterRefusal(faded, observation.restMs, now)
  return afterFailure(faded, now)
}

const afterSuccess = (state: CandidateState, { responseTimeMs }: Observation): CandidateState => {
  const { restReason: _, ...awake } = state
  const times = responseTimeMs === undefined ? [] : [responseTimeMs]
  return {
    ...awake,
    responseTimesMs: [...state.responseTimesMs, ...times].slice(-keptResponseTimes),
    ok: state.ok + 1,
    failuresInARow: 0,
    rests: 0,
    restUntil: 0,
  }
}

/** A provider that asks to be left alone is busy, not broken: it rests, and its availability stays. */
const afterRefusal = (state: CandidateState, askedMs: number, now: number): CandidateState => ({
  ...state,
  restUntil: Math.max(state.restUntil, now + Math.min(askedMs, longestAskedRestMs)),
  restReason: "it asked for a pause",
})

const afterFailure = (state: CandidateState, now: number): CandidateState => {
  const failed = { ...state, bad: state.bad + 1, failuresInARow: state.failuresInARow + 1 }
  // While it rests, failures of requests that were under way already do not prolong the rest.
  if (failed.failuresInARow < failuresUntilRest || now < state.restUntil) return failed
  const restMs = Math.min(longestRestMs, firstRestMs * 2 ** Math.min(state.rests, 10))
  return {
    ...failed,
    rests: state.rests + 1,
    restUntil: now + restMs,
    restReason: `it failed ${failed.failuresInARow} times in a row`,
  }
}

/** Old news fades with a half-life of a minute, by the clock and never by the number of reports. */
const fade = (state: CandidateState, now: number): CandidateState => {
  const factor = 2 ** (-Math.max(0, now - state.countedAt) / halfLifeMs)
  return { ...state, ok: state.ok * factor, bad: state.bad * factor, countedAt: now }
}

/** What others need to know of it now. */
export const viewOf = (state: CandidateState, inFlightElsewhere: number, now: number): CandidateView => {
  const { ok, bad } = fade(state, now)
  const { responseTimesMs: times, failuresInARow, restUntil, restReason } = state
  const sorted = times.toSorted((a, b) => a - b)
  const quantile = (share: number): number | undefined =>
    sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))]
  const [p50Ms, p95Ms] = [quantile(0.5), quantile(0.95)]
  return {
    inFlightElsewhere,
    ...(times.length === 0 ? {} : { responseTimeMs: times.reduce((sum, time) => sum + time, 0) / times.length }),
    responseTimeSamples: times.length,
    ...(p50Ms === undefined ? {} : { p50Ms }),
    ...(p95Ms === undefined ? {} : { p95Ms }),
    ok,
    bad,
    failuresInARow,
    restUntil,
    ...(restReason === undefined ? {} : { restReason }),
  }
}

/** (ok + 25) / (ok + bad + 25.1): near 1 until there is evidence to the contrary. */
export const availabilityOf = ({ ok, bad }: Pick<CandidateView, "ok" | "bad">): number => (ok + 25) / (ok + bad + 25.1)
