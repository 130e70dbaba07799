import * as v from "valibot"
import type { Database } from "../database.ts"

const row = v.object({
  oid: v.string(),
  table_name: v.string(),
  relkind: v.string(),
  indisvalid: v.boolean(),
  definition: v.string(),
  size_bytes: v.number(),
})

export interface IndexFacts {
  readonly oid: string
  readonly table: string
  readonly isPartitioned: boolean
  readonly isValid: boolean
  /** As `pg_get_indexdef` gives it. */
  readonly definition: string
  readonly sizeBytes: number
}

/** What the catalog says of an index; undefined where there is none of that name. */
export const readIndex = async (database: Database, schema: string, name: string): Promise<IndexFacts | undefined> => {
  const rows = await database.query(
    `SELECT i.indexrelid::text AS oid, t.relname AS table_name, c.relkind::text, i.indisvalid,
       pg_get_indexdef(i.indexrelid) AS definition, pg_relation_size(i.indexrelid)::float8 AS size_bytes
     FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid JOIN pg_class t ON t.oid = i.indrelid
       JOIN pg_namespace n ON n.oid = c.relnamespace
     WHERE n.nspname = $1 AND c.relname = $2`,
    [schema, name],
  )
  if (rows.length === 0) return undefined
  const [found] = v.parse(v.tuple([row]), rows)
  return {
    oid: found.oid,
    table: found.table_name,
    isPartitioned: found.relkind === "I",
    isValid: found.indisvalid,
    definition: found.definition,
    sizeBytes: found.size_bytes,
  }
}

/** Whether a relation or an extended statistic of that name exists, whoever made it. */
export const isNameTaken = async (database: Database, schema: string, name: string): Promise<boolean> => {
  const [found] = await database.query(
    `SELECT EXISTS (SELECT FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
                    WHERE n.nspname = $1 AND c.relname = $2)
         OR EXISTS (SELECT FROM pg_statistic_ext s JOIN pg_namespace n ON n.oid = s.stxnamespace
                    WHERE n.nspname = $1 AND s.stxname = $2) AS taken`,
    [schema, name],
  )
  return found?.["taken"] !== false
}
