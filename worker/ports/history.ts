import type { HistoryFilter, HistoryLine, HistoryQuery } from "../../contract/history.ts"
import type { CacheState, RequestRecord } from "../../contract/record.ts"

/** What is remembered of a finished request: its record, whose it was, and how it ended. Never the picture, question or answer. */
export interface HistoryEntry {
  readonly tenant: string
  readonly endpoint: string
  readonly status: number
  readonly errorCode?: string
  readonly record: RequestRecord
}

/** How many requests of one day, query type and cache state there were, and what they came to. */
export interface HistoryTally {
  /** Of the UTC calendar: 2026-11-25. */
  readonly day: string
  readonly queryType: string
  readonly cache: CacheState
  readonly failed: boolean
  readonly requests: number
  readonly usd: number
  readonly savedUsd: number
}

/** Remembers finished requests, and tells each tenant of its own. */
export interface History {
  /** Background work: never rejects, drops (and counts) what it cannot write in time. */
  readonly remember: (entry: HistoryEntry) => Promise<void>
  /** The tenant's newest requests that fit, newest first. Rejects when the database is away. */
  readonly read: (tenant: string, query: HistoryQuery) => Promise<readonly HistoryLine[]>
  /** The tenant's requests that fit, counted; in any order. Rejects when the database is away. */
  readonly tally: (tenant: string, filter: HistoryFilter) => Promise<readonly HistoryTally[]>
}
