import * as v from "valibot"
import { cacheStates } from "./record.ts"
import type { CacheState } from "./record.ts"

export const mostHistoryLines = 1_000
const usualHistoryLines = 100

/** What `GET /v1/history/summary` counts. */
export interface HistoryFilter {
  /** ISO 8601, UTC. `since` is in, `until` is out. */
  readonly since?: string
  readonly until?: string
  readonly queryType?: string
  readonly provider?: string
}

/** What `GET /v1/history` lists: the newest of those that fit. */
export interface HistoryQuery extends HistoryFilter {
  readonly limit: number
}

const time = v.pipe(
  v.string(),
  v.check(
    (text) => /^\d{4}-\d\d-\d\d(T|$)/.test(text) && !Number.isNaN(Date.parse(text)),
    "Give a date or a time as in 2026-11-25 or 2026-11-25T08:00:00Z.",
  ),
  // One way to write a time, so that the same question is the same question.
  v.transform((text) => new Date(text).toISOString()),
)
const name = v.pipe(v.string(), v.nonEmpty(), v.maxLength(200))
const filter = {
  since: v.exactOptional(time),
  until: v.exactOptional(time),
  queryType: v.exactOptional(name),
  provider: v.exactOptional(name),
}
const inOrder = ({ since, until }: HistoryFilter): boolean =>
  since === undefined || until === undefined || since < until
const order = "`since` must be before `until`."

export const HistoryFilter: v.GenericSchema<unknown, HistoryFilter> = v.pipe(
  v.strictObject(filter),
  v.check((asked) => inOrder(asked), order),
)

export const HistoryQuery: v.GenericSchema<unknown, HistoryQuery> = v.pipe(
  v.strictObject({
    ...filter,
    limit: v.optional(
      v.pipe(
        v.string(),
        v.regex(/^\d{1,4}$/, "Give a whole number."),
        v.transform(Number),
        v.minValue(1),
        v.maxValue(mostHistoryLines),
      ),
      String(usualHistoryLines),
    ),
  }),
  v.check((asked) => inOrder(asked), order),
)

const count = v.pipe(v.number(), v.integer(), v.minValue(0))
const amount = v.pipe(v.number(), v.finite())

/** One finished request. Never its picture, question or answer. */
export interface HistoryLine {
  readonly requestId: string
  readonly at: string
  readonly endpoint: string
  readonly status: number
  readonly errorCode?: string
  readonly queryType: string
  readonly cache: CacheState
  /** Whose answer it was; absent where nobody was asked. */
  readonly provider?: string
  readonly model?: string
  readonly attempts: number
  readonly imageTokens: number
  readonly imageTokensSaved: number
  readonly usd: number
  readonly savedUsd: number
  readonly totalMs: number
  readonly overheadMs: number
  readonly upstreamMs: number
  readonly firstTokenMs?: number
}

export const HistoryLine: v.GenericSchema<unknown, HistoryLine> = v.strictObject({
  requestId: v.string(),
  at: v.string(),
  endpoint: v.string(),
  status: count,
  errorCode: v.exactOptional(v.string()),
  queryType: v.string(),
  cache: v.picklist(cacheStates),
  provider: v.exactOptional(v.string()),
  model: v.exactOptional(v.string()),
  attempts: count,
  imageTokens: count,
  imageTokensSaved: count,
  usd: amount,
  savedUsd: amount,
  totalMs: count,
  overheadMs: count,
  upstreamMs: count,
  firstTokenMs: v.exactOptional(count),
})

/** What some requests came to. */
export interface HistoryTotals {
  readonly requests: number
  readonly failed: number
  /** Answered from the cache: `hit`, `canonical`, `near`. */
  readonly cacheHits: number
  /** Answered by another's request. */
  readonly coalesced: number
  /** `cacheHits` of all that the cache could have answered: `miss` and `coalesced` besides; absent where that is none. */
  readonly hitRate?: number
  readonly usd: number
  readonly savedUsd: number
}

/** The totals of one query type on one day (UTC). */
export interface HistoryDay extends HistoryTotals {
  readonly day: string
  readonly queryType: string
}

export interface HistorySummary {
  readonly total: HistoryTotals
  /** Newest day first, then by query type. */
  readonly days: readonly HistoryDay[]
}

const totals = {
  requests: count,
  failed: count,
  cacheHits: count,
  coalesced: count,
  hitRate: v.exactOptional(amount),
  usd: amount,
  savedUsd: amount,
}
export const HistorySummary: v.GenericSchema<unknown, HistorySummary> = v.strictObject({
  total: v.strictObject(totals),
  days: v.array(v.strictObject({ day: v.string(), queryType: v.string(), ...totals })),
})

/** The answer to `GET /v1/history`. */
export interface HistoryResponse {
  /** When the database was asked; up to five minutes ago. */
  readonly at: string
  readonly requests: readonly HistoryLine[]
}

/** The answer to `GET /v1/history/summary`. */
export interface HistorySummaryResponse extends HistorySummary {
  readonly at: string
}
