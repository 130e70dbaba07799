import type { FinishReason, Usage } from "../../contract/analyze.ts"
import type { NearEntry } from "../cache/near/near-entry.ts"

/**
 * Where the answer to a question lies. All three are opaque: HMACs under the tenant's key, in hex, so they say nothing
 * and nobody can name another tenant's.
 */
export interface CacheAddress {
  readonly tenant: string
  /** All questions about the same pictures, under the same conditions. */
  readonly group: string
  /** The question itself, in its canonical form. Also the entry's id within its group. */
  readonly entry: string
}

/** What is kept of an answer. */
export interface CachedAnswer {
  /** The question as it was asked: tells the same wording from another one, and checks what a neighbor claims. */
  readonly question: string
  readonly answer: string
  readonly provider: string
  readonly model: string
  readonly finishReason: FinishReason
  readonly usage: Usage
  readonly costUsd: number
  readonly imageTokens: number
  /** Milliseconds since the epoch. */
  readonly writtenAt: number
  /** At most a day later. */
  readonly expiresAt: number
  /** Proves that this gateway wrote it, and for this address; stores only carry it. */
  readonly seal?: string
}

export interface CacheEntry {
  /** The entry's own id: another than the one asked for where an alias led to it. */
  readonly id: string
  readonly answer: CachedAnswer
  /** How often it has answered so far, and when last (ms since the epoch). */
  readonly hits: number
  readonly lastAccessAt?: number
  /** Where an alias led here: its own seal. */
  readonly aliasSeal?: string
}

export type Lookup = {
  /**
   * The point between two invalidations at which the store was asked. A write gives it back, so that an answer that was
   * on its way during an invalidation is never found.
   */
  readonly epoch: string
} & (
  | { readonly found: true; readonly entry: CacheEntry }
  /** At most `groupLimit` others of the group, without their answers. */
  | { readonly found: false; readonly neighbors: readonly NearEntry[] }
)

export interface AnswerToKeep {
  readonly answer: CachedAnswer
  readonly epoch: string
  /** Opaque names, of 1 to 64 letters and digits each, by which it can be invalidated. */
  readonly labels: readonly string[]
  /** What the near lane needs; absent where the question is nobody's neighbor. */
  readonly near?: Pick<NearEntry, "embedder" | "vector" | "answerHash">
}

/** A group forgets the neighbor that was used longest ago when it has more than this many. */
export const groupLimit = 64
/** An entry takes no further aliases then. */
export const aliasLimit = 32

/**
 * Keeps answers for a bounded time. Nothing that has expired or was invalidated is ever found; what a store cannot read is
 * nothing, and is removed. Every method may reject when the store is away: the caller goes on without a cache.
 */
export interface AnswerCache {
  /** One round trip. */
  readonly lookUp: (address: CacheAddress) => Promise<Lookup>
  /** The entry itself, for a neighbor that is to answer. Follows no alias. */
  readonly read: (address: CacheAddress) => Promise<CacheEntry | undefined>
  /** Takes the place of what was there, counts included. What was asked for before an invalidation is not kept. */
  readonly write: (address: CacheAddress, kept: AnswerToKeep) => Promise<void>
  /** Counts one hit on what was found at the address. Never extends an entry's life. */
  readonly touch: (address: CacheAddress, entry: CacheEntry, now: number) => Promise<void>
  /** From now on the address leads to the entry of that id in its group, as long as that lives. */
  readonly alias: (from: CacheAddress, id: string, seal?: string) => Promise<void>
  /**
   * Removes an entry with its aliases, because it was found wrong. While its group remembers it, it answers no near
   * question any more, even when it was written anew. Given an alias, does so with what it leads to.
   */
  readonly quarantine: (address: CacheAddress) => Promise<void>
  /** Removes what lies at the address, and it alone. */
  readonly remove: (address: CacheAddress) => Promise<void>
  /** All of the tenant's entries with any of these labels, or simply all, are out. Constant time, however many they are. */
  readonly invalidate: (tenant: string, labels: readonly string[] | "all") => Promise<void>
}
