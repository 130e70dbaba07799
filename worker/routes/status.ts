import type {
  CandidateStatus,
  GatewayStatus,
  ImageTokenStatus,
  EstimateStatus,
  QueryResultsStatus,
  StatusResponse,
} from "../../contract/status.ts"
import type { Gateway } from "../gateway.ts"
import type { RequestContext } from "../request-context.ts"
import { version } from "../version.ts"
import { cacheStatus } from "./cache-status.ts"
import { listProviders } from "./providers.ts"

/**
 * `GET /v1/status`: how the gateway does, for the control plane and for people. One section per area, each made by a
 * function of its own. Any key may ask; what belongs to a tenant is told to that tenant's keys alone.
 */
export const getStatus = async (context: RequestContext, gateway: Gateway): Promise<Response> => {
  const body: StatusResponse = {
    at: new Date(gateway.ports.now()).toISOString(),
    gateway: gatewayStatus(gateway),
    providers: candidateStatus(context, gateway),
    queryResults: queryResultsStatus(context, gateway),
    cache: await cacheStatus(context, gateway),
    imageTokens: imageTokenStatus(context, gateway),
    estimates: estimateStatus(gateway),
  }
  return Response.json(body)
}

const gatewayStatus = ({ startedAt, ports }: Pick<Gateway, "startedAt" | "ports">): GatewayStatus => ({
  version,
  startedAt: new Date(startedAt).toISOString(),
  uptimeS: Math.floor((ports.now() - startedAt) / 1000),
})

const queryResultsStatus = (
  { caller }: Pick<RequestContext, "caller">,
  { counters }: Pick<Gateway, "counters">,
): QueryResultsStatus => {
  const counts = counters.of(caller.tenant)
  return {
    hits: counts.query_result_hits,
    misses: counts.query_result_misses,
    unavailable: counts.query_results_unavailable,
  }
}

const estimateStatus = ({ ports }: Pick<Gateway, "ports">): EstimateStatus => {
  let [stated, within] = [0, 0]
  for (const { calibration } of Object.values(ports.board.snapshot(ports.now()).candidates)) {
    stated += calibration.stated
    within += calibration.within
  }
  return { stated: Math.round(stated), ...(stated === 0 ? {} : { withinP90: within / stated }) }
}

const candidateStatus = (context: RequestContext, gateway: Gateway): readonly CandidateStatus[] =>
  listProviders(context, gateway).providers.map(
    ({ provider, model, simulated, healthy, inFlight, responseTimeSamples, failuresInARow, ...rest }) => ({
      provider,
      model,
      simulated,
      healthy,
      inFlight,
      responseTimeSamples,
      ...(rest.p50Ms === undefined ? {} : { p50Ms: rest.p50Ms }),
      ...(rest.p95Ms === undefined ? {} : { p95Ms: rest.p95Ms }),
      failuresInARow,
      ...(rest.restUntil === undefined ? {} : { restUntil: rest.restUntil }),
    }),
  )

/** Of the providers that the key may use; nobody is told of others. */
const imageTokenStatus = (
  { caller }: Pick<RequestContext, "caller">,
  { tokenDrift }: Pick<Gateway, "tokenDrift">,
): readonly ImageTokenStatus[] =>
  tokenDrift.status().filter(({ provider }) => caller.providers === undefined || caller.providers.includes(provider))
