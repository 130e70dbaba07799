import * as v from "valibot"
import { cacheStates } from "./record.ts"
import type { CacheState } from "./record.ts"

/** What isolates and the object that keeps a tenant's cache lanes tell each other. A lane is one query type's. */

/** Limits of one report; a larger one is refused, so no flood can grow the object. */
export const laneNewsLimits: { readonly findings: number; readonly pairs: number } = { findings: 500, pairs: 500 }

/** One neighbor whose answer was compared with a provider's own. */
export interface LaneFinding {
  readonly queryType: string
  readonly bin: number
  readonly right: boolean
  /** How much the comparison proves, 0..1. */
  readonly weight: number
  /** It was served, or would have been had the lane been open. */
  readonly wouldServe: boolean
}

/** What a comparison of answers says of two wordings. The key tells nothing of their words. */
export interface PairNews {
  readonly key: string
  /** What the answers say. */
  readonly verdict: "same" | "different" | "unclear"
  readonly weight: number
  /** What a small model said of the wordings, where it was asked. */
  readonly judgement?: "same" | "different"
}

export interface LaneNews {
  /** The share of wrong answers at which a lane closes. */
  readonly delta: number
  readonly counts: Readonly<Record<string, Readonly<Partial<Record<CacheState, number>>>>>
  readonly findings: readonly LaneFinding[]
  readonly pairs: readonly PairNews[]
  /** How often the small model was asked. */
  readonly judged: number
}

export interface BinCount {
  readonly right: number
  readonly wrong: number
}

/** What is known of one lane. */
export interface Lane {
  readonly counts: Readonly<Partial<Record<CacheState, number>>>
  readonly open: boolean
  readonly audited: number
  readonly wrong: number
  readonly auditedEver: number
  readonly wrongEver: number
  readonly changedAt: number
  readonly evidence: readonly BinCount[]
}

/** All that is known of a tenant's lanes. */
export interface LaneBook {
  readonly lanes: Readonly<Record<string, Lane>>
  readonly pairs: readonly { readonly key: string; readonly points: number }[]
  readonly judged: number
}

const amount = v.pipe(v.number(), v.finite(), v.minValue(0))
const bin = v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(31))
const share = v.pipe(v.number(), v.minValue(0), v.maxValue(1))
const QueryTypeName = v.pipe(v.string(), v.regex(/^[a-z][a-z0-9_]{0,63}$/, "must be the name of a query type"))
const PairKey = v.pipe(v.string(), v.regex(/^[0-9a-f]{16}$/, "must be a pair's key"))
const Counts: v.GenericSchema<unknown, Partial<Record<CacheState, number>>> = v.record(v.picklist(cacheStates), amount)

const mostLanes = 100

export const LaneNews: v.GenericSchema<unknown, LaneNews> = v.strictObject({
  delta: v.pipe(v.number(), v.minValue(0.0001), v.maxValue(0.9999)),
  counts: v.pipe(
    v.record(QueryTypeName, Counts),
    v.check((counts) => Object.keys(counts).length <= mostLanes, `Report at most ${mostLanes} lanes at once.`),
  ),
  findings: v.pipe(
    v.array(
      v.strictObject({ queryType: QueryTypeName, bin, right: v.boolean(), weight: share, wouldServe: v.boolean() }),
    ),
    v.maxLength(laneNewsLimits.findings),
  ),
  pairs: v.pipe(
    v.array(
      v.strictObject({
        key: PairKey,
        verdict: v.picklist(["same", "different", "unclear"]),
        weight: share,
        judgement: v.exactOptional(v.picklist(["same", "different"])),
      }),
    ),
    v.maxLength(laneNewsLimits.pairs),
  ),
  judged: amount,
})

/** What is stored. Anything else is from another version of the rules, and worth less than a fresh start. */
export const LaneBook: v.GenericSchema<unknown, LaneBook> = v.strictObject({
  lanes: v.record(
    QueryTypeName,
    v.strictObject({
      counts: Counts,
      open: v.boolean(),
      audited: amount,
      wrong: amount,
      auditedEver: amount,
      wrongEver: amount,
      changedAt: amount,
      evidence: v.array(v.strictObject({ right: amount, wrong: amount })),
    }),
  ),
  pairs: v.array(v.strictObject({ key: PairKey, points: v.pipe(v.number(), v.finite()) })),
  judged: amount,
})
