import type { CandidateView, Snapshot } from "../../contract/provider-board.ts"
import type { CandidateRecord } from "../../contract/record.ts"
import { accuracyLuck, accuracyOf } from "./accuracy.ts"
import { availabilityOf, newHealth } from "./candidate-state.ts"
import { defaultConcurrencyLimit } from "./concurrency-limit.ts"
import { expectedValue, usualValue } from "./fading-level.ts"
import { hedgeAfterMs } from "./hedging.ts"
import { modelId } from "./model-ref.ts"
import type { ModelRef } from "./model-ref.ts"
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
  /** Whose ratings count. */
  readonly queryType?: string
  /** The most that the answer may be long; absent where it has no bound. */
  readonly mostOutputTokens?: number
  /** `best` where nothing is said. */
  readonly selection?: Selection
}

/**
 * Spreads candidates that are as good as equal, and them alone. Drawing in proportion to the weight instead would leave
 * a dead provider a quarter of the traffic.
 */
const jitter = 0.004
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
  const { random, selection = "best", queryType = "" } = input
  const placed: Placed[] = []
  const outputTokens = expectedOutputTokens(candidates, snapshot, input)
  let allAreCutOff = true
  for (const candidate of candidates) {
    const id = idOf(candidate)
    const view = snapshot.candidates[id] ?? unknownView
    const record = describe(
      candidate,
      view,
      { inFlight: view.inFlightElsewhere + input.inFlightHere(id), outputTokens },
      input,
    )
    allAreCutOff &&= record.standing === "cut_off"
    const luck = accuracyWeight * accuracyLuck(view.accuracy, queryType, normal(random))
    const weight = record.selectionWeight + luck
    placed.push({
      record,
      rank: ranks[record.standing],
      wakesAt: wakesAt(view),
      // The highest of ln(weight) + Gumbel noise is a draw in proportion to the weights.
      place:
        selection === "best" ? weight + jitter * gumbel(random) : Math.log(Math.max(weight, 1e-9)) + gumbel(random),
    })
  }
  placed.sort((a, b) =>
    allAreCutOff
      ? b.place - a.place
      : a.rank - b.rank || (a.rank >= ranks.pausing ? a.wakesAt - b.wakesAt : 0) || b.place - a.place,
  )
  return placed.map(({ record }) => record)
}

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
  view: CandidateView,
  { inFlight, outputTokens }: { readonly inFlight: number; readonly outputTokens: number },
  input: RankingInput,
): CandidateRecord => {
  const { now, queryType = "" } = input
  const expectedMs = expectedMsOf(view, outputTokens, now)
  const terms: Terms = {
    accuracy: accuracyOf(view.accuracy, queryType),
    responseTime: responseTimeScore(expectedMs),
    availability: availabilityOf(view, now),
    load: loadScore(inFlight, view.limit),
  }
  const standing = standingOf(view, inFlight, input)
  return {
    provider: candidate.provider,
    model: candidate.model,
    selectionWeight: selectionWeight(terms),
    planScore: planScore(terms),
    terms,
    inFlight,
    expectedMs,
    standing,
    ...(view.pause.until > now ? { pausesMs: view.pause.until - now } : {}),
    hedgeAfterMs: hedgeAfterMs(view, now),
    note: noteOf(view, standing, inFlight, now),
  }
}

/** First token and output together; what was never measured is taken to be quick, so that it is tried. */
const expectedMsOf = ({ firstToken, perToken }: CandidateView, outputTokens: number, now: number): number => {
  if (firstToken.usualWeight === 0 && firstToken.fastWeight === 0) return unseenMs
  const firstTokenMs = expectedValue(firstToken, now)
  return perToken.usualWeight === 0 ? firstTokenMs : firstTokenMs + outputTokens * expectedValue(perToken, now)
}

/** How long answers usually are, whoever gives them: the same for all candidates, or brief ones would look quick. */
const expectedOutputTokens = (
  candidates: readonly ModelRef[],
  snapshot: Snapshot,
  { mostOutputTokens = Number.POSITIVE_INFINITY }: RankingInput,
): number => {
  let [tokens, weight] = [0, 0]
  for (const candidate of candidates) {
    const level = snapshot.candidates[idOf(candidate)]?.outputTokens
    if (level === undefined || level.usualWeight === 0) continue
    tokens += usualValue(level) * level.usualWeight
    weight += level.usualWeight
  }
  return Math.min(mostOutputTokens, weight === 0 ? usualValue(newHealth.outputTokens) : tokens / weight)
}
