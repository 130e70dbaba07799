import type { FadingLevel } from "../../contract/candidate-health.ts"
import type { CandidateView } from "../../contract/provider-board.ts"

/** What ranking reads of a view. */
export type RankedView = Pick<
  CandidateView,
  | "ok"
  | "bad"
  | "countedAt"
  | "firstToken"
  | "perToken"
  | "breaker"
  | "pause"
  | "probeUntil"
  | "responseTimeSamples"
  | "limit"
  | "accuracy"
  | "inFlightElsewhere"
>

/** Views never change, so each is copied once. */
const copies = new WeakMap<CandidateView, RankedView>()

/**
 * What ranking reads of a view, always in one shape. Views come out of messages and spreads in many, and an engine that has
 * seen many reads each of them slower: a choice takes a sixth less with the copies than without.
 */
export const rankedView = (view: CandidateView): RankedView => {
  const known = copies.get(view)
  if (known !== undefined) return known
  const copy: RankedView = {
    ok: view.ok,
    bad: view.bad,
    countedAt: view.countedAt,
    firstToken: copyOf(view.firstToken),
    perToken: copyOf(view.perToken),
    breaker: view.breaker,
    pause: view.pause,
    probeUntil: view.probeUntil ?? 0,
    responseTimeSamples: view.responseTimeSamples,
    limit: view.limit,
    accuracy: view.accuracy,
    inFlightElsewhere: view.inFlightElsewhere,
  }
  copies.set(view, copy)
  return copy
}

const copyOf = (level: FadingLevel): FadingLevel => ({
  slow: level.slow,
  slowWeight: level.slowWeight,
  fast: level.fast,
  fastWeight: level.fastWeight,
  usual: level.usual,
  usualWeight: level.usualWeight,
  variance: level.variance,
  at: level.at,
})
