import type { StatementStatistics } from "../workload.ts"
import { dayOf, growth } from "./history.ts"
import type { History, Snapshot, StatementTotals } from "./history.ts"

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

/** What each statement took since the last snapshot, the busiest first. */
export const trendsSince = (
  last: Snapshot,
  now: Snapshot,
  statements: readonly StatementStatistics[],
): readonly Trend[] => {
  const texts = new Map(statements.map(({ queryId, text }) => [queryId, text]))
  const known = new Map(last.statements.map((each) => [each.queryId, each]))
  return between(last, now)
    .map(({ queryId, calls, totalMs }): Trend => {
      const before = known.get(queryId)
      const meanMsBefore = before === undefined || before.calls === 0 ? 0 : before.totalMs / before.calls
      return { queryId, text: texts.get(queryId) ?? "", calls, totalMs, meanMs: totalMs / calls, meanMsBefore }
    })
    .toSorted((a, b) => b.totalMs - a.totalMs)
}

export interface DayTotals {
  readonly day: string
  readonly calls: number
  readonly totalMs: number
}

/** What all statements took between each snapshot and the one before it. */
export const totalsByDay = (history: History): readonly DayTotals[] =>
  history.slice(1).map((now, at) => {
    const grown = between(history[at] ?? now, now)
    return {
      day: dayOf(now.at),
      calls: grown.reduce((sum, { calls }) => sum + calls, 0),
      totalMs: grown.reduce((sum, { totalMs }) => sum + totalMs, 0),
    }
  })

/** What was counted from one snapshot to another, of statements that were called. */
const between = (before: Snapshot, after: Snapshot): readonly StatementTotals[] => {
  const known = new Map(before.statements.map((each) => [each.queryId, each]))
  return after.statements.flatMap(({ queryId, calls, totalMs }): readonly StatementTotals[] => {
    const was = known.get(queryId)
    const grown = growth(at(before, was?.calls ?? 0), at(after, calls))
    if (grown.count <= 0) return []
    return [{ queryId, calls: grown.count, totalMs: grown.isReset ? totalMs : totalMs - (was?.totalMs ?? 0) }]
  })
}

const at = ({ statementsSince }: Snapshot, count: number): { readonly since?: string; readonly count: number } => ({
  count,
  ...(statementsSince === undefined ? {} : { since: statementsSince }),
})
