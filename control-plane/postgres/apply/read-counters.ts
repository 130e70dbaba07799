import * as v from "valibot"
import type { Database } from "../database.ts"
import type { Counters } from "./journal-entry.ts"
import { codeOf, sqlStates } from "./session.ts"

const rows = v.array(v.object({ query_id: v.string(), calls: v.number(), total_ms: v.number(), blocks: v.number() }))

/**
 * What pg_stat_statements has counted for this database's statements, those of least time left out. Ids and numbers only, no
 * text. Undefined where the extension is missing or may not be read: then nothing can be verified.
 */
export const readCounters = async (database: Database, most = 500): Promise<Counters | undefined> => {
  try {
    const [place] = await database.query(
      `SELECT quote_ident(n.nspname) AS schema FROM pg_extension e JOIN pg_namespace n ON n.oid = e.extnamespace
       WHERE e.extname = 'pg_stat_statements'`,
    )
    if (typeof place?.["schema"] !== "string") return undefined
    const found = v.parse(
      rows,
      await database.query(
        `SELECT queryid::text AS query_id, sum(calls)::float8 AS calls, sum(total_exec_time)::float8 AS total_ms,
           sum(shared_blks_hit + shared_blks_read)::float8 AS blocks
         FROM ${place["schema"]}.pg_stat_statements
         WHERE dbid = (SELECT oid FROM pg_database WHERE datname = current_database()) AND queryid IS NOT NULL
         GROUP BY queryid ORDER BY sum(total_exec_time) DESC LIMIT $1`,
        [most],
      ),
    )
    return Object.fromEntries(
      found.map((each) => [each.query_id, { calls: each.calls, totalMs: each.total_ms, blocks: each.blocks }]),
    )
  } catch (error) {
    // 55000: the library is not loaded.
    const code = codeOf(error)
    if (code === "55000" || code === sqlStates.insufficientPrivilege || code === sqlStates.undefinedTable)
      return undefined
    throw error
  }
}
