import * as v from "valibot"
import { CandidateId, Observation, Rating, longestMs, reportLimits } from "../../contract/provider-board.ts"
import type { CandidateSpeed, CandidateView, Report, Snapshot } from "../../contract/provider-board.ts"
import { addRatings } from "./accuracy-table.ts"
import { addAnswerLength } from "./answer-lengths.ts"
import { bookLimits, gaugeLeaseMs, keepHighest } from "./book.ts"
import { breakerAt, probeLeaseMs } from "./breaker.ts"
import { observe } from "./candidate-state.ts"
import { cutOffTogether } from "./provider-fault.ts"
import { unknownView } from "./rank-candidates.ts"
import { keptTimes } from "./response-times.ts"

/**
 * What one isolate does with its own news: it believes them at once, and tells them in reports that are never refused,
 * since a single observation out of bounds would otherwise keep all others back.
 */

/** The snapshot with one more observation in it: what this isolate knows before the others do. */
export const withNews = (snapshot: Snapshot, observation: Observation, now: number): Snapshot => {
  const view = snapshot.candidates[observation.candidate] ?? unknownView
  const after = { ...view, ...observe(view, observation, now), ...speedAfter(view, observation) }
  const known = {
    ...withView(snapshot, observation.candidate, after),
    answerLengths: addAnswerLength(snapshot.answerLengths ?? {}, observation),
  }
  return observation.ok || after.breaker === view.breaker ? known : withSiblingsCutOff(known, now)
}

const withSiblingsCutOff = (snapshot: Snapshot, now: number): Snapshot => {
  const before = Object.fromEntries(Object.entries(snapshot.candidates).map(([id, { breaker }]) => [id, breaker]))
  const breakers = cutOffTogether(before, now)
  if (breakers === before) return snapshot
  const candidates = Object.entries(snapshot.candidates).map(([id, view]) => {
    const breaker = breakers[id] ?? view.breaker
    return [id, breaker === view.breaker ? view : { ...view, breaker }] as const
  })
  return { ...snapshot, candidates: Object.fromEntries(candidates) }
}

/** The snapshot with one more rating in it. */
export const withRating = (snapshot: Snapshot, rating: Rating): Snapshot => {
  const view = snapshot.candidates[rating.candidate] ?? unknownView
  const { [rating.candidate]: accuracy = {} } = addRatings({ [rating.candidate]: view.accuracy }, [rating])
  return withView(snapshot, rating.candidate, { ...view, accuracy })
}

/** The snapshot without leases of which a probe is on its way already: each allows one request and no more. */
export const withoutUsedProbes = (snapshot: Snapshot, used: ReadonlyMap<string, number>): Snapshot => {
  let after = snapshot
  for (const [id, until] of used) {
    const view = after.candidates[id]
    if (view?.probeUntil !== until) continue
    const { probeUntil: _, ...rest } = view
    after = withView(after, id, rest)
  }
  return after
}

const withView = (snapshot: Snapshot, candidate: string, view: CandidateView): Snapshot => {
  const candidates = { ...snapshot.candidates, [candidate]: view }
  return {
    ...snapshot,
    candidates: keepHighest(candidates, bookLimits.candidates, ({ countedAt }) => countedAt),
  }
}

/** The single times stay where they are kept; the mean moves as if the new one had taken an average one's place. */
const speedAfter = (view: CandidateView, { ok, responseTimeMs }: Observation): Partial<CandidateSpeed> => {
  if (!ok || responseTimeMs === undefined) return {}
  const responseTimeSamples = Math.min(keptTimes, view.responseTimeSamples + 1)
  const before = view.responseTimeMs ?? responseTimeMs
  return { responseTimeSamples, responseTimeMs: before + (responseTimeMs - before) / responseTimeSamples }
}

/**
 * How much of a limit one isolate takes for itself while it hears of nobody: more than its share, because its requests do
 * not come one after the other.
 */
const sharesAlone = 3

/**
 * The snapshot when it has not been renewed for a while: what others have in flight is unknown once the lease is over, so
 * loads are shares of the limits.
 */
export const withoutOthers = (snapshot: Snapshot, receivedAt: number, now: number): Snapshot =>
  isAlone(receivedAt, now)
    ? { ...onItsOwn(snapshot, now), shareOfLimits: Math.min(1, sharesAlone / (snapshot.isolates ?? 1)) }
    : snapshot

/** The snapshot of one that hears of nobody: as nobody hands out leases, it probes by itself what was cut off for long enough. */
export const onItsOwn = (snapshot: Snapshot, now: number): Snapshot => {
  const candidates = Object.entries(snapshot.candidates).map(([id, view]) => {
    const { probeUntil: _, ...rest } = view
    const isDue = breakerAt(view.breaker, now).state === "half_open"
    return [id, { ...rest, inFlightElsewhere: 0, ...(isDue ? { probeUntil: probeSlot(now) } : {}) }] as const
  })
  return { ...snapshot, candidates: Object.fromEntries(candidates) }
}

/** Nothing was heard of the others for the length of a lease. */
export const isAlone = (receivedAt: number, now: number): boolean => now - receivedAt >= gaugeLeaseMs

/** Without anybody to hand out leases, they follow the clock: one in each stretch of a lease's length. */
const probeSlot = (now: number): number => (Math.floor(now / probeLeaseMs) + 1) * probeLeaseMs

/** The observation with its times brought into bounds; undefined where it can't be reported at all. */
export const reportable = (observation: Observation): Observation | undefined => {
  let bounded = observation
  for (const name of timesInIt) {
    const ms = bounded[name]
    if (ms !== undefined && (ms < 0 || ms > longestMs)) bounded = { ...bounded, [name]: boundMs(ms) }
  }
  return v.is(Observation, bounded) ? bounded : undefined
}

const timesInIt = ["silentMs", "firstTokenMs", "responseTimeMs", "statedP90Ms", "restMs", "quotaResetMs"] as const

/** A clock that went back gives negative times. */
const boundMs = (ms: number): number => Math.min(longestMs, Math.max(0, ms))

export const reportableRating = (rating: Rating): Rating | undefined => (v.is(Rating, rating) ? rating : undefined)

/** A report within the contract's limits; of too many candidates in flight, the busiest are told. */
export const makeReport = (
  isolate: string,
  inFlight: Report["inFlight"],
  observations: Report["observations"],
  ratings: readonly Rating[] = [],
): Report => ({
  isolate,
  inFlight: keepHighest(
    Object.fromEntries(Object.entries(inFlight).filter(([id]) => v.is(CandidateId, id))),
    reportLimits.candidates,
    (count) => count,
  ),
  observations: observations.slice(-reportLimits.observations),
  ...(ratings.length === 0 ? {} : { ratings: ratings.slice(-reportLimits.ratings) }),
})
