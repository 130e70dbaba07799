import * as v from "valibot"
import type { Breaker, CandidateHealth, FadingLevel, Pause } from "../contract/candidate-health.ts"
import { Rating, reportLimits } from "../contract/provider-board.ts"
import type { AnswerLengths } from "../contract/provider-board.ts"
import { accuracyLimits } from "../worker/routing/accuracy-table.ts"
import type { AccuracyTable } from "../worker/routing/accuracy-table.ts"
import { keptLengths } from "../worker/routing/answer-lengths.ts"
import type { Book, CandidateState } from "../worker/routing/book.ts"
import { sizeCount } from "../worker/routing/concurrency-limit.ts"
import type { ConcurrencyLimit } from "../worker/routing/concurrency-limit.ts"
import { bucketCount } from "../worker/routing/histogram.ts"
import { keptKinds, keptTimes } from "../worker/routing/response-times.ts"
import type { ResponseTimes } from "../worker/routing/response-times.ts"

/**
 * What is stored of a book. Anything else under the key is from another version of the rules, and worth less than a
 * fresh start.
 */
type Parser<T> = v.GenericSchema<unknown, T>

const finite = v.pipe(v.number(), v.finite())
const number = v.pipe(finite, v.minValue(0))

const Level: Parser<FadingLevel> = v.strictObject({
  slow: finite,
  slowWeight: number,
  fast: finite,
  fastWeight: number,
  usual: finite,
  usualWeight: number,
  variance: number,
  at: number,
})

const why = v.picklist(["failures_in_a_row", "most_fail", "no_first_token", "provider_fails"])

const StoredBreaker: Parser<Breaker> = v.variant("state", [
  v.strictObject({
    state: v.literal("closed"),
    since: number,
    trips: number,
    failuresInARow: number,
    lateInARow: number,
    lateAt: number,
  }),
  v.strictObject({
    state: v.literal("open"),
    since: number,
    until: number,
    trips: number,
    why,
    goodProbes: number,
  }),
  v.strictObject({
    state: v.literal("half_open"),
    since: number,
    trips: number,
    why,
    goodProbes: number,
    probe: v.exactOptional(v.strictObject({ holder: v.string(), until: number })),
  }),
  v.strictObject({
    state: v.literal("ramp"),
    since: number,
    trips: number,
    failuresInARow: number,
    lateInARow: number,
    lateAt: number,
  }),
])

const StoredPause: Parser<Pause> = v.strictObject({
  until: number,
  share: number,
  thinnedAt: number,
  quotaLowUntil: number,
})

const Health: Parser<CandidateHealth> = v.strictObject({
  ok: number,
  bad: number,
  recentOk: number,
  recentBad: number,
  countedAt: number,
  firstToken: Level,
  lastFirstTokenAt: number,
  perToken: Level,
  breaker: StoredBreaker,
  pause: StoredPause,
})

const Times: Parser<ResponseTimes> = v.strictObject({
  lastMs: v.pipe(v.array(number), v.maxLength(keptTimes)),
  byKind: v.pipe(
    v.record(v.string(), v.pipe(v.array(number), v.maxLength(bucketCount))),
    v.check((kinds) => Object.keys(kinds).length <= keptKinds),
  ),
  calibration: v.strictObject({ stated: number, within: number, level: number }),
})

const StoredLimit: Parser<ConcurrencyLimit> = v.strictObject({
  logLikelihoods: v.pipe(v.array(finite), v.length(sizeCount)),
  idleLogMs: finite,
  idleCount: number,
})

const State: Parser<CandidateState> = v.strictObject({
  health: Health,
  times: Times,
  limit: StoredLimit,
})

export const StoredCandidates: Parser<Book["candidates"]> = v.record(v.string(), State)

export const StoredLengths: Parser<AnswerLengths> = v.pipe(
  v.record(v.string(), v.strictObject({ meanTokens: number, answers: number })),
  v.check((types) => Object.keys(types).length <= keptLengths),
)

export const StoredAccuracy: Parser<AccuracyTable> = v.record(
  v.string(),
  v.pipe(
    v.record(v.string(), v.strictObject({ right: number, wrong: number })),
    v.check((types) => Object.keys(types).length <= accuracyLimits.queryTypes),
  ),
)

export const StoredRatings: Parser<readonly Rating[]> = v.pipe(v.array(Rating), v.maxLength(reportLimits.ratings))
