import * as v from "valibot"
import { sessionNames } from "./session.ts"
import type { Run } from "./run.ts"

const found = v.array(v.object({ pid: v.number(), ended: v.boolean() }))
const waitMs = 10_000
const pauseMs = 100

/**
 * Ends the sessions that an earlier run left at work. We hold the lock of the run, so no living run owns them. Returns the ids of
 * the server's processes that could not be ended; nothing may be changed while there are any.
 */
export const endDeadBuilders = async ({
  database,
  clock,
}: Pick<Run, "database" | "clock">): Promise<readonly number[]> => {
  for (const until = clock.now().getTime() + waitMs; ;) {
    const rows = v.parse(
      found,
      await database.query(
        `SELECT pid, CASE WHEN pg_has_role(usesysid, 'MEMBER') THEN pg_terminate_backend(pid) ELSE false END AS ended
         FROM pg_stat_activity
         WHERE datname = current_database() AND application_name IN ($1, $2) AND pid <> pg_backend_pid()`,
        [sessionNames.worker, sessionNames.watchdog],
      ),
    )
    if (rows.length === 0 || clock.now().getTime() >= until) return rows.map(({ pid }) => pid)
    await clock.sleep(pauseMs)
  }
}
