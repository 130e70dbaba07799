import * as v from "valibot"
import type { Database } from "../database.ts"

/** What the server's settings are judged by. Sizes are in bytes. */
export interface ServerHealth {
  readonly version: number
  /** Numbers in their own unit, sizes in bytes. */
  readonly settings: Readonly<Record<NumericSetting, number>>
  readonly hasAutovacuum: boolean
  readonly timesReads: boolean
  /** Files that statements wrote for what did not fit their memory, since the counts began. */
  readonly tempFiles: number
  readonly tempBytes: number
  readonly checkpoints: { readonly timed: number; readonly requested: number; readonly days: number }
  /** Blocks of tables above 100 MB and of their indexes: how many were asked for, and which share was in memory. */
  readonly largeTables: { readonly blocks: number; readonly hitShare: number }
  /** Tables that have more dead rows than autovacuum waits for. */
  readonly overdueTables: number
  readonly busyWorkers: number
}

const numeric = [
  "shared_buffers",
  "effective_cache_size",
  "work_mem",
  "random_page_cost",
  "max_wal_size",
  "checkpoint_timeout",
  "autovacuum_max_workers",
  "autovacuum_vacuum_cost_limit",
  "vacuum_cost_limit",
  "max_connections",
] as const
export type NumericSetting = (typeof numeric)[number]

const unitBytes: Readonly<Record<string, number>> = { B: 1, kB: 1_024, "8kB": 8_192, MB: 1_048_576 }

const number = v.pipe(v.union([v.number(), v.string()]), v.transform(Number), v.number())
const SettingRows = v.array(v.object({ name: v.string(), setting: number, unit: v.nullable(v.string()) }))
const Facts = v.object({
  version: number,
  has_autovacuum: v.boolean(),
  times_reads: v.boolean(),
  temp_files: number,
  temp_bytes: number,
  large_blocks: number,
  large_hits: number,
  overdue: number,
  busy: number,
})
const Checkpoints = v.object({ timed: number, requested: number, days: number })

const factsQuery = `SELECT current_setting('server_version_num')::int AS version,
  current_setting('autovacuum') = 'on' AS has_autovacuum, current_setting('track_io_timing') = 'on' AS times_reads,
  d.temp_files, d.temp_bytes, l.blocks AS large_blocks, l.hits AS large_hits,
  (SELECT count(*) FROM pg_stat_user_tables s JOIN pg_class c ON c.oid = s.relid
    WHERE s.n_dead_tup > coalesce((SELECT option_value::float8 FROM pg_options_to_table(c.reloptions) WHERE option_name = 'autovacuum_vacuum_threshold'),
        current_setting('autovacuum_vacuum_threshold')::float8)
      + coalesce((SELECT option_value::float8 FROM pg_options_to_table(c.reloptions) WHERE option_name = 'autovacuum_vacuum_scale_factor'),
        current_setting('autovacuum_vacuum_scale_factor')::float8) * greatest(c.reltuples, 0)) AS overdue,
  (SELECT count(*) FROM pg_stat_activity WHERE backend_type = 'autovacuum worker') AS busy
  FROM pg_stat_database d,
    (SELECT coalesce(sum(heap_blks_hit + coalesce(idx_blks_hit, 0)), 0) AS hits,
            coalesce(sum(heap_blks_hit + heap_blks_read + coalesce(idx_blks_hit + idx_blks_read, 0)), 0) AS blocks
       FROM pg_statio_user_tables WHERE pg_table_size(relid) > 100 * 1048576) l
  WHERE d.datname = current_database()`

/** How the server as a whole does: reads of statistics and settings only. */
export const readServer = async (database: Database): Promise<ServerHealth> => {
  const rows = v.parse(
    SettingRows,
    await database.query("SELECT name, setting, unit FROM pg_settings WHERE name = ANY ($1)", [numeric]),
  )
  const facts = v.parse(Facts, (await database.query(factsQuery))[0])
  const days = "coalesce(extract(epoch FROM now() - stats_reset) / 86400, 0) AS days"
  const [checkpoints] = await database.query(
    facts.version >= 170_000
      ? `SELECT num_timed AS timed, num_requested AS requested, ${days} FROM pg_stat_checkpointer`
      : `SELECT checkpoints_timed AS timed, checkpoints_req AS requested, ${days} FROM pg_stat_bgwriter`,
  )
  const valueOf = (name: NumericSetting): number => {
    const found = rows.find((each) => each.name === name)
    return (found?.setting ?? 0) * (unitBytes[found?.unit ?? ""] ?? 1)
  }
  return {
    version: facts.version,
    settings: {
      shared_buffers: valueOf("shared_buffers"),
      effective_cache_size: valueOf("effective_cache_size"),
      work_mem: valueOf("work_mem"),
      random_page_cost: valueOf("random_page_cost"),
      max_wal_size: valueOf("max_wal_size"),
      checkpoint_timeout: valueOf("checkpoint_timeout"),
      autovacuum_max_workers: valueOf("autovacuum_max_workers"),
      autovacuum_vacuum_cost_limit: valueOf("autovacuum_vacuum_cost_limit"),
      vacuum_cost_limit: valueOf("vacuum_cost_limit"),
      max_connections: valueOf("max_connections"),
    },
    hasAutovacuum: facts.has_autovacuum,
    timesReads: facts.times_reads,
    tempFiles: facts.temp_files,
    tempBytes: facts.temp_bytes,
    checkpoints: v.parse(Checkpoints, checkpoints),
    largeTables: {
      blocks: facts.large_blocks,
      hitShare: facts.large_blocks === 0 ? 0 : facts.large_hits / facts.large_blocks,
    },
    overdueTables: facts.overdue,
    busyWorkers: facts.busy,
  }
}
