import type { Hint } from "../change.ts"
import type { Database } from "../database.ts"
import { findBloat } from "../observe/bloat/find-bloat.ts"
import type { Bloat } from "../observe/bloat/find-bloat.ts"
import { readHealth } from "../observe/read-health.ts"
import type { Health } from "../observe/read-health.ts"
import { readIndexes } from "../observe/read-indexes.ts"
import { readServer } from "../observe/read-server.ts"
import type { Standbys } from "../observe/read-standbys.ts"
import { readTables } from "../observe/read-tables.ts"
import type { StatementStatistics } from "../workload.ts"
import { findHints } from "./find-hints.ts"
import { withSnapshot } from "./history.ts"
import type { History, Snapshot } from "./history.ts"
import { totalsByDay, trendsSince } from "./trends.ts"
import type { DayTotals, Trend } from "./trends.ts"

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
  /** What all statements took, day by day, as far as the history goes. */
  readonly days: readonly DayTotals[]
  readonly hints: readonly Hint[]
  readonly tables: Health["tables"]
  /** Tables and indexes by what would be free if they were written anew. */
  readonly bloat: readonly Bloat[]
  readonly settings: Health["settings"]
}

export interface Seen {
  readonly statements: readonly StatementStatistics[]
  readonly snapshot: Snapshot
  readonly standbys: Standbys
  /** Snapshots before this one. */
  readonly history: History
  /** Smaller indexes may be unused without a word. */
  readonly unusedBytes: number
  /** Asks pgstattuple how much is free, which reads tables. */
  readonly measuresBloat: boolean
  /** Of the server's machine. */
  readonly memoryBytes?: number
}

const slowMs = 1_000
const most = 10

/** How the database does, by what it counted and by what was seen of it before. */
export const buildReport = async (database: Database, seen: Seen): Promise<Report> => {
  const { statements, snapshot, history, standbys } = seen
  const health = await readHealth(database)
  const bloat = await findBloat(database, seen.measuresBloat)
  const indexes = await readIndexes(database)
  const tables = await readTables(database)
  const [{ name } = { name: "" }] = await database.query("SELECT current_database() AS name")
  const last = history.at(-1)
  return {
    at: snapshot.at,
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
    trends: last === undefined ? [] : trendsSince(last, snapshot, statements).slice(0, most),
    ...(last === undefined ? {} : { trendsSince: last.at }),
    days: totalsByDay(withSnapshot(history, snapshot)),
    hints: findHints({
      health,
      server: await readServer(database),
      bloat,
      indexes,
      tables,
      watch: {
        history: withSnapshot(history, snapshot),
        standbysAttached: standbys.attached,
        leastBytes: seen.unusedBytes,
      },
      ...(seen.memoryBytes === undefined ? {} : { memoryBytes: seen.memoryBytes }),
    }),
    tables: health.tables.slice(0, 20),
    bloat: bloat.slice(0, 20),
    settings: health.settings,
  }
}
