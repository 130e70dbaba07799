import * as v from "valibot"
import type { Database } from "../database.ts"

/** How much of a column the statistics hold. */
export interface StatisticsTarget {
  readonly schema: string
  readonly table: string
  readonly column: string
  /** Common values and bounds that ANALYZE keeps at most. */
  readonly target: number
  /** Set for this column, and not the server's default. */
  readonly isOwn: boolean
  readonly commonValues: number
}

const Targets = v.array(
  v.object({
    schema: v.string(),
    table: v.string(),
    column: v.string(),
    target: v.number(),
    isOwn: v.boolean(),
    commonValues: v.number(),
  }),
)

/** Reads the catalog and statistics alone. */
export const readTargets = async (database: Database): Promise<readonly StatisticsTarget[]> =>
  v.parse(
    Targets,
    await database.query(`
      SELECT n.nspname AS schema, c.relname AS table, a.attname AS column,
             CASE WHEN coalesce(a.attstattarget, -1) < 0 THEN current_setting('default_statistics_target')::int ELSE a.attstattarget::int END AS target,
             coalesce(a.attstattarget, -1) >= 0 AS "isOwn", coalesce(array_length(s.most_common_freqs, 1), 0) AS "commonValues"
        FROM pg_stats s JOIN pg_namespace n ON n.nspname = s.schemaname JOIN pg_class c ON c.relnamespace = n.oid AND c.relname = s.tablename
        JOIN pg_attribute a ON a.attrelid = c.oid AND a.attname = s.attname
       WHERE n.nspname NOT IN ('pg_catalog', 'information_schema') AND s.inherited = (c.relkind = 'p')`),
  )
