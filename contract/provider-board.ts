import * as v from "valibot"

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

/** One finished attempt. Callers' faults and callers who left are not reported: they say nothing about the provider. */
export interface Observation {
  readonly candidate: string
  readonly ok: boolean
  /** Present when `ok`. */
  readonly responseTimeMs?: number
  readonly firstTokenMs?: number
  /** A 429 or 529: how long the provider asked to be left alone. Not counted as unavailable. */
  readonly restMs?: number
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
  responseTimeMs: v.exactOptional(ms),
  firstTokenMs: v.exactOptional(ms),
  restMs: v.exactOptional(ms),
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

/** It failed too often in a row, or it asked for a pause (429, 529). */
export type RestReason = "failures" | "asked"

/** How well a candidate does. */
export interface CandidateHealth {
  /** Successes and failures as they stood at `countedAt`; from then on they fade with a half-life of a minute. */
  readonly ok: number
  readonly bad: number
  /** Milliseconds since the epoch. */
  readonly countedAt: number
  readonly failuresInARow: number
  /** How often in a row it was sent to rest for failing; each rest is twice as long as the one before. */
  readonly rests: number
  /** Not to be asked before this time (ms since the epoch), which may have passed; 0 when it never rested. */
  readonly restUntil: number
  /** Why it rests, or last rested. */
  readonly restReason?: RestReason
}

/** How fast a candidate answers, by the last 100 response times of successes; times are absent before the first. */
export interface CandidateSpeed {
  /** Their mean. */
  readonly responseTimeMs?: number
  readonly responseTimeSamples: number
  readonly p50Ms?: number
  readonly p95Ms?: number
}

/** What is known of one candidate, as every isolate sees it. */
export interface CandidateView extends CandidateHealth, CandidateSpeed {
  /** Requests in flight in all other isolates that reported within the lease. */
  readonly inFlightElsewhere: number
}

export interface Snapshot {
  readonly at: number
  readonly candidates: Readonly<Record<string, CandidateView>>
}
