import type { ProvidersResponse, ProviderStatus } from "../../contract/providers.ts"
import type { Snapshot } from "../../contract/provider-board.ts"
import type { CandidateRecord } from "../../contract/record.ts"
import type { Gateway } from "../gateway.ts"
import { shareNews } from "../pipeline/share-news.ts"
import type { RequestContext } from "../request-context.ts"
import { modelId } from "../routing/model-ref.ts"
import { failuresInARow } from "../routing/breaker.ts"
import { rankCandidates } from "../routing/rank-candidates.ts"
import { wakesAt } from "../routing/standing.ts"

/** `GET /v1/providers`: what `auto` chooses from, best first, with the numbers behind each place. */
export const getProviders = (context: RequestContext, gateway: Gateway): Response =>
  Response.json(listProviders(context, gateway))

export const listProviders = ({ caller }: Pick<RequestContext, "caller">, gateway: Gateway): ProvidersResponse => {
  const { ports, autoModels } = gateway
  const now = ports.now()
  const snapshot = ports.board.snapshot(now)
  shareNews(ports, now)
  const listed = autoModels.filter(
    ({ provider }) => caller.providers === undefined || caller.providers.includes(provider),
  )
  const ranked = rankCandidates(listed, snapshot, {
    inFlightHere: ports.board.inFlightHere,
    now,
    random: ports.random,
  })
  return {
    ...(snapshot.at > 0 ? { snapshotAt: new Date(snapshot.at).toISOString() } : {}),
    providers: ranked.map((candidate) => toStatus(candidate, snapshot, now, gateway)),
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
