import { quoteName } from "../candidates/syntax-tree.ts"
import type { ProposedChange } from "../change.ts"
import type { TableHealth } from "./read-health.ts"

/** Of fewer rows the planner cannot guess much wrong. */
const fewestRows = 1_000

/**
 * The ANALYZE that a table needs, with the evidence: it never had one, or more than `mostChanged` of its rows, 0..1, changed since. The
 * server's own comes at a tenth.
 */
export const staleStatistics = (
  { schema, name, liveRows, changedSinceAnalyze, analyzedDaysAgo }: TableHealth,
  mostChanged: number,
): ProposedChange | undefined => {
  if (liveRows < fewestRows) return undefined
  if (analyzedDaysAgo !== undefined && changedSinceAnalyze <= mostChanged * liveRows) return undefined
  return {
    kind: "analyze",
    schema,
    table: name,
    sql: `ANALYZE ${quoteName(schema)}.${quoteName(name)}`,
    reason:
      analyzedDaysAgo === undefined
        ? `It has ${liveRows} rows and no statistics: the planner guesses.`
        : `${changedSinceAnalyze} of ${liveRows} rows changed since its statistics were made.`,
    estimate: { queries: [] },
  }
}
