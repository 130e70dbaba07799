import * as v from "valibot"
import { failed, ok, warning } from "../../doctor/check.ts"
import type { Check } from "../../doctor/check.ts"
import type { Database } from "../database.ts"

const Facts = v.object({
  place: v.nullable(v.string()),
  /** How many statements are kept at once; there only where the library is loaded. */
  most: v.nullable(v.number()),
  track: v.nullable(v.string()),
  query_ids: v.string(),
})
const Forgotten = v.object({ times: v.number(), since: v.nullable(v.date()) })

const question = `SELECT
  (SELECT quote_ident(n.nspname) FROM pg_extension e JOIN pg_namespace n ON n.oid = e.extnamespace WHERE extname = 'pg_stat_statements') AS place,
  (SELECT setting::int FROM pg_settings WHERE name = 'pg_stat_statements.max') AS most,
  (SELECT setting FROM pg_settings WHERE name = 'pg_stat_statements.track') AS track,
  current_setting('compute_query_id') AS query_ids`

/** Whether the server counts its statements, all of them, and keeps what it counted. */
export const checkStatements = async (database: Database): Promise<readonly Check[]> => {
  const [row] = await database.query(question)
  const { place, most, track, query_ids: queryIds } = v.parse(Facts, row)
  const cannot = (why: string, cure: string): readonly Check[] => [
    failed("statements", `${why}, so nobody knows what is slow.`, cure),
  ]
  if (place === null) {
    return cannot(
      "pg_stat_statements is not in this database",
      most === null
        ? "Add it to shared_preload_libraries, restart the server, then CREATE EXTENSION pg_stat_statements;"
        : "CREATE EXTENSION pg_stat_statements;",
    )
  }
  if (most === null) {
    return cannot(
      "pg_stat_statements is installed, but not loaded",
      "Add it to shared_preload_libraries, and restart the server.",
    )
  }
  if (track === "none") {
    return cannot(
      "pg_stat_statements.track is none",
      "ALTER SYSTEM SET pg_stat_statements.track = 'top'; SELECT pg_reload_conf();",
    )
  }
  if (queryIds === "off") {
    return cannot(
      "compute_query_id is off, without which pg_stat_statements counts nothing",
      "ALTER SYSTEM SET compute_query_id = 'auto'; SELECT pg_reload_conf();",
    )
  }
  return [ok("statements", "pg_stat_statements counts them."), await checkForgetting(database, place, most)]
}

/** A server that has no room forgets the rarest statements, a twentieth of all each time. */
const checkForgetting = async (database: Database, place: string, most: number): Promise<Check> => {
  const name = "statements kept"
  const info = `${place}.pg_stat_statements_info`
  const [knows] = await database.query("SELECT to_regclass($1) IS NOT NULL AS info", [info])
  if (knows?.["info"] !== true) {
    return warning(
      name,
      "The extension is of an old version, which does not tell whether it forgets statements.",
      "ALTER EXTENSION pg_stat_statements UPDATE;",
    )
  }
  const [row] = await database.query(`SELECT dealloc::int AS times, stats_reset AS since FROM ${info}`)
  const { times, since } = v.parse(Forgotten, row)
  if (times === 0) return ok(name, `None was forgotten; there is room for ${most}.`)
  return warning(
    name,
    `There is room for ${most}, and some were forgotten ${times} times since ${since?.toISOString().slice(0, 10) ?? "the start"}: what is rare is missing from advice.`,
    `ALTER SYSTEM SET pg_stat_statements.max = ${2 * most}; then restart the server.`,
  )
}
