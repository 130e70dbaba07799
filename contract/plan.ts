import type { CacheRecord, CandidateRecord, ImageRecord } from "./record.ts"

/** The answer to `POST /v1/optimize`: what the gateway would do, before it does it. */
export interface PlanResponse {
  readonly id: string
  readonly queryType: string
  readonly notices: readonly string[]
  readonly cache: CacheRecord
  /** Best first, by the weight that selection uses. */
  readonly candidates: readonly CandidateRecord[]
  /** What each picture would become for the first candidate. */
  readonly images: readonly ImageRecord[]
  readonly prompt: {
    readonly template: string
    readonly system: string
    readonly user: string
    readonly maxOutputTokens: number
    readonly schema?: unknown
  }
  readonly estimate: {
    /** Half of such answers come within it. */
    readonly responseTimeMs: number
    /** And nine in ten within this; absent when the cache answers. */
    readonly responseTimeP90Ms?: number
    readonly basis: "cache" | "prior" | "measured"
    readonly inputTokens: number
    readonly usd: number
    /** What the smaller pictures save of a call's price. */
    readonly savedUsd: number
  }
}
