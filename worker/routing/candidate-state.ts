import type { CandidateHealth, CandidateSpeed, Observation } from "../../contract/provider-board.ts"

/** What is remembered of one candidate. Plain data: it is stored and sent as it is. */
export interface CandidateState extends CandidateHealth {
  /** The last response times of successes, oldest first; failures say nothing about speed. */
  readonly responseTimesMs: readonly number[]
}

export const keptResponseTimes = 100
const halfLifeMs = 60_000
const failuresUntilRest = 5
const firstRestMs = 4_000
const longestRestMs = 15_000
const longestAskedRestMs = 300_000

export const newHealth: CandidateHealth = { ok: 0, bad: 0, countedAt: 0, failuresInARow: 0, rests: 0, restUntil: 0 }
export const newCandidate: CandidateState = { ...newHealth, responseTimesMs: [] }

/** The state after one more attempt is known. */
export const observe = (state: CandidateState, observation: Observation, now: number): CandidateState => ({
  ...observeHealth(state, observation, now),
  responseTimesMs:
    observation.ok && observation.responseTimeMs !== undefined
      ? [...state.responseTimesMs, observation.responseTimeMs].slice(-keptResponseTimes)
      : state.responseTimesMs,
})

/** The part of `observe` that needs no list of times, so that an isolate can apply it to what it was sent. */
export const observeHealth = (health: CandidateHealth, observation: Observation, now: number): CandidateHealth => {
  const faded = fade(health, now)
  if (observation.ok) return afterSuccess(faded)
  if (observation.restMs !== undefined) return afterRefusal(faded, observation.restMs, Math.min(observation.at, now))
  return afterFailure(faded, now)
}

/** A success ends a rest for failures. A pause that was asked for stays: this answer was under way when it was asked. */
const afterSuccess = (health: CandidateHealth): CandidateHealth => ({
  ...health,
  ok: health.ok + 1,
  failuresInARow: 0,
  rests: 0,
  restUntil: health.restReason === "asked" ? health.restUntil : 0,
})

/**
 * A provider that asks to be left alone is busy, not broken: it rests, and its availability stays. The pause counts from
 * when it was asked for, so news that come late do not prolong it.
 */
const afterRefusal = (health: CandidateHealth, askedMs: number, askedAt: number): CandidateHealth => {
  const restUntil = askedAt + Math.min(askedMs, longestAskedRestMs)
  return restUntil > health.restUntil ? { ...health, restUntil, restReason: "asked" } : health
}

const afterFailure = (health: CandidateHealth, now: number): CandidateHealth => {
  const failed = { ...health, bad: health.bad + 1, failuresInARow: health.failuresInARow + 1 }
  // While it rests, failures of requests that were under way already do not prolong the rest.
  if (failed.failuresInARow < failuresUntilRest || now < health.restUntil) return failed
  const restMs = Math.min(longestRestMs, firstRestMs * 2 ** Math.min(health.rests, 10))
  return { ...failed, rests: health.rests + 1, restUntil: now + restMs, restReason: "failures" }
}

/** By the clock and never by the number of reports; a clock that went back fades nothing. */
const fade = (health: CandidateHealth, now: number): CandidateHealth => {
  const factor = 2 ** (-Math.max(0, now - health.countedAt) / halfLifeMs)
  return { ...health, ok: health.ok * factor, bad: health.bad * factor, countedAt: now }
}

/** (ok + 25) / (ok + bad + 25.1), of what is left of both now: near 1 until there is evidence to the contrary. */
export const availabilityOf = (health: CandidateHealth, now: number): number => {
  const { ok, bad } = fade(health, now)
  return (ok + 25) / (ok + bad + 25.1)
}

/** A list never changes, so its numbers are worked out once, however often it is looked at. */
const speeds = new WeakMap<readonly number[], CandidateSpeed>()

export const speedOf = ({ responseTimesMs: times }: Pick<CandidateState, "responseTimesMs">): CandidateSpeed => {
  const known = speeds.get(times)
  if (known !== undefined) return known
  const speed = measure(times)
  speeds.set(times, speed)
  return speed
}

const measure = (times: readonly number[]): CandidateSpeed => {
  const sorted = times.toSorted((a, b) => a - b)
  /** The smallest time that at least this share of all do not exceed. */
  const quantile = (share: number): number | undefined => sorted[Math.ceil(share * sorted.length) - 1]
  const [p50Ms, p95Ms] = [quantile(0.5), quantile(0.95)]
  if (p50Ms === undefined || p95Ms === undefined) return { responseTimeSamples: 0 }
  const responseTimeMs = times.reduce((sum, time) => sum + time, 0) / times.length
  return { responseTimeMs, responseTimeSamples: times.length, p50Ms, p95Ms }
}
