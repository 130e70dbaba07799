import * as v from "valibot"
import type { StatementStatistics } from "../workload.ts"

/** What was counted at a moment, for the next report to compare with. */
export interface Snapshot {
  readonly at: string
  readonly statements: readonly { readonly queryId: string; readonly calls: number; readonly totalMs: number }[]
}

export const SnapshotSchema: v.GenericSchema<unknown, Snapshot> = v.object({
  at: v.string(),
  statements: v.array(v.object({ queryId: v.string(), calls: v.number(), totalMs: v.number() })),
})

export interface Trend {
  readonly queryId: string
  readonly text: string
  /** Since the snapshot. */
  readonly calls: number
  readonly totalMs: number
  readonly meanMs: number
  /** Before it. */
  readonly meanMsBefore: number
}

/** What each statement took since a snapshot, the busiest first. Counts that shrank were reset in between: they begin anew. */
export const trendsSince = (last: Snapshot, statements: readonly StatementStatistics[]): readonly Trend[] => {
  const known = new Map(last.statements.map((each) => [each.queryId, each]))
  return statements
    .flatMap(({ queryId, text, calls, totalMs }): readonly Trend[] => {
      const before = known.get(queryId)
      const isReset = before !== undefined && calls < before.calls
      const since =
        before === undefined || isReset
          ? { calls, totalMs }
          : { calls: calls - before.calls, totalMs: totalMs - before.totalMs }
      if (since.calls <= 0) return []
      const meanMsBefore = before === undefined || before.calls === 0 ? 0 : before.totalMs / before.calls
      return [{ queryId, text, ...since, meanMs: since.totalMs / since.calls, meanMsBefore }]
    })
    .toSorted((a, b) => b.totalMs - a.totalMs)
}
