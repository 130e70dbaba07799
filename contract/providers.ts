import type { AuditEntry, Directive } from "./directives.ts"
import type { CandidateRecord } from "./record.ts"

/** The answer to `GET /v1/providers`. */
export interface ProvidersResponse {
  /** When the numbers were last shared between isolates; absent before the first time. */
  readonly snapshotAt?: string
  /** Whose accuracy the terms hold; absent where none was named. */
  readonly queryType?: string
  readonly providers: readonly ProviderStatus[]
  /** What people ordered, as far as it holds. */
  readonly directives: readonly DirectiveStatus[]
  /** The last orders, the newest first; for admin keys, and absent where they cannot be had. */
  readonly audit?: readonly AuditStatus[]
}

/** The answer to `POST /v1/providers`. */
export interface OrderedResponse {
  readonly directives: readonly DirectiveStatus[]
}

/** Times as ISO 8601. */
export interface DirectiveStatus extends Omit<Directive, "until"> {
  readonly until: string
}
export interface AuditStatus extends Omit<AuditEntry, "at"> {
  readonly at: string
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
