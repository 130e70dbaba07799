import type { RequestRecord } from "../../contract/record.ts"

/** What is remembered of a finished request: its record, whose it was, and how it ended. Never the picture, question or answer. */
export interface HistoryEntry {
  readonly tenant: string
  readonly endpoint: string
  readonly status: number
  readonly errorCode?: string
  readonly record: RequestRecord
}

/** Remembers finished requests. Background work: never rejects, drops (and counts) what it cannot write in time. */
export interface History {
  readonly remember: (entry: HistoryEntry) => Promise<void>
}
