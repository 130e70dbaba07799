import * as v from "valibot"

/** What isolates and the `ProviderState` object tell each other. A candidate's id is `provider/model`. */

const count = v.pipe(v.number(), v.integer(), v.minValue(0))
const ms = v.pipe(v.number(), v.minValue(0), v.maxValue(3_600_000))
const id = v.pipe(v.string(), v.nonEmpty(), v.maxLength(200))

/** Limits of one report; a larger one is refused, so no flood can grow the object. */
export const reportLimits: { readonly observations: number; readonly candidates: number } = {
  observations: 500,
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

export interface Report {
  readonly isolate: string
  /** Requests in flight in this isolate now, by candidate: an absolute gauge, never a difference. */
  readonly inFlight: Readonly<Record<string, number>>
  readonly observations: readonly Observation[]
}

const Observation: v.GenericSchema<unknown, Observation> = v.strictObject({
  candidate: id,
  ok: v.boolean(),
  responseTimeMs: v.exactOptional(ms),
  firstTokenMs: v.exactOptional(ms),
  restMs: v.exactOptional(ms),
  at: v.pipe(v.number(), v.finite()),
})

export const Report: v.GenericSchema<unknown, Report> = v.strictObject({
  isolate: v.pipe(v.string(), v.nonEmpty(), v.maxLength(64)),
  inFlight: v.pipe(
    v.record(id, count),
    v.check((gauge) => Object.keys(gauge).length <= reportLimits.candidates, "Too many candidates."),
  ),
  observations: v.pipe(v.array(Observation), v.maxLength(reportLimits.observations)),
})

/** What is known of one candidate, as every isolate sees it. */
export interface CandidateView {
  /** Requests in flight in all other isolates that reported within the lease. */
  readonly inFlightElsewhere: number
  /** Mean of the last 100 response times of successes; absent before the first. */
  readonly responseTimeMs?: number
  readonly responseTimeSamples: number
  readonly p50Ms?: number
  readonly p95Ms?: number
  /** Successes and failures, decayed with a half-life of a minute. */
  readonly ok: number
  readonly bad: number
  readonly failuresInARow: number
  /** Not to be asked before this time (ms since the epoch); 0 when it may. */
  readonly restUntil: number
  readonly restReason?: string
}

export interface Snapshot {
  readonly at: number
  readonly candidates: Readonly<Record<string, CandidateView>>
}
