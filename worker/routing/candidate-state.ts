import type { CandidateHealth, FadingLevel, OutcomeCounts } from "../../contract/candidate-health.ts"
import type { Observation } from "../../contract/provider-board.ts"
import { afterBad, afterGood, afterLate, newBreaker } from "./breaker.ts"
import { addLowerBound, addValue, newLevel } from "./fading-level.ts"
import { afterQuota, afterRefusal, noPause } from "./pause.ts"

/** How one candidate does, after each thing that is observed of it. Isolates and the shared book apply the same rule. */

const halfLifeMs = 60_000
const recentLifeMs = 10_000
/** What a candidate that was never asked is expected to take to its first token. */
const unseenFirstTokenMs = 3_000
const unseenPerTokenMs = 15
/** How long no first token must have come of any request; what other isolates saw is known a second or two later. */
const quietMs = 2_000
/** Fewer tokens say more about the network than about the model. */
const fewestTokens = 8

export const newHealth: CandidateHealth = {
  ok: 0,
  bad: 0,
  recentOk: 0,
  recentBad: 0,
  countedAt: 0,
  firstToken: newLevel(unseenFirstTokenMs),
  lastFirstTokenAt: 0,
  perToken: newLevel(unseenPerTokenMs),
  breaker: newBreaker,
  pause: noPause,
}

/** The health after one more observation is known. */
export const observe = (health: CandidateHealth, observation: Observation, now: number): CandidateHealth => {
  // News may come late, but never from a time to come.
  const at = Math.min(observation.at, now)
  if (observation.silentMs !== undefined) return afterSilence(health, observation.silentMs, at, now)
  if (observation.restMs !== undefined) {
    return { ...health, pause: afterRefusal(health.pause, observation.restMs, at) }
  }
  const { quotaLeft, quotaResetMs } = observation
  const pause = quotaLeft === undefined ? health.pause : afterQuota(health.pause, quotaLeft, quotaResetMs, at)
  const known = { ...health, pause, perToken: paceAfter(health.perToken, observation, now) }
  if (!observation.ok) return afterFailure(known, observation, at, now)
  return observation.continues === true ? known : afterFirstToken(known, observation, at, now)
}

/**
 * Nothing came in time; that it takes at least so long is learned before the answer is there, if it ever is. As long as
 * first tokens of others come, a silence is a queue and nothing for the breaker.
 */
const afterSilence = (health: CandidateHealth, silentMs: number, at: number, now: number): CandidateHealth => {
  const sentAt = at - silentMs
  return {
    ...health,
    firstToken: addLowerBound(health.firstToken, silentMs, now),
    breaker: at - health.lastFirstTokenAt < quietMs ? health.breaker : afterLate(health.breaker, { sentAt, at }, now),
  }
}

const afterFirstToken = (
  health: CandidateHealth,
  { firstTokenMs, responseTimeMs }: Observation,
  at: number,
  now: number,
): CandidateHealth => ({
  ...health,
  ...count(health, 1, 0, now),
  firstToken: firstTokenMs === undefined ? health.firstToken : addValue(health.firstToken, firstTokenMs, now),
  lastFirstTokenAt: Math.max(health.lastFirstTokenAt, at - Math.max(0, (responseTimeMs ?? 0) - (firstTokenMs ?? 0))),
  breaker: afterGood(health.breaker, { sentAt: at - (responseTimeMs ?? firstTokenMs ?? 0), at }, now),
})

const afterFailure = (
  health: CandidateHealth,
  { responseTimeMs = 0 }: Observation,
  at: number,
  now: number,
): CandidateHealth => {
  const counts = count(health, 0, 1, now)
  return { ...health, ...counts, breaker: afterBad(health.breaker, counts, at - responseTimeMs, now) }
}

/** What a whole answer tells of its pace, where it tells both of its times. */
const paceAfter = (
  perToken: FadingLevel,
  { ok, firstTokenMs, responseTimeMs, outputTokens }: Observation,
  now: number,
): FadingLevel => {
  if (!ok || firstTokenMs === undefined || responseTimeMs === undefined || outputTokens === undefined) return perToken
  if (outputTokens < fewestTokens || responseTimeMs <= firstTokenMs) return perToken
  return addValue(perToken, (responseTimeMs - firstTokenMs) / outputTokens, now)
}

const count = (health: OutcomeCounts, ok: number, bad: number, now: number): OutcomeCounts => {
  const faded = fade(health, now)
  return {
    ok: faded.ok + ok,
    bad: faded.bad + bad,
    recentOk: faded.recentOk + ok,
    recentBad: faded.recentBad + bad,
    countedAt: now,
  }
}

/** By the clock and never by the number of reports; a clock that went back fades nothing. */
const fade = (counts: OutcomeCounts, now: number): OutcomeCounts => {
  const elapsedMs = Math.max(0, now - counts.countedAt)
  const slowly = 2 ** (-elapsedMs / halfLifeMs)
  const quickly = Math.exp(-elapsedMs / recentLifeMs)
  return {
    ok: counts.ok * slowly,
    bad: counts.bad * slowly,
    recentOk: counts.recentOk * quickly,
    recentBad: counts.recentBad * quickly,
    countedAt: now,
  }
}

/** (ok + 25) / (ok + bad + 25.1), of what is left of both now: near 1 until there is evidence to the contrary. */
export const availabilityOf = (
  { ok, bad, countedAt }: Pick<OutcomeCounts, "ok" | "bad" | "countedAt">,
  now: number,
): number => {
  const factor = 2 ** (-Math.max(0, now - countedAt) / halfLifeMs)
  return (ok * factor + 25) / ((ok + bad) * factor + 25.1)
}
