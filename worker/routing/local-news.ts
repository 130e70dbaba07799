import * as v from "valibot"
import { CandidateId, Observation, longestMs, reportLimits } from "../../contract/provider-board.ts"
import type { CandidateSpeed, CandidateView, Report, Snapshot } from "../../contract/provider-board.ts"
import { bookLimits, gaugeLeaseMs, keepHighest } from "./book.ts"
import { keptResponseTimes, newHealth, observeHealth } from "./candidate-state.ts"

/**
 * What one isolate does with its own news: it believes them at once, and tells them in reports that are never refused,
 * since a single observation out of bounds would otherwise keep all others back.
 */

const unseen: CandidateView = { ...newHealth, responseTimeSamples: 0, inFlightElsewhere: 0 }

/** The snapshot with one more observation in it: what this isolate knows before the others do. */
export const withNews = (snapshot: Snapshot, observation: Observation, now: number): Snapshot => {
  const view = snapshot.candidates[observation.candidate] ?? unseen
  const after = { ...view, ...observeHealth(view, observation, now), ...speedAfter(view, observation) }
  const candidates = { ...snapshot.candidates, [observation.candidate]: after }
  return { at: snapshot.at, candidates: keepHighest(candidates, bookLimits.candidates, ({ countedAt }) => countedAt) }
}

/** The single times stay where they are kept; the mean moves as if the new one had taken an average one's place. */
const speedAfter = (view: CandidateView, { ok, responseTimeMs }: Observation): Partial<CandidateSpeed> => {
  if (!ok || responseTimeMs === undefined) return {}
  const responseTimeSamples = Math.min(keptResponseTimes, view.responseTimeSamples + 1)
  const before = view.responseTimeMs ?? responseTimeMs
  return { responseTimeSamples, responseTimeMs: before + (responseTimeMs - before) / responseTimeSamples }
}

/** The snapshot when it has not been renewed for a while: what others have in flight is unknown once the lease is over. */
export const withoutLapsedGauges = (snapshot: Snapshot, receivedAt: number, now: number): Snapshot =>
  now - receivedAt < gaugeLeaseMs
    ? snapshot
    : {
        at: snapshot.at,
        candidates: Object.fromEntries(
          Object.entries(snapshot.candidates).map(([id, view]) => [id, { ...view, inFlightElsewhere: 0 }]),
        ),
      }

/** The observation with its times brought into bounds; undefined where it can't be reported at all. */
export const reportable = (observation: Observation): Observation | undefined => {
  const { responseTimeMs, firstTokenMs, restMs, ...rest } = observation
  const bounded = {
    ...rest,
    ...(responseTimeMs === undefined ? {} : { responseTimeMs: boundMs(responseTimeMs) }),
    ...(firstTokenMs === undefined ? {} : { firstTokenMs: boundMs(firstTokenMs) }),
    ...(restMs === undefined ? {} : { restMs: boundMs(restMs) }),
  }
  return v.is(Observation, bounded) ? bounded : undefined
}

/** A clock that went back gives negative times. */
const boundMs = (ms: number): number => Math.min(longestMs, Math.max(0, ms))

/** A report within the contract's limits; of too many candidates in flight, the busiest are told. */
export const makeReport = (
  isolate: string,
  inFlight: Report["inFlight"],
  observations: Report["observations"],
): Report => ({
  isolate,
  inFlight: keepHighest(
    Object.fromEntries(Object.entries(inFlight).filter(([id]) => v.is(CandidateId, id))),
    reportLimits.candidates,
    (count) => count,
  ),
  observations: observations.slice(-reportLimits.observations),
})
