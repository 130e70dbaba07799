import { statfs } from "node:fs/promises"
import * as v from "valibot"
import type { Database } from "../database.ts"
import type { Surroundings } from "./preflight.ts"

const row = v.object({
  is_standby: v.boolean(),
  is_read_only: v.boolean(),
  oldest_s: v.number(),
  unseen: v.number(),
  wraparound: v.boolean(),
  lag_s: v.number(),
  database_bytes: v.number(),
  is_local: v.boolean(),
})

/** One look. Sessions whose start this role may not see are counted, not guessed at. */
const surroundings = `
  SELECT pg_is_in_recovery() AS is_standby,
    current_setting('transaction_read_only') = 'on' AS is_read_only,
    greatest(
      (SELECT extract(epoch FROM max(clock_timestamp() - xact_start)) FROM pg_stat_activity
       WHERE datname = current_database() AND pid <> pg_backend_pid() AND backend_type = 'client backend'),
      (SELECT extract(epoch FROM max(clock_timestamp() - prepared)) FROM pg_prepared_xacts
       WHERE database = current_database()), 0)::float8 AS oldest_s,
    (SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()
       AND query = '<insufficient privilege>')::int AS unseen,
    EXISTS (SELECT FROM pg_stat_activity a JOIN pg_locks l ON l.pid = a.pid
      WHERE l.relation = $1::oid AND l.granted AND a.backend_type = 'autovacuum worker'
        AND a.query LIKE '%(to prevent wraparound)') AS wraparound,
    coalesce((SELECT extract(epoch FROM max(replay_lag)) FROM pg_stat_replication), 0)::float8 AS lag_s,
    pg_database_size(current_database())::float8 AS database_bytes,
    inet_server_addr() IS NULL OR inet_server_addr() <<= '127.0.0.0/8' OR inet_server_addr() = '::1' AS is_local`

/**
 * Reads what a change depends on. `freeBytes` is what a person said; without it the disk is asked itself where the server runs
 * on this machine and tells its data folder (superusers and members of pg_read_all_settings).
 */
export const readSurroundings = async (
  database: Database,
  tableOid: string,
  freeBytes: number | undefined,
): Promise<Surroundings> => {
  const [seen] = v.parse(v.tuple([row]), await database.query(surroundings, [tableOid]))
  const free = freeBytes ?? (seen.is_local ? await measureFree(database) : undefined)
  return {
    isStandby: seen.is_standby,
    isReadOnly: seen.is_read_only,
    oldestTransactionS: seen.oldest_s,
    unseenSessions: seen.unseen,
    hasWraparoundVacuum: seen.wraparound,
    replicaLagS: seen.lag_s,
    databaseBytes: seen.database_bytes,
    ...(free === undefined ? {} : { freeBytes: free }),
  }
}

const measureFree = async (database: Database): Promise<number | undefined> => {
  try {
    // Tables may lie in a tablespace on another disk; then only a person knows.
    const [found] = await database.query(
      `SELECT current_setting('data_directory') AS folder
       WHERE (SELECT dattablespace FROM pg_database WHERE datname = current_database()) = 1663`,
    )
    if (typeof found?.["folder"] !== "string") return undefined
    const { bavail, bsize } = await statfs(found["folder"])
    return bavail * bsize
  } catch {
    return undefined
  }
}
