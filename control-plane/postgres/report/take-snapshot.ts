import type { Database } from "../database.ts"
import { readScans } from "../observe/read-scans.ts"
import { readStandbys } from "../observe/read-standbys.ts"
import type { Standbys } from "../observe/read-standbys.ts"
import { readStatements, readStatementsSince } from "../observe/read-statements.ts"
import type { StatementStatistics } from "../workload.ts"
import type { Snapshot } from "./history.ts"

export interface Taken {
  readonly snapshot: Snapshot
  readonly statements: readonly StatementStatistics[]
  readonly standbys: Standbys
}

/** Reads what the primary and the standbys at these addresses have counted until now. */
export const takeSnapshot = async (
  database: Database,
  replicaUrls: readonly string[],
  now: () => number,
): Promise<Taken> => {
  const statements = await readStatements(database)
  const statementsSince = await readStatementsSince(database)
  const standbys = await readStandbys(database, replicaUrls)
  const snapshot: Snapshot = {
    at: new Date(now()).toISOString(),
    ...(statementsSince === undefined ? {} : { statementsSince }),
    statements: statements.map(({ queryId, calls, totalMs }) => ({ queryId, calls, totalMs })),
    scans: [await readScans(database, "primary"), ...standbys.scans],
  }
  return { snapshot, statements, standbys }
}
