import * as v from "valibot"
import type { Database } from "../database.ts"

/** What a server has counted of its indexes' scans at a moment. */
export interface ServerScans {
  /** `primary`, or a standby's host and port. */
  readonly server: string
  /** When it began to count, as far as it knows: a reset, or a start after a crash. */
  readonly since?: string
  /** By the indexes' numbers, which a standby shares with its primary. */
  readonly byIndex: Readonly<Record<string, number>>
}

const Found = v.object({
  since: v.nullable(v.date()),
  scans: v.nullable(v.record(v.string(), v.number())),
})

/** A server that crashed forgets the tables' counts without a word; the background writer's are the ones that say when. */
export const readScans = async (database: Database, server: string): Promise<ServerScans> => {
  const [row] = await database.query(
    `SELECT greatest(d.stats_reset, b.stats_reset) AS since,
            (SELECT jsonb_object_agg(indexrelid::text, idx_scan) FROM pg_stat_user_indexes WHERE schemaname <> 'voltgate') AS scans
       FROM pg_stat_database d, pg_stat_bgwriter b WHERE d.datname = current_database()`,
  )
  const { since, scans } = v.parse(Found, row)
  return { server, byIndex: scans ?? {}, ...(since === null ? {} : { since: since.toISOString() }) }
}
