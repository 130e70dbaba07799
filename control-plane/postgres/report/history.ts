import * as v from "valibot"
import type { ServerScans } from "../observe/read-scans.ts"

/** What was counted at a moment. */
export interface Snapshot {
  readonly at: string
  /** When the server began to count statements. */
  readonly statementsSince?: string
  readonly statements: readonly StatementTotals[]
  /** Of the primary, and of each standby that was looked at. */
  readonly scans: readonly ServerScans[]
}

export interface StatementTotals {
  readonly queryId: string
  readonly calls: number
  readonly totalMs: number
}

/** Snapshots of one database, the newest last. */
export type History = readonly Snapshot[]

const mostDays = 60

export const HistorySchema: v.GenericSchema<unknown, History> = v.array(
  v.object({
    at: v.pipe(v.string(), v.isoTimestamp()),
    statementsSince: v.exactOptional(v.string()),
    statements: v.array(v.object({ queryId: v.string(), calls: v.number(), totalMs: v.number() })),
    scans: v.array(
      v.object({
        server: v.string(),
        since: v.exactOptional(v.string()),
        byIndex: v.record(v.string(), v.number()),
      }),
    ),
  }),
)

/** The history with one snapshot more. Of each day the last one stays: counts only grow, so no use in between is lost. */
export const withSnapshot = (history: History, snapshot: Snapshot): History =>
  [...history.filter(({ at }) => dayOf(at) !== dayOf(snapshot.at)), snapshot].slice(-mostDays)

export const dayOf = (at: string): string => at.slice(0, 10)

/** What a counter grew by from one moment to the next. Where the server began anew in between, what it counted before is lost. */
export const growth = (
  before: { readonly since?: string; readonly count: number },
  after: { readonly since?: string; readonly count: number },
): { readonly count: number; readonly isReset: boolean } => {
  // A count that fell tells of a reset without a date; a date tells of one whose counts have passed the old ones since.
  const isReset = before.since !== after.since || after.count < before.count
  return { count: isReset ? after.count : after.count - before.count, isReset }
}
