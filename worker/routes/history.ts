import * as v from "valibot"
import { HistoryFilter, HistoryLine, HistoryQuery, HistorySummary } from "../../contract/history.ts"
import type { HistoryResponse, HistorySummaryResponse } from "../../contract/history.ts"
import { summarizeHistory } from "../cache/summarize-history.ts"
import { GatewayError } from "../errors.ts"
import type { Gateway } from "../gateway.ts"
import { cachedQuery } from "../pipeline/cached-query.ts"
import type { QueryResult } from "../pipeline/cached-query.ts"
import { validate } from "../pipeline/validate.ts"
import type { History } from "../ports/history.ts"
import type { RequestContext } from "../request-context.ts"

/** `GET /v1/history`: the tenant's own requests, newest first. */
export const getHistory = async (context: RequestContext, gateway: Gateway): Promise<Response> => {
  const history = historyOf(gateway)
  const query = validate(HistoryQuery, parametersOf(context))
  const run = () => history.read(context.caller.tenant, query).catch(databaseAway)
  const schema = v.array(HistoryLine)
  const result = await cachedQuery({ type: "history", parameters: query, run, schema }, context, gateway)
  const body: HistoryResponse = { at: new Date(result.at).toISOString(), requests: result.value }
  return respond(body, result, context, gateway)
}

/** `GET /v1/history/summary`: the same, counted by day and query type. */
export const getHistorySummary = async (context: RequestContext, gateway: Gateway): Promise<Response> => {
  const history = historyOf(gateway)
  const filter = validate(HistoryFilter, parametersOf(context))
  const run = async () => summarizeHistory(await history.tally(context.caller.tenant, filter).catch(databaseAway))
  const result = await cachedQuery(
    { type: "history-summary", parameters: filter, run, schema: HistorySummary },
    context,
    gateway,
  )
  const body: HistorySummaryResponse = { at: new Date(result.at).toISOString(), ...result.value }
  return respond(body, result, context, gateway)
}

const historyOf = ({ ports }: Gateway): History => {
  if (ports.history !== undefined) return ports.history
  throw new GatewayError("not_configured", "No history is kept here. Set DATABASE_URL, and run the migrations.")
}

const databaseAway = (cause: unknown): never => {
  throw new GatewayError("history_unavailable", "The history's database does not answer. Try again in a moment.", {
    retryAfterS: 5,
    cause,
  })
}

const parametersOf = ({ request }: RequestContext): Record<string, string> =>
  Object.fromEntries(new URL(request.url).searchParams)

const respond = (
  body: HistoryResponse | HistorySummaryResponse,
  { at, cache }: Pick<QueryResult<unknown>, "at" | "cache">,
  { id }: RequestContext,
  { ports }: Gateway,
): Response =>
  Response.json(body, {
    headers: {
      "x-voltgate-request-id": id,
      "x-voltgate-cache": cache,
      age: String(Math.max(0, Math.floor((ports.now() - at) / 1000))),
    },
  })
