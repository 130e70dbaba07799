import * as v from "valibot"
import type { Database } from "../database.ts"

/** Columns of a table that statistics are already kept of together. */
export interface ColumnGroup {
  readonly schema: string
  readonly table: string
  readonly columns: readonly string[]
}

const Groups = v.array(v.object({ schema: v.string(), table: v.string(), columns: v.array(v.string()) }))

/** Reads the catalog alone. */
export const readColumnGroups = async (database: Database): Promise<readonly ColumnGroup[]> =>
  v.parse(
    Groups,
    await database.query(`
      SELECT n.nspname AS schema, c.relname AS table,
             ARRAY(SELECT a.attname::text FROM pg_attribute a WHERE a.attrelid = c.oid AND a.attnum = ANY (s.stxkeys)) AS columns
        FROM pg_statistic_ext s JOIN pg_class c ON c.oid = s.stxrelid JOIN pg_namespace n ON n.oid = c.relnamespace`),
  )
