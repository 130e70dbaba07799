import type { FinishReason, Usage } from "../../contract/analyze.ts"

/** What is kept of an answer. */
export interface CachedAnswer {
  readonly answer: string
  readonly provider: string
  readonly model: string
  readonly finishReason: FinishReason
  readonly usage: Usage
  readonly costUsd: number
  readonly imageTokens: number
  /** Tells the exact question from one that only has the same canonical form. */
  readonly questionHash: string
  /** Milliseconds since the epoch. */
  readonly writtenAt: number
  readonly expiresAt: number
}

export interface CacheEntry {
  readonly answer: CachedAnswer
  /** How often it has answered so far, and when last (ms since the epoch). */
  readonly hits: number
  readonly lastAccessAt?: number
}

/**
 * Keeps answers for a bounded time under opaque keys. `get` finds nothing that has expired; what it cannot read is
 * nothing, and is removed. Every method may reject when the store is away: the caller goes on without a cache.
 */
export interface AnswerCache {
  readonly get: (key: string) => Promise<CacheEntry | undefined>
  readonly put: (key: string, answer: CachedAnswer) => Promise<void>
  /** Counts one hit. Never extends an entry's life. */
  readonly touch: (key: string, entry: CacheEntry, now: number) => Promise<void>
}
