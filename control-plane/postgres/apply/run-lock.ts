import type { Database } from "../database.ts"
import type { Clock } from "./clock.ts"

/** The key of the advisory lock that a run holds: `voltgate` in ASCII. It is per database. */
export const runLockKey = "8534159066096825445"

const pauseMs = 500

/**
 * Takes the lock that one run at a time may hold, for as long as the session lives: no death of a process leaves it behind.
 * False where another holds it still after `waitMs`.
 */
export const takeRunLock = async (database: Database, waitMs: number, { now, sleep }: Clock): Promise<boolean> => {
  for (const until = now().getTime() + waitMs; ;) {
    const [row] = await database.query(`SELECT pg_try_advisory_lock(${runLockKey}) AS taken`)
    if (row?.["taken"] === true) return true
    const leftMs = until - now().getTime()
    if (leftMs <= 0) return false
    await sleep(Math.min(pauseMs, leftMs))
  }
}
