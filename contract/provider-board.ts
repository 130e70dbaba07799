import * as v from "valibot"
import type { CandidateHealth } from "./candidate-health.ts"
import type { Directive } from "./directives.ts"

/** What isolates and the `ProviderState` object tell each other. A candidate's id is `provider/model`. */

/** The longest time that an observation may hold. */
export const longestMs = 3_600_000
/** More requests in flight than any isolate can hold. */
const mostInFlight = 1_000_000

const count = v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(mostInFlight))
const ms = v.pipe(v.number(), v.minValue(0), v.maxValue(longestMs))

/** A candidate's id. The slash also keeps it apart from every name that a JavaScript object inherits. */
export const CandidateId: v.GenericSchema<string, string> = v.pipe(
  v.string(),
  v.maxLength(200),
  v.regex(/^[^/]+\/./, "A candidate's id has the form provider/model."),
)

/** Limits of one report; a larger one is refused, so no flood can grow the object. */
export const reportLimits: { readonly observations: number; readonly ratings: number; readonly candidates: number } = {
  observations: 500,
  ratings: 500,
  candidates: 100,
}

/**
 * How an attempt does or did. Callers' faults and callers who left are not reported: they say nothing about the provider.
 * An answer is told of at its first token, and again, with `continues`, at its end.
 */
export interface Observation {
  readonly candidate: string
  readonly ok: boolean
  /** The first token of this answer was reported before: its success is not counted again. */
  readonly continues?: true
  /** Nothing came within this time, and it is still awaited: neither a success nor a failure. `ok` is false. */
  readonly silentMs?: number
  readonly firstTokenMs?: number
  /** Of a whole answer. */
  readonly responseTimeMs?: number
  readonly outputTokens?: number
  /** The kind of request, as estimates tell them apart. */
  readonly kind?: string
  /** The time within which nine in ten answers of the kind were said to come. */
  readonly statedP90Ms?: number
  /** A 429 or 529: how long the provider asked to be left alone. Not counted as unavailable. */
  readonly restMs?: number
  /** What the provider's headers say is left of its narrowest quota, from 0 to 1, and for how long that holds. */
  readonly quotaLeft?: number
  readonly quotaResetMs?: number
  /** Milliseconds since the epoch. */
  readonly at: number
}

/** What somebody said of one answer: the evidence behind a candidate's accuracy. */
export interface Rating {
  readonly candidate: string
  readonly queryType: string
  /** 0 for wrong, 1 for right. */
  readonly score: number
  /** An earlier score of the same answer, which no longer counts. */
  readonly replaces?: number
  /** Milliseconds since the epoch. */
  readonly at: number
}

export interface Report {
  readonly isolate: string
  /** Requests in flight in this isolate now, by candidate: an absolute gauge, never a difference. */
  readonly inFlight: Readonly<Record<string, number>>
  readonly observations: readonly Observation[]
  readonly ratings?: readonly Rating[]
}

export const Observation: v.GenericSchema<unknown, Observation> = v.strictObject({
  candidate: CandidateId,
  ok: v.boolean(),
  continues: v.exactOptional(v.literal(true)),
  silentMs: v.exactOptional(ms),
  firstTokenMs: v.exactOptional(ms),
  responseTimeMs: v.exactOptional(ms),
  outputTokens: v.exactOptional(count),
  kind: v.exactOptional(v.pipe(v.string(), v.nonEmpty(), v.maxLength(80))),
  statedP90Ms: v.exactOptional(ms),
  restMs: v.exactOptional(ms),
  quotaLeft: v.exactOptional(v.pipe(v.number(), v.minValue(0), v.maxValue(1))),
  quotaResetMs: v.exactOptional(ms),
  at: v.pipe(v.number(), v.finite()),
})

const score = v.pipe(v.number(), v.minValue(0), v.maxValue(1))

export const Rating: v.GenericSchema<unknown, Rating> = v.strictObject({
  candidate: CandidateId,
  queryType: v.pipe(v.string(), v.regex(/^[a-z][a-z0-9_]{0,63}$/, "A query type has a lower-case name.")),
  score,
  replaces: v.exactOptional(score),
  at: v.pipe(v.number(), v.finite()),
})

export const Report: v.GenericSchema<unknown, Report> = v.strictObject({
  isolate: v.pipe(v.string(), v.nonEmpty(), v.maxLength(64)),
  inFlight: v.pipe(
    v.record(CandidateId, count),
    v.check(
      (gauge) => Object.keys(gauge).length <= reportLimits.candidates,
      `Report at most ${reportLimits.candidates} candidates at once.`,
    ),
  ),
  observations: v.pipe(
    v.array(Observation),
    v.maxLength(reportLimits.observations, `Report at most ${reportLimits.observations} observations at once.`),
  ),
  ratings: v.exactOptional(
    v.pipe(
      v.array(Rating),
      v.maxLength(reportLimits.ratings, `Report at most ${reportLimits.ratings} ratings at once.`),
    ),
  ),
})

/** How long answers take, by the last 100 response times of successes; times are absent before the first. */
export interface CandidateSpeed {
  /** Their mean. */
  readonly responseTimeMs?: number
  readonly responseTimeSamples: number
  readonly p50Ms?: number
  readonly p95Ms?: number
}

/** The times that half and nine in ten of answers of one kind do not exceed, and how many they are known from. */
export interface TypicalTime {
  readonly p50Ms: number
  readonly p90Ms: number
  readonly samples: number
}

/** What is known of one candidate, as every isolate sees it. */
export interface CandidateView extends CandidateHealth, CandidateSpeed {
  /** Requests in flight in all other isolates that reported within the lease. */
  readonly inFlightElsewhere: number
  /** How many requests at once it is taken to serve. */
  readonly limit: number
  /** The receiver may send it one request to see whether it has recovered, before this time (ms since the epoch). */
  readonly probeUntil?: number
  /** Right and wrong answers by query type, as far as they are remembered; under `""` those to all types. */
  readonly accuracy: Readonly<Record<string, RightAndWrong>>
  /** Response times by the kind of request; under `""` those of all kinds. */
  readonly typical: Readonly<Record<string, TypicalTime>>
  readonly calibration: Calibration
}

/** How many answers came within the time that was stated for nine in ten, of the last thousand or so. */
export interface Calibration {
  readonly stated: number
  readonly within: number
  /** The quantile that is stated as "nine in ten": moved until that many really are within. */
  readonly level: number
}

export interface RightAndWrong {
  readonly right: number
  readonly wrong: number
}

/** How long answers to one type of question were, of the last few hundred. */
export interface AnswerLength {
  readonly meanTokens: number
  readonly answers: number
}

/** By query type; under `""` those of all types. */
export type AnswerLengths = Readonly<Record<string, AnswerLength>>

export interface Snapshot {
  readonly at: number
  readonly candidates: Readonly<Record<string, CandidateView>>
  readonly answerLengths?: AnswerLengths
  /** How many isolates reported within the lease. */
  readonly isolates?: number
  /** The part of each limit that this isolate takes for itself, while it does not hear what others have in flight. */
  readonly shareOfLimits?: number
  /** What people ordered, as far as it holds. */
  readonly directives?: readonly Directive[]
}
