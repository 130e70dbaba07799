import type { Hint } from "../change.ts"
import type { Database } from "../database.ts"
import { readHealth } from "../observe/read-health.ts"
import type { Health } from "../observe/read-health.ts"
import { readStatements } from "../observe/read-statements.ts"
import { readTables } from "../observe/read-tables.ts"
import type { StatementStatistics } from "../workload.ts"
import { findHints } from "./find-hints.ts"
import { trendsSince } from "./trends.ts"
import type { Snapshot, Trend } from "./trends.ts"

export interface Report {
  readonly at: string
  readonly database: string
  readonly sizeBytes: number
  readonly hitShare?: number
  readonly statsSince?: string
  /** Mean above a second, the slowest first; ten at most. */
  readonly slow: readonly StatementStatistics[]
  /** By total time; ten at most. */
  readonly top: readonly StatementStatistics[]
  readonly totalMs: number
  /** What the busiest statements took since the last report, beside what they took before it. */
  readonly trends: readonly Trend[]
  readonly trendsSince?: string
  readonly hints: readonly Hint[]
  readonly tables: Health["tables"]
  readonly settings: Health["settings"]
}

const slowMs = 1_000
const most = 10

/** How the database does, by what it counted; `last` is what the report before this one saw. */
export const buildReport = async (
  database: Database,
  last: Snapshot | undefined,
  now: () => number,
): Promise<{ readonly report: Report; readonly snapshot: Snapshot }> => {
  const [statements, health, tables] = [
    await readStatements(database),
    await readHealth(database),
    await readTables(database),
  ]
  const [{ name } = { name: "" }] = await database.query("SELECT current_database() AS name")
  const at = new Date(now()).toISOString()
  const snapshot: Snapshot = {
    at,
    statements: statements.map(({ queryId, calls, totalMs }) => ({ queryId, calls, totalMs })),
  }
  const trends = last === undefined ? [] : trendsSince(last, statements)
  return {
    report: {
      at,
      database: String(name),
      sizeBytes: health.databaseBytes,
      ...(health.hitShare === undefined ? {} : { hitShare: health.hitShare }),
      ...(health.statsSince === undefined ? {} : { statsSince: health.statsSince }),
      slow: statements
        .filter(({ meanMs }) => meanMs > slowMs)
        .toSorted((a, b) => b.meanMs - a.meanMs)
        .slice(0, most),
      top: statements.slice(0, most),
      totalMs: statements.reduce((sum, { totalMs }) => sum + totalMs, 0),
      trends: trends.slice(0, most),
      ...(last === undefined ? {} : { trendsSince: last.at }),
      hints: findHints(health, tables),
      tables: health.tables.slice(0, 20),
      settings: health.settings,
    },
    snapshot,
  }
}
