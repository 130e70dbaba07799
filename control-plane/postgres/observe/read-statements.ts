import * as v from "valibot"
import type { Database } from "../database.ts"
import type { StatementStatistics } from "../workload.ts"

/** The database does not count its statements; the message says what to do. */
export class StatementsMissing extends Error {
  override readonly name = "StatementsMissing"
}

const mostStatements = 500

const number = v.pipe(v.union([v.number(), v.string()]), v.transform(Number), v.number())
const Rows = v.array(
  v.object({
    query_id: v.string(),
    text: v.string(),
    calls: number,
    total_ms: number,
    mean_ms: number,
    rows: number,
    hit: number,
    read: number,
    temp: number,
  }),
)

/** Where the extension lies, as SQL writes it. Throws a StatementsMissing where it is not there. */
const readPlace = async (database: Database): Promise<string> => {
  const [extension] = await database.query(
    "SELECT quote_ident(n.nspname) AS schema FROM pg_extension e JOIN pg_namespace n ON n.oid = e.extnamespace WHERE extname = 'pg_stat_statements'",
  )
  const place = v.safeParse(v.object({ schema: v.string() }), extension)
  const [loaded] = await database.query("SELECT FROM pg_settings WHERE name = 'pg_stat_statements.max'")
  if (place.success && loaded === undefined) {
    throw new StatementsMissing(
      "The extension pg_stat_statements is installed, but not loaded: add it to shared_preload_libraries, and restart the server.",
    )
  }
  if (place.success) return place.output.schema
  throw new StatementsMissing(
    "The extension pg_stat_statements is not in this database: add it to shared_preload_libraries, restart the server, and run CREATE EXTENSION pg_stat_statements.",
  )
}

/** When the server began to count statements; undefined where the extension is too old to tell. */
export const readStatementsSince = async (database: Database): Promise<string | undefined> => {
  const info = `${await readPlace(database)}.pg_stat_statements_info`
  const [found] = await database.query("SELECT to_regclass($1) IS NOT NULL AS knows", [info])
  if (found?.["knows"] !== true) return undefined
  const [row] = await database.query(`SELECT stats_reset AS since FROM ${info}`)
  return v.parse(v.object({ since: v.nullable(v.date()) }), row).since?.toISOString()
}

/** This database's own statements by total time, without utility commands and without Voltgate's own. */
export const readStatements = async (database: Database): Promise<readonly StatementStatistics[]> => {
  const view = `${await readPlace(database)}.pg_stat_statements`
  const rows = await database.query(
    `SELECT queryid::text AS query_id, query AS text, calls, total_exec_time AS total_ms, mean_exec_time AS mean_ms, rows,
            shared_blks_hit AS hit, shared_blks_read AS read, temp_blks_written AS temp
       FROM ${view}
      WHERE dbid = (SELECT oid FROM pg_database WHERE datname = current_database())
        AND toplevel AND queryid IS NOT NULL AND calls > 0
        AND query ~* '^\\s*(--[^\\n]*\\n|/\\*.*?\\*/|\\s)*\\(*\\s*(select|with|insert|update|delete|merge|values)\\M'
        AND query !~ '\\m(pg_catalog|pg_stat_|pg_stats|pg_class|pg_attribute|pg_index|pg_namespace|pg_extension|pg_settings|pg_roles|information_schema)'
      ORDER BY total_exec_time DESC LIMIT ${mostStatements}`,
  )
  return v.parse(Rows, rows).map((row) => ({
    queryId: row.query_id,
    text: row.text,
    calls: row.calls,
    totalMs: row.total_ms,
    meanMs: row.mean_ms,
    rows: row.rows,
    sharedBlocksHit: row.hit,
    sharedBlocksRead: row.read,
    tempBlocksWritten: row.temp,
  }))
}
