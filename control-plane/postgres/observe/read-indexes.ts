import { createHash } from "node:crypto"
import * as v from "valibot"
import type { Database } from "../database.ts"

/** What forbids that an index goes, whoever uses it. */
const protections = {
  is_constraint: v.boolean(),
  is_replica_identity: v.boolean(),
  is_clustered: v.boolean(),
  supports_foreign_key: v.boolean(),
  is_partition: v.boolean(),
  is_of_extension: v.boolean(),
  has_expression: v.boolean(),
}
const number = v.pipe(v.union([v.number(), v.string()]), v.transform(Number), v.number())
const Rows = v.array(
  v.object({
    oid: v.string(),
    schema: v.string(),
    table: v.string(),
    name: v.string(),
    method: v.string(),
    columns: v.array(v.string()),
    traits: v.array(v.string()),
    predicate: v.nullable(v.string()),
    definition: v.string(),
    size_bytes: number,
    scans: number,
    is_valid: v.boolean(),
    ...protections,
  }),
)

export interface IndexHealth {
  /** As the server numbers it. */
  readonly oid: string
  readonly schema: string
  readonly table: string
  readonly name: string
  readonly method: string
  /** Its key columns, each with operator class, collation and direction: equal where they are the same. */
  readonly keys: readonly string[]
  /** All its columns and expressions as SQL writes them, those included. */
  readonly columns: readonly string[]
  readonly predicate?: string
  /** Equal as long as nobody changes what it is. */
  readonly definitionHash: string
  readonly sizeBytes: number
  /** Since the server began to count. */
  readonly scans: number
  /** One that is being built counts as valid: it is no leftover. */
  readonly isValid: boolean
  readonly protection: {
    /** It is unique, or stands behind a constraint. */
    readonly isConstraint: boolean
    readonly isReplicaIdentity: boolean
    readonly isClustered: boolean
    readonly supportsForeignKey: boolean
    /** It is a part of a partitioned index, or the whole of one. */
    readonly isPartition: boolean
    readonly isOfExtension: boolean
    readonly hasExpression: boolean
  }
}

/** The indexes of all user tables, or of one, the largest first: reads of the catalog and of statistics only. */
export const readIndexes = async (
  database: Database,
  of?: { readonly schema: string; readonly table: string },
): Promise<readonly IndexHealth[]> => {
  const rows = await database.query(
    `SELECT i.indexrelid::text AS oid, n.nspname AS schema, t.relname AS table, c.relname AS name, m.amname AS method,
            ARRAY(SELECT pg_get_indexdef(i.indexrelid, k, true) FROM generate_series(1, i.indnatts) k ORDER BY k) AS columns,
            ARRAY(SELECT concat_ws(' ', i.indclass[k - 1], i.indcollation[k - 1], i.indoption[k - 1])
                    FROM generate_series(1, i.indnkeyatts) k ORDER BY k) AS traits,
            pg_get_expr(i.indpred, i.indrelid, true) AS predicate, pg_get_indexdef(i.indexrelid) AS definition,
            pg_relation_size(c.oid) AS size_bytes, coalesce(pg_stat_get_numscans(c.oid), 0) AS scans,
            -- Whose build it is, a role without rights is not told.
            i.indisvalid OR EXISTS (SELECT FROM pg_stat_progress_create_index p
              WHERE p.index_relid = c.oid OR p.index_relid IS NULL) AS is_valid,
            i.indisunique OR i.indisprimary OR i.indisexclusion
              OR EXISTS (SELECT FROM pg_constraint k WHERE k.conindid = c.oid) AS is_constraint,
            i.indisreplident AS is_replica_identity, i.indisclustered AS is_clustered,
            EXISTS (SELECT FROM pg_constraint f WHERE f.contype = 'f' AND f.conrelid = i.indrelid
              AND i.indkey[0] = ANY (f.conkey)) AS supports_foreign_key,
            c.relispartition OR c.relkind = 'I' AS is_partition,
            EXISTS (SELECT FROM pg_depend d WHERE d.objid IN (c.oid, t.oid) AND d.deptype = 'e') AS is_of_extension,
            i.indexprs IS NOT NULL AS has_expression
       FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid JOIN pg_class t ON t.oid = i.indrelid
       JOIN pg_namespace n ON n.oid = c.relnamespace JOIN pg_am m ON m.oid = c.relam
      WHERE n.nspname NOT IN ('pg_catalog', 'information_schema', 'pg_toast', 'voltgate')
        AND ($1::text IS NULL OR (n.nspname = $1 AND t.relname = $2))
      ORDER BY pg_relation_size(c.oid) DESC, c.relname LIMIT 2000`,
    [of?.schema ?? null, of?.table ?? null],
  )
  return v.parse(Rows, rows).map(toIndex)
}

const toIndex = (row: v.InferOutput<typeof Rows>[number]): IndexHealth => ({
  oid: row.oid,
  schema: row.schema,
  table: row.table,
  name: row.name,
  method: row.method,
  keys: row.traits.map((traits, at) => `${row.columns[at] ?? ""} ${traits}`),
  columns: row.columns,
  ...(row.predicate === null ? {} : { predicate: row.predicate }),
  definitionHash: createHash("sha256").update(row.definition).digest("hex").slice(0, 16),
  sizeBytes: row.size_bytes,
  scans: row.scans,
  isValid: row.is_valid,
  protection: {
    isConstraint: row.is_constraint,
    isReplicaIdentity: row.is_replica_identity,
    isClustered: row.is_clustered,
    supportsForeignKey: row.supports_foreign_key,
    isPartition: row.is_partition,
    isOfExtension: row.is_of_extension,
    hasExpression: row.has_expression,
  },
})
