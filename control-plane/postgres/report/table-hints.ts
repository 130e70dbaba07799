import { quoteName } from "../candidates/syntax-tree.ts"
import type { Hint } from "../change.ts"
import type { TableHealth } from "../observe/read-health.ts"

const small = 1_000
const staleShare = 0.1
const deadShare = 0.2
const nearWraparound = 0.5

/** Tables whose statistics are missing or old, whose dead rows stay, or that near a forced vacuum. */
export const tableHints = (table: TableHealth): readonly Hint[] => {
  const { liveRows, deadRows, changedSinceAnalyze, analyzedDaysAgo, ageShare } = table
  const subject = `${quoteName(table.schema)}.${quoteName(table.name)}`
  const hints: Hint[] = []
  if (liveRows >= small && analyzedDaysAgo === undefined) {
    hints.push({
      topic: "statistics",
      subject,
      message: `has ${liveRows} rows and no statistics: the planner guesses.`,
      cure: `ANALYZE ${subject}`,
    })
  } else if (liveRows >= small && changedSinceAnalyze > staleShare * liveRows) {
    hints.push({
      topic: "statistics",
      subject,
      message: `${changedSinceAnalyze} of ${liveRows} rows changed since its statistics were made.`,
      cure: `ANALYZE ${subject}`,
    })
  }
  if (liveRows >= small && deadRows > deadShare * liveRows) {
    hints.push({
      topic: "bloat",
      subject,
      message: `${deadRows} dead rows beside ${liveRows} living ones: autovacuum does not keep up.`,
      cure: `ALTER TABLE ${subject} SET (autovacuum_vacuum_scale_factor = 0.02)`,
    })
  }
  if (ageShare > nearWraparound) {
    hints.push({
      topic: "autovacuum",
      subject,
      message: `its oldest transaction is ${Math.round(100 * ageShare)} % of the way to a forced vacuum.`,
      cure: `VACUUM (FREEZE) ${subject}`,
    })
  }
  return hints
}
