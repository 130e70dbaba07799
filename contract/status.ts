import type { ProviderStatus } from "./providers.ts"

/** The answer to `GET /v1/status`: one section per area. Numbers that belong to a tenant are the asking key's own tenant's. */
export interface StatusResponse {
  readonly at: string
  readonly gateway: GatewayStatus
  readonly providers: readonly CandidateStatus[]
  readonly queryResults: QueryResultsStatus
}

/** The isolate or process that answered; others may be older or younger. */
export interface GatewayStatus {
  readonly version: string
  readonly startedAt: string
  readonly uptimeS: number
}

/** How often the tenant's history queries were answered from the store, by this isolate or process since it began. */
export interface QueryResultsStatus {
  readonly hits: number
  readonly misses: number
  /** The store was away, and the database was asked. */
  readonly unavailable: number
}

/** How a candidate does, as all isolates see it. `GET /v1/providers` tells why it stands where it does. */
export type CandidateStatus = Pick<
  ProviderStatus,
  | "provider"
  | "model"
  | "simulated"
  | "healthy"
  | "inFlight"
  | "responseTimeSamples"
  | "p50Ms"
  | "p95Ms"
  | "failuresInARow"
  | "restUntil"
>
