import * as v from "valibot"
import { HistoryLine } from "../../../contract/history.ts"
import type { HistoryFilter, HistoryQuery } from "../../../contract/history.ts"
import { cacheStates } from "../../../contract/record.ts"
import type { HistoryTally } from "../../ports/history.ts"

/** A statement with its values, and what its rows mean. The tenant always stands in it, so nobody reads another's lines. */
export interface Statement<Row> {
  readonly text: string
  readonly values: readonly unknown[]
  readonly toRows: (rows: unknown) => readonly Row[]
}

/** Numbers come as numbers and times as ISO 8601, whatever the driver would make of Postgres' own types. */
const columns = `id::text as "requestId", to_char(at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') as at,
  endpoint, status::int, error_code as "errorCode", query_type as "queryType", cache_state as cache, provider, model,
  attempts::int, image_tokens as "imageTokens", image_tokens_saved as "imageTokensSaved", usd::float8 as usd,
  saved_usd::float8 as "savedUsd", total_ms as "totalMs", overhead_ms as "overheadMs", upstream_ms as "upstreamMs",
  first_token_ms as "firstTokenMs"`

const absent = (row: unknown): unknown =>
  typeof row === "object" && row !== null
    ? Object.fromEntries(Object.entries(row).filter(([, value]) => value !== null))
    : row

const Lines = v.array(v.pipe(v.unknown(), v.transform(absent), HistoryLine))

export const selectLines = (table: string, tenant: string, query: HistoryQuery): Statement<HistoryLine> => {
  const { where, values } = whereOf(tenant, query)
  return {
    text: `select ${columns} from ${table} where ${where} order by analyses.at desc, id limit ${query.limit}`,
    values,
    toRows: (rows) => v.parse(Lines, rows),
  }
}

const count = v.pipe(v.number(), v.minValue(0))
const Tallies: v.GenericSchema<unknown, readonly HistoryTally[]> = v.array(
  v.object({
    day: v.string(),
    queryType: v.string(),
    cache: v.picklist(cacheStates),
    failed: v.boolean(),
    requests: count,
    usd: v.number(),
    savedUsd: v.number(),
  }),
)

export const countLines = (table: string, tenant: string, filter: HistoryFilter): Statement<HistoryTally> => {
  const { where, values } = whereOf(tenant, filter)
  return {
    text: `select to_char(at at time zone 'UTC', 'YYYY-MM-DD') as day, query_type as "queryType", cache_state as cache,
      status >= 400 as failed, count(*)::int as requests, sum(usd)::float8 as usd, sum(saved_usd)::float8 as "savedUsd"
      from ${table} where ${where} group by 1, 2, 3, 4`,
    values,
    toRows: (rows) => v.parse(Tallies, rows),
  }
}

const whereOf = (
  tenant: string,
  { since, until, queryType, provider }: HistoryFilter,
): { readonly where: string; readonly values: readonly string[] } => {
  const conditions = [
    ["tenant =", tenant],
    ["analyses.at >=", since],
    ["analyses.at <", until],
    ["query_type =", queryType],
    ["provider =", provider],
  ] as const
  const given = conditions.flatMap(([left, value]) => (value === undefined ? [] : [{ left, value }]))
  return {
    where: given.map(({ left }, index) => `${left} $${index + 1}`).join(" and "),
    values: given.map(({ value }) => value),
  }
}
