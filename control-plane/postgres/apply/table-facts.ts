import * as v from "valibot"
import type { Database } from "../database.ts"

const row = v.object({
  oid: v.string(),
  relkind: v.string(),
  owned: v.boolean(),
  size_bytes: v.number(),
})

export interface TableFacts {
  readonly oid: string
  readonly isPartitioned: boolean
  /** Whether our role may make and drop indexes on it. */
  readonly isOurs: boolean
  /** Its heap, without indexes. */
  readonly sizeBytes: number
}

/** What the catalog says of a table; undefined where there is none of that name. */
export const readTable = async (database: Database, schema: string, table: string): Promise<TableFacts | undefined> => {
  const rows = await database.query(
    `SELECT c.oid::text, c.relkind::text,
       pg_has_role(c.relowner, 'USAGE') AS owned,
       coalesce(pg_table_size(c.oid), 0)::float8 AS size_bytes
     FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
     WHERE n.nspname = $1 AND c.relname = $2 AND c.relkind IN ('r', 'p', 'm')`,
    [schema, table],
  )
  if (rows.length === 0) return undefined
  const [found] = v.parse(v.tuple([row]), rows)
  return {
    oid: found.oid,
    isPartitioned: found.relkind === "p",
    isOurs: found.owned,
    sizeBytes: found.size_bytes,
  }
}
