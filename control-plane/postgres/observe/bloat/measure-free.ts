import * as v from "valibot"
import { codeOf } from "../../apply/session.ts"
import type { Database } from "../../database.ts"
import type { TableRow } from "./read-shapes.ts"

const most = 20

/**
 * Bytes of the largest tables that hold nothing or dead rows, by their numbers, as pgstattuple finds them. Those are
 * missing of which it cannot tell, or not in time.
 */
export const measureFree = async (
  database: Database,
  tables: readonly TableRow[],
): Promise<ReadonlyMap<string, number>> => {
  const free = new Map<string, number>()
  const [place] = await database.query(
    "SELECT quote_ident(n.nspname) AS schema FROM pg_extension e JOIN pg_namespace n ON n.oid = e.extnamespace WHERE extname = 'pgstattuple'",
  )
  if (typeof place?.["schema"] !== "string") return free
  for (const { oid } of tables.slice(0, most)) {
    try {
      const [row] = await database.query(
        `SELECT (approx_free_space + dead_tuple_len)::float8 AS bytes FROM ${place["schema"]}.pgstattuple_approx($1::oid::regclass)`,
        [oid],
      )
      free.set(oid, v.parse(v.object({ bytes: v.number() }), row).bytes)
    } catch (error) {
      // No right to it, or it takes too long: what is not measured is estimated.
      if (codeOf(error) === undefined) throw error
      return free
    }
  }
  return free
}
