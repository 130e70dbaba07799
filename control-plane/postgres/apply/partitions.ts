import { deparse, parse } from "pgsql-parser"
import { createHash } from "node:crypto"
import * as v from "valibot"
import type { Database } from "../database.ts"

export interface Partition {
  readonly schema: string
  readonly table: string
  readonly isLeaf: boolean
  /** Steps from the root, which is 0. */
  readonly level: number
  /** `schema.table` of the table that it is a part of; absent for the root. */
  readonly parent?: string
}

const rows = v.array(
  v.object({
    schema: v.string(),
    name: v.string(),
    isleaf: v.boolean(),
    level: v.number(),
    parent: v.nullable(v.string()),
  }),
)

/** A partitioned table and all its parts, the root first. */
export const readPartitions = async (database: Database, tableOid: string): Promise<readonly Partition[]> =>
  v
    .parse(
      rows,
      await database.query(
        `SELECT n.nspname AS schema, c.relname AS name, t.isleaf, t.level,
           (SELECT pn.nspname || '.' || p.relname FROM pg_class p JOIN pg_namespace pn ON pn.oid = p.relnamespace
            WHERE p.oid = t.parentrelid) AS parent
         FROM pg_partition_tree($1::oid) t JOIN pg_class c ON c.oid = t.relid
           JOIN pg_namespace n ON n.oid = c.relnamespace
         ORDER BY t.level, 1, 2`,
        [tableOid],
      ),
    )
    .map(({ schema, name, isleaf, level, parent }) => ({
      schema,
      table: name,
      isLeaf: isleaf,
      level,
      ...(level === 0 || parent === null ? {} : { parent }),
    }))

/** The name of the index on one part: the whole index's, and which part it is. */
export const partIndexName = (name: string, { schema, table, level }: Partition): string =>
  level === 0 ? name : `${name}_${createHash("sha256").update(`${schema}.${table}`).digest("hex").slice(0, 8)}`

const indexStatement = v.object({
  stmts: v.strictTuple([v.object({ stmt: v.object({ IndexStmt: v.looseObject({ relation: v.looseObject({}) }) }) })]),
})

/** The index's statement for one part: built concurrently on a leaf, an empty frame (ON ONLY) on what has parts itself. */
export const partIndexSql = async (sql: string, name: string, part: Partition): Promise<string> => {
  const { stmts } = v.parse(indexStatement, await parse(sql))
  const { IndexStmt } = stmts[0].stmt
  const index = {
    ...IndexStmt,
    idxname: partIndexName(name, part),
    concurrent: part.isLeaf,
    relation: { ...IndexStmt.relation, schemaname: part.schema, relname: part.table, inh: part.isLeaf },
  }
  return deparse({ version: 0, stmts: [{ stmt: { IndexStmt: index } }] })
}
