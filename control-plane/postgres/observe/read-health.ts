import * as v from "valibot"
import type { Database } from "../database.ts"

const number = v.pipe(v.union([v.number(), v.string()]), v.transform(Number), v.number())
const TableRows = v.array(
  v.object({
    schema: v.string(),
    name: v.string(),
    live_rows: number,
    dead_rows: number,
    size_bytes: number,
    changed_since_analyze: number,
    analyzed_days: v.nullable(number),
    vacuumed_days: v.nullable(number),
    age_share: number,
    vacuum_factor: number,
    has_autovacuum: v.boolean(),
    own_options: v.nullable(v.record(v.string(), v.string())),
  }),
)
const SettingRows = v.array(v.object({ name: v.string(), setting: v.string(), unit: v.nullable(v.string()) }))

export interface TableHealth {
  readonly schema: string
  readonly name: string
  readonly liveRows: number
  readonly deadRows: number
  readonly sizeBytes: number
  readonly changedSinceAnalyze: number
  /** Days since the statistics were made; absent where they never were. */
  readonly analyzedDaysAgo?: number
  readonly vacuumedDaysAgo?: number
  /** How far the oldest transaction is towards a forced vacuum, 0..1 and beyond. */
  readonly ageShare: number
  /** Share of dead rows that autovacuum waits for, 0..1: the table's own, else the server's. */
  readonly vacuumFactor: number
  /** False where it is off for this table. */
  readonly hasAutovacuum: boolean
  /** What was set for this table, such as `autovacuum_enabled`. */
  readonly ownOptions: Readonly<Record<string, string>>
}

export interface Health {
  readonly tables: readonly TableHealth[]
  /** In the server's own units. */
  readonly settings: Readonly<Record<string, string>>
  readonly databaseBytes: number
  /** Share of blocks that were found in shared buffers, 0..1; absent before the first. */
  readonly hitShare?: number
  readonly statsSince?: string
}

const watched = [
  "shared_buffers",
  "effective_cache_size",
  "work_mem",
  "maintenance_work_mem",
  "random_page_cost",
  "track_io_timing",
  "max_connections",
  "autovacuum",
  "max_parallel_workers_per_gather",
  "jit",
]

/** How tables and settings do: reads of the catalog and of statistics only. */
export const readHealth = async (database: Database): Promise<Health> => {
  const tables = v.parse(
    TableRows,
    await database.query(
      `SELECT s.schemaname AS schema, s.relname AS name, s.n_live_tup AS live_rows, s.n_dead_tup AS dead_rows, pg_table_size(s.relid) AS size_bytes,
              s.n_mod_since_analyze AS changed_since_analyze,
              extract(epoch FROM now() - greatest(s.last_analyze, s.last_autoanalyze)) / 86400 AS analyzed_days,
              extract(epoch FROM now() - greatest(s.last_vacuum, s.last_autovacuum)) / 86400 AS vacuumed_days,
              age(c.relfrozenxid)::float8 / current_setting('autovacuum_freeze_max_age')::float8 AS age_share,
              coalesce(o.options ->> 'autovacuum_vacuum_scale_factor', current_setting('autovacuum_vacuum_scale_factor')) AS vacuum_factor,
              coalesce((o.options ->> 'autovacuum_enabled')::boolean, true) AS has_autovacuum, o.options AS own_options
         FROM pg_stat_user_tables s JOIN pg_class c ON c.oid = s.relid,
              LATERAL (SELECT jsonb_object_agg(option_name, option_value) AS options FROM pg_options_to_table(c.reloptions)) o
        WHERE s.schemaname <> 'voltgate' AND c.relkind = 'r'
        ORDER BY pg_table_size(s.relid) DESC LIMIT 1000`,
    ),
  )
  const settings = v.parse(
    SettingRows,
    await database.query("SELECT name, setting, unit FROM pg_settings WHERE name = ANY ($1)", [watched]),
  )
  const [totals] = await database.query(
    `SELECT pg_database_size(current_database()) AS bytes, blks_hit::float8 / nullif(blks_hit + blks_read, 0) AS hit, stats_reset AS since
       FROM pg_stat_database WHERE datname = current_database()`,
  )
  const known = v.parse(v.object({ bytes: number, hit: v.nullable(v.number()), since: v.nullable(v.date()) }), totals)
  return {
    tables: tables.map((row) => ({
      schema: row.schema,
      name: row.name,
      liveRows: row.live_rows,
      deadRows: row.dead_rows,
      sizeBytes: row.size_bytes,
      changedSinceAnalyze: row.changed_since_analyze,
      ageShare: row.age_share,
      vacuumFactor: row.vacuum_factor,
      hasAutovacuum: row.has_autovacuum,
      ownOptions: row.own_options ?? {},
      ...(row.analyzed_days === null ? {} : { analyzedDaysAgo: row.analyzed_days }),
      ...(row.vacuumed_days === null ? {} : { vacuumedDaysAgo: row.vacuumed_days }),
    })),
    settings: Object.fromEntries(
      settings.map(({ name, setting, unit }) => [name, unit === null ? setting : `${setting} × ${unit}`]),
    ),
    databaseBytes: known.bytes,
    ...(known.hit === null ? {} : { hitShare: known.hit }),
    ...(known.since === null ? {} : { statsSince: known.since.toISOString() }),
  }
}
