import type { ProviderStatus } from "../../contract/providers.ts"
import type { LaneStatus } from "../../contract/status.ts"
import type { Gateway } from "../gateway.ts"
import type { RequestContext } from "../request-context.ts"
import { version } from "../version.ts"
import { cacheStatus } from "./cache-status.ts"
import { prometheusText } from "./prometheus-text.ts"
import type { MetricFamily, MetricSample } from "./prometheus-text.ts"
import { listProviders } from "./providers.ts"

/**
 * `GET /metrics`: the status in Prometheus' format, for the tenant of the key. Only what all isolates share is told:
 * counts of one isolate would jump with each scrape, which may meet another.
 */
export const getMetrics = async (context: RequestContext, gateway: Gateway): Promise<Response> => {
  const { providers } = listProviders(context, gateway)
  const cache = await cacheStatus(context, gateway)
  const families = [
    {
      name: "voltgate_build_info",
      help: "The gateway's version.",
      type: "gauge",
      samples: [{ labels: { version }, value: 1 }],
    } as const,
    ...routeMetrics(providers),
    ...("lanes" in cache ? cacheMetrics(cache.lanes) : []),
  ]
  return new Response(prometheusText(families), {
    headers: { "content-type": "text/plain; version=0.0.4; charset=utf-8", "cache-control": "no-store" },
  })
}

/** Named as OpenTelemetry's conventions for generative AI have it, where they have a name. */
const routeMetrics = (providers: readonly ProviderStatus[]): readonly MetricFamily[] => {
  const each = (valueOf: (status: ProviderStatus) => number | undefined, more = {}): readonly MetricSample[] =>
    providers.flatMap((status) => {
      const value = valueOf(status)
      const labels = { gen_ai_provider_name: status.provider, gen_ai_request_model: status.model, ...more }
      return value === undefined ? [] : [{ labels, value }]
    })
  const seconds = (ms: number | undefined): number | undefined => (ms === undefined ? undefined : ms / 1000)
  return [
    {
      name: "gen_ai_client_operation_duration_seconds",
      help: "Response times of the last successes.",
      type: "summary",
      samples: [
        ...each(({ p50Ms }) => seconds(p50Ms), { quantile: "0.5" }),
        ...each(({ p95Ms }) => seconds(p95Ms), { quantile: "0.95" }),
      ],
    },
    {
      name: "voltgate_route_healthy",
      help: "1 where the candidate may be asked, 0 while it rests.",
      type: "gauge",
      samples: each(({ healthy }) => Number(healthy)),
    },
    {
      name: "voltgate_route_in_flight",
      help: "Requests in flight, in all isolates.",
      type: "gauge",
      samples: each(({ inFlight }) => inFlight),
    },
    {
      name: "voltgate_route_selection_weight",
      help: "What selection goes by; the best is asked.",
      type: "gauge",
      samples: each(({ selectionWeight }) => selectionWeight),
    },
  ]
}

const cacheMetrics = (lanes: Readonly<Record<string, LaneStatus>>): readonly MetricFamily[] => {
  const each = (valueOf: (lane: LaneStatus) => number): readonly MetricSample[] =>
    Object.entries(lanes).map(([queryType, lane]) => ({ labels: { query_type: queryType }, value: valueOf(lane) }))
  return [
    {
      name: "voltgate_cache_requests_total",
      help: "Answered requests, by how the cache took part.",
      type: "counter",
      samples: Object.entries(lanes).flatMap(([queryType, { byState }]) =>
        Object.entries(byState).map(([state, value]) => ({ labels: { query_type: queryType, state }, value })),
      ),
    },
    {
      name: "voltgate_cache_near_audited_total",
      help: "Near answers that were checked against a provider's.",
      type: "counter",
      samples: each(({ near }) => near.auditedEver),
    },
    {
      name: "voltgate_cache_near_wrong_total",
      help: "Those of them that were wrong.",
      type: "counter",
      samples: each(({ near }) => near.wrongEver),
    },
    {
      name: "voltgate_cache_near_error_limit",
      help: "The share of wrong near answers is below this, with 95 % certainty.",
      type: "gauge",
      samples: each(({ near }) => near.errorLimit95),
    },
    {
      name: "voltgate_cache_near_open",
      help: "1 where near answers are given, 0 while audits say otherwise.",
      type: "gauge",
      samples: each(({ near }) => Number(near.open)),
    },
  ]
}
