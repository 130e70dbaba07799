import type { CandidateView, Snapshot } from "../../contract/provider-board.ts"
import type { CandidateRecord } from "../../contract/record.ts"
import { accuracySpread, accuracyOf } from "./accuracy.ts"
import { expectedTokens } from "./answer-lengths.ts"
import { availabilityOf, newHealth } from "./candidate-state.ts"
import { defaultConcurrencyLimit } from "./concurrency-limit.ts"
import { expectedValue } from "./fading-level.ts"
import { hedgeAfterMs } from "./hedging.ts"
import { inOrder } from "./in-order.ts"
import { modelId } from "./model-ref.ts"
import type { ModelRef } from "./model-ref.ts"
import { rankedView } from "./ranked-view.ts"
import type { RankedView } from "./ranked-view.ts"
import { newResponseTimes } from "./response-times.ts"
import { accuracyWeight, loadScore, planScore, responseTimeScore, selectionWeight } from "./score.ts"
import type { Terms } from "./score.ts"
import { gumbel, normal } from "./luck.ts"
import { standingOf, wakesAt } from "./standing.ts"
import { noteOf } from "./standing-note.ts"

/**
 * How the order follows from the weights: `best` takes the best, `proportional` draws in proportion to the weights, as
 * the rule was first published.
 */
export type Selection = "best" | "proportional"

export interface RankingInput {
  /** Requests in flight in this isolate, by candidate id. */
  readonly inFlightHere: (candidate: string) => number
  readonly now: number
  /** Uniform in [0, 1). */
  readonly random: () => number
  /** Whose ratings and lengths of answers count. */
  readonly queryType?: string
  /** The most that the answer may be long; absent where it has no bound. */
  readonly mostOutputTokens?: number
  /** `best` where nothing is said. */
  readonly selection?: Selection
}

/**
 * Spreads candidates that are as good as equal, and them alone. Drawing in proportion to the weight instead would leave
 * a dead provider a quarter of the traffic. A standard deviation, in weight.
 */
const jitter = 0.005
const unseenMs = 3_000

export const unknownView: CandidateView = {
  ...newHealth,
  responseTimeSamples: 0,
  inFlightElsewhere: 0,
  limit: defaultConcurrencyLimit,
  accuracy: {},
  typical: {},
  calibration: newResponseTimes.calibration,
}

interface Placed {
  readonly record: CandidateRecord
  readonly rank: number
  readonly wakesAt: number
  readonly place: number
}

/**
 * The candidates in the order in which to ask them: one that is to be probed, those that are ready, those to be spared,
 * those that pause, those that were cut off; by weight among the first, by who wakes first among the last. When all are
 * cut off, all are used. The numbers shown are true; only the order is jittered.
 */
export const rankCandidates = (
  candidates: readonly ModelRef[],
  snapshot: Snapshot,
  input: RankingInput,
): readonly CandidateRecord[] => {
  const { queryType = "", mostOutputTokens = Number.POSITIVE_INFINITY } = input
  const placed: Placed[] = []
  const outputTokens = Math.min(mostOutputTokens, expectedTokens(snapshot.answerLengths ?? {}, queryType))
  const share = snapshot.shareOfLimits ?? 1
  let allAreCutOff = true
  for (const candidate of candidates) {
    const id = idOf(candidate)
    const view = rankedView(snapshot.candidates[id] ?? unknownView)
    const inFlight = view.inFlightElsewhere + input.inFlightHere(id)
    const record = describe(candidate, view, { inFlight, limit: Math.max(1, view.limit * share), outputTokens }, input)
    allAreCutOff &&= record.standing === "cut_off"
    const spread = accuracyWeight * accuracySpread(record.terms.accuracy, view.accuracy[queryType])
    placed.push({
      record,
      rank: ranks[record.standing],
      wakesAt: wakesAt(view),
      place: place(record.selectionWeight, spread, input),
    })
  }
  const isBefore = allAreCutOff ? isHigher : isAskedBefore
  return inOrder(placed, isBefore).map(({ record }) => record)
}

const isHigher = (a: Placed, b: Placed): boolean => a.place > b.place
const isAskedBefore = (a: Placed, b: Placed): boolean => {
  if (a.rank !== b.rank) return a.rank < b.rank
  return a.rank >= ranks.pausing && a.wakesAt !== b.wakesAt ? a.wakesAt < b.wakesAt : isHigher(a, b)
}

const place = (weight: number, spread: number, { random, selection = "best" }: RankingInput): number =>
  selection === "best"
    ? // One draw as wide as both together: what is not known of the accuracy, and the jitter.
      weight + Math.sqrt(spread * spread + jitter * jitter) * normal(random)
    : // The highest of ln(weight) + Gumbel noise is a draw in proportion to the weights.
      Math.log(Math.max(weight + spread * normal(random), 1e-9)) + gumbel(random)

/** Candidates are the same objects for every request, and looking up a string that was just made costs the most here. */
const ids = new WeakMap<ModelRef, string>()
const idOf = (candidate: ModelRef): string => {
  const known = ids.get(candidate)
  if (known !== undefined) return known
  const id = modelId(candidate)
  ids.set(candidate, id)
  return id
}

const ranks: Readonly<Record<CandidateRecord["standing"], number>> = {
  probe: 0,
  ready: 1,
  spared: 2,
  pausing: 3,
  cut_off: 4,
  drained: 5,
}

const describe = (
  candidate: ModelRef,
  view: RankedView,
  { inFlight, limit, outputTokens }: Readonly<Record<"inFlight" | "limit" | "outputTokens", number>>,
  input: RankingInput,
): CandidateRecord => {
  const { now, queryType = "" } = input
  const expectedMs = expectedMsOf(view, outputTokens, now)
  const terms: Terms = {
    accuracy: accuracyOf(view.accuracy, queryType),
    responseTime: responseTimeScore(expectedMs),
    availability: availabilityOf(view, now),
    load: loadScore(inFlight, limit),
  }
  const standing = standingOf(view, inFlight, input)
  const record: CandidateRecord = {
    provider: candidate.provider,
    model: candidate.model,
    selectionWeight: selectionWeight(terms),
    planScore: planScore(terms),
    terms,
    inFlight,
    expectedMs,
    standing,
    hedgeAfterMs: hedgeAfterMs(view, now),
    note: noteOf(view, standing, inFlight, now),
  }
  return view.pause.until > now ? { ...record, pausesMs: view.pause.until - now } : record
}

/** First token and output together; what was never measured is taken to be quick, so that it is tried. */
const expectedMsOf = ({ firstToken, perToken }: RankedView, outputTokens: number, now: number): number => {
  if (firstToken.usualWeight === 0 && firstToken.fastWeight === 0) return unseenMs
  const firstTokenMs = expectedValue(firstToken, now)
  return perToken.usualWeight === 0 ? firstTokenMs : firstTokenMs + outputTokens * expectedValue(perToken, now)
}
