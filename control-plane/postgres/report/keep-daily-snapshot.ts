import type { Database } from "../database.ts"
import { StatementsMissing } from "../observe/read-statements.ts"
import { dayOf, withSnapshot } from "./history.ts"
import { keepHistory, readHistory } from "./history-file.ts"
import { takeSnapshot } from "./take-snapshot.ts"

/**
 * Keeps a snapshot where the day has none yet; one of the report, which may have looked at standbys too, stays. A database that
 * does not count its statements has no history.
 */
export const keepDailySnapshot = async (database: Database, file: string, now: () => number): Promise<void> => {
  const history = await readHistory(file)
  const [last] = history.slice(-1)
  if (last !== undefined && dayOf(last.at) === dayOf(new Date(now()).toISOString())) return
  try {
    const { snapshot } = await takeSnapshot(database, [], now)
    await keepHistory(file, withSnapshot(history, snapshot))
  } catch (error) {
    if (!(error instanceof StatementsMissing)) throw error
  }
}
