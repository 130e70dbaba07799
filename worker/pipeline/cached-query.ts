import * as v from "valibot"
import { queryResultsKey } from "../cache/query-results-key.ts"
import type { Gateway } from "../gateway.ts"
import type { RequestContext } from "../request-context.ts"

/** A result is at most this old. */
export const queryResultLifeMs = 300_000

export interface QueryResult<T> {
  /** When the database was asked; milliseconds since the epoch. */
  readonly at: number
  readonly value: T
  readonly cache: "hit" | "miss" | "bypass"
}

interface Query<T> {
  readonly type: string
  readonly parameters: object
  readonly run: () => Promise<T>
  /** What a stored result must look like: what does not is asked for anew. */
  readonly schema: v.GenericSchema<unknown, T>
}

/** A query's result from the store or, where that has none or is away, from the database. Only the database can fail it. */
export const cachedQuery = async <T>(
  { type, parameters, run, schema }: Query<T>,
  { id, caller }: Pick<RequestContext, "id" | "caller">,
  { ports, counters }: Pick<Gateway, "ports" | "counters">,
): Promise<QueryResult<T>> => {
  const { queryResults, now } = ports
  const fresh = async (cache: "miss" | "bypass"): Promise<QueryResult<T>> => {
    const at = now()
    return { at, value: await run(), cache }
  }
  if (queryResults === undefined) return fresh("bypass")
  const { tenant } = caller
  const key = await queryResultsKey(type, tenant, parameters)
  const unavailable = (error: unknown): "unavailable" => {
    counters.count(tenant, "query_results_unavailable")
    ports.log({ message: "query results unavailable", requestId: id, error: String(error) })
    return "unavailable"
  }
  const read = await queryResults.get(key).then((text) => ({ text }), unavailable)
  if (read === "unavailable") return fresh("bypass")
  const kept = readKept(read.text, schema)
  if (kept !== undefined) {
    counters.count(tenant, "query_result_hits")
    return { ...kept, cache: "hit" }
  }
  counters.count(tenant, "query_result_misses")
  const result = await fresh("miss")
  const text = JSON.stringify({ at: result.at, value: result.value })
  ports.background(queryResults.put(key, text, queryResultLifeMs).catch(unavailable))
  return result
}

const readKept = <T>(
  text: string | undefined,
  schema: v.GenericSchema<unknown, T>,
): { readonly at: number; readonly value: T } | undefined => {
  const Kept = v.pipe(v.string(), v.parseJson(), v.object({ at: v.pipe(v.number(), v.finite()), value: schema }))
  const kept = v.safeParse(Kept, text)
  return kept.success ? kept.output : undefined
}
