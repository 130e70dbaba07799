import type { CandidateView, Snapshot } from "../../contract/provider-board.ts"
import type { CandidateRecord } from "../../contract/record.ts"
import { priorAccuracy } from "./accuracy.ts"
import { availabilityOf, newHealth } from "./candidate-state.ts"
import { modelId } from "./model-ref.ts"
import type { ModelRef } from "./model-ref.ts"
import { loadScore, planScore, responseTimeScore, selectionWeight } from "./score.ts"

export interface RankingInput {
  /** Requests in flight in this isolate, by candidate id. */
  readonly inFlightHere: (candidate: string) => number
  readonly now: number
  /** Uniform in [0, 1). */
  readonly random: () => number
}

/** What a candidate that was never asked is expected to take. */
const unknownResponseTimeMs = 3_000
/**
 * Spreads candidates that are as good as equal, and them alone. Drawing in proportion to the weight instead would leave
 * a dead provider a quarter of the traffic.
 */
const jitter = 0.004

const unknown: CandidateView = { ...newHealth, responseTimeSamples: 0, inFlightElsewhere: 0 }

/**
 * The candidates, best weight first; those that rest come last, the first to wake before the others, because when all
 * rest they are still the only ones to try. The numbers shown are true; only the order is jittered.
 */
export const rankCandidates = (
  candidates: readonly ModelRef[],
  snapshot: Snapshot,
  input: RankingInput,
): readonly CandidateRecord[] => {
  const placed = candidates.map((candidate) => {
    const view = snapshot.candidates[modelId(candidate)] ?? unknown
    const record = describe(candidate, view, input)
    const restMs = Math.max(0, view.restUntil - input.now)
    return { record, restMs, place: record.selectionWeight + jitter * gumbel(input.random) }
  })
  return placed.toSorted((a, b) => a.restMs - b.restMs || b.place - a.place).map(({ record }) => record)
}

const describe = (candidate: ModelRef, view: CandidateView, input: RankingInput): CandidateRecord => {
  const inFlight = view.inFlightElsewhere + input.inFlightHere(modelId(candidate))
  const expectedMs = view.responseTimeMs ?? unknownResponseTimeMs
  const terms = {
    accuracy: priorAccuracy,
    responseTime: responseTimeScore(expectedMs),
    availability: availabilityOf(view, input.now),
    load: loadScore(inFlight),
  }
  return {
    provider: candidate.provider,
    model: candidate.model,
    selectionWeight: selectionWeight(terms),
    planScore: planScore(terms),
    terms,
    inFlight,
    expectedMs,
    note: noteOf(view, input.now),
  }
}

const noteOf = (view: CandidateView, now: number): string => {
  if (view.restUntil > now) {
    const rest = `resting for ${Math.ceil((view.restUntil - now) / 1000)} s more`
    return view.restReason === "asked"
      ? `${rest}, as it asked`
      : `${rest} after ${view.failuresInARow} failures in a row`
  }
  switch (view.responseTimeSamples) {
    case 0:
      return `no response time known yet; ${unknownResponseTimeMs / 1000} s are assumed`
    case 1:
      return "expected to take as long as its one response so far"
    default:
      return `expected to take the mean of its last ${view.responseTimeSamples} response times`
  }
}

/** Standard Gumbel noise: the best of jittered scores is a soft maximum of the true ones. */
const gumbel = (random: () => number): number => -Math.log(-Math.log(Math.min(1 - 1e-12, Math.max(1e-12, random()))))
