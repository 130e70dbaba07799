import type { AuditStatus, ProvidersResponse, ProviderStatus } from "../../contract/providers.ts"
import type { Snapshot } from "../../contract/provider-board.ts"
import type { CandidateRecord } from "../../contract/record.ts"
import { GatewayError } from "../errors.ts"
import type { Gateway } from "../gateway.ts"
import { shareNews } from "../pipeline/share-news.ts"
import { queryTypes } from "../prompts/find-query-type.ts"
import type { RequestContext } from "../request-context.ts"
import { toDirectiveStatus } from "./order-providers.ts"
import { modelId } from "../routing/model-ref.ts"
import { failuresInARow } from "../routing/breaker.ts"
import { underDirectives } from "../routing/directives.ts"
import { rankCandidates } from "../routing/rank-candidates.ts"
import { wakesAt } from "../routing/standing.ts"

/** `GET /v1/providers`: what `auto` chooses from, best first, with the numbers behind each place. */
export const getProviders = async (context: RequestContext, gateway: Gateway): Promise<Response> => {
  const queryType = new URL(context.request.url).searchParams.get("queryType") ?? undefined
  if (queryType !== undefined && !queryTypes.has(queryType)) {
    const known = [...queryTypes.keys()].join(", ")
    throw new GatewayError("invalid_request", `The query type "${queryType}" is not known. Known types: ${known}.`)
  }
  const listed = listProviders(context, gateway, queryType)
  const audit = await readAudit(context, gateway)
  return Response.json({ ...listed, ...(audit === undefined ? {} : { audit }) } satisfies ProvidersResponse)
}

/** Who ordered what is for those who may order. */
const readAudit = async (
  { caller, id }: RequestContext,
  { ports }: Gateway,
): Promise<readonly AuditStatus[] | undefined> => {
  if (caller.admin === undefined) return undefined
  try {
    return (await ports.board.audit()).map((entry) => ({ ...entry, at: new Date(entry.at).toISOString() }))
  } catch (error) {
    ports.log({ message: "orders not read", requestId: id, error: String(error) })
    return undefined
  }
}

/** The accuracy is that for the query type; without one, what is expected of a model that nobody rated. */
export const listProviders = (
  { caller }: Pick<RequestContext, "caller">,
  gateway: Gateway,
  queryType?: string,
): ProvidersResponse => {
  const { ports, autoModels } = gateway
  const now = ports.now()
  const snapshot = ports.board.snapshot(now)
  shareNews(ports, now)
  const listed = autoModels.filter(
    ({ provider }) => caller.providers === undefined || caller.providers.includes(provider),
  )
  const byWeight = rankCandidates(listed, snapshot, {
    inFlightHere: ports.board.inFlightHere,
    now,
    random: ports.random,
    ...(queryType === undefined ? {} : { queryType }),
  })
  const directives = ports.board.directives(now)
  const ranked = underDirectives(byWeight, directives, now)
  return {
    ...(queryType === undefined ? {} : { queryType }),
    ...(snapshot.at > 0 ? { snapshotAt: new Date(snapshot.at).toISOString() } : {}),
    providers: ranked.map((candidate) => toStatus(candidate, snapshot, now, gateway)),
    directives: directives.map(toDirectiveStatus),
  }
}

const toStatus = (
  candidate: CandidateRecord,
  snapshot: Snapshot,
  now: number,
  { providers }: Gateway,
): ProviderStatus => {
  const provider = providers.get(candidate.provider)
  const view = snapshot.candidates[modelId(candidate)]
  const restUntil = view === undefined ? 0 : wakesAt(view)
  return {
    ...candidate,
    wire: provider?.wire ?? "openai",
    simulated: provider?.simulated ?? false,
    healthy: candidate.standing === "ready" || candidate.standing === "spared",
    ...(view?.p50Ms === undefined ? {} : { p50Ms: view.p50Ms }),
    ...(view?.p95Ms === undefined ? {} : { p95Ms: view.p95Ms }),
    responseTimeSamples: view?.responseTimeSamples ?? 0,
    failuresInARow: view === undefined ? 0 : failuresInARow(view.breaker),
    ...(restUntil > now ? { restUntil: new Date(restUntil).toISOString() } : {}),
  }
}
