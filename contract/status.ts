import type { CacheState } from "./record.ts"
import type { ProviderStatus } from "./providers.ts"

/** The answer to `GET /v1/status`: one section per area. Numbers that belong to a tenant are the asking key's own tenant's. */
export interface StatusResponse {
  readonly at: string
  readonly gateway: GatewayStatus
  readonly providers: readonly CandidateStatus[]
  readonly queryResults: QueryResultsStatus
  readonly cache: CacheStatus
  readonly estimates: EstimateStatus
  /** How the published token formulas for pictures hold, by model; of the isolate or process that answered. */
  readonly imageTokens: readonly ImageTokenStatus[]
}

export interface ImageTokenStatus {
  readonly provider: string
  readonly model: string
  /** Answers about pictures whose usage was compared with the estimate. */
  readonly answers: number
  /** Those in which it was off by more than 5 %. */
  readonly drifted: number
  /** Of all of them; 0.1 where the provider counts 10 % more than the formula. */
  readonly meanDrift: number
  readonly lastDriftAt?: string
}

/** What the cache did for the tenant, by query type, in all isolates; or why that cannot be told now. */
export type CacheStatus = TenantCacheStatus | { readonly unavailable: string }

export interface TenantCacheStatus {
  /** How often the small judge was asked whether two wordings are one. */
  readonly judged: number
  readonly lanes: Readonly<Record<string, LaneStatus>>
}

export interface LaneStatus {
  /** Answered requests for which the cache was asked, and those by how that went. */
  readonly lookups: number
  readonly byState: Readonly<Partial<Record<CacheState, number>>>
  /** Answers to neighboring questions, checked against a provider's own. */
  readonly near: {
    /** Closed while too many audited answers were wrong. */
    readonly open: boolean
    readonly since: string
    /** Since it opened or closed; an audit counts for as much as it proves. */
    readonly audited: number
    readonly wrong: number
    /** The share of wrong answers is below this, with 95 % certainty; 1 while nothing was audited. */
    readonly errorLimit95: number
    readonly auditedEver: number
    readonly wrongEver: number
  }
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

/** Whether estimated response times come true, of the last thousand or so answers of each candidate. */
export interface EstimateStatus {
  /** Answers for which a time was stated that nine in ten do not exceed. */
  readonly stated: number
  /** The share of them that came within it; absent before the first. The goal is 0.9. */
  readonly withinP90?: number
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
