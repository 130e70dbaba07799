import type { CandidateRecord } from "./record.ts"

/** The answer to `GET /v1/providers`. */
export interface ProvidersResponse {
  /** When the numbers were last shared between isolates; absent before the first time. */
  readonly snapshotAt?: string
  readonly providers: readonly ProviderStatus[]
}

export interface ProviderStatus extends CandidateRecord {
  readonly wire: "openai" | "anthropic" | "google"
  readonly simulated: boolean
  readonly healthy: boolean
  readonly p50Ms?: number
  readonly p95Ms?: number
  readonly responseTimeSamples: number
  readonly failuresInARow: number
  readonly restUntil?: string
}
