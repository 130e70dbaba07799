import * as v from "valibot"
import type { Database } from "../database.ts"

export interface Column {
  readonly name: string
  /** As SQL writes it, e.g. `timestamp with time zone`. */
  readonly type: string
  /** pg_type.typcategory: `S` for texts, `A` for arrays, … */
  readonly category: string
  readonly averageWidthBytes: number
  /** As in pg_stats: below 0, the share of rows. */
  readonly distinct: number
  readonly nullShare: number
  /** From −1 to 1: how far the order on disk is the column's. */
  readonly correlation: number
  /** Values from common to rare, as texts: all where there are ten at most, else three; users' data, for planning alone. */
  readonly samples: readonly string[]
  /** Shares of the rows that have them, where all values are known. */
  readonly shares: readonly number[]
}

export interface ExistingIndex {
  readonly name: string
  readonly method: string
  /** Its columns and expressions, as SQL writes them. */
  readonly keys: readonly string[]
  readonly isPartial: boolean
  readonly sizeBytes: number
}

export interface Table {
  readonly schema: string
  readonly name: string
  readonly rows: number
  readonly sizeBytes: number
  /** Rows inserted, updated and deleted since the statistics were reset. */
  readonly writes: number
  readonly columns: readonly Column[]
  readonly indexes: readonly ExistingIndex[]
}

const number = v.pipe(v.union([v.number(), v.string()]), v.transform(Number), v.number())
const texts = v.pipe(
  v.nullish(v.array(v.nullable(v.string())), []),
  v.transform((all) => all?.flatMap((each) => each ?? []) ?? []),
)
const TableRows = v.array(
  v.object({ oid: v.string(), schema: v.string(), name: v.string(), rows: number, size_bytes: number, writes: number }),
)
const ColumnRows = v.array(
  v.object({
    oid: v.string(),
    name: v.string(),
    type: v.string(),
    category: v.string(),
    width: number,
    distinct: number,
    null_share: number,
    correlation: number,
    samples: texts,
    shares: v.nullable(v.array(v.number())),
  }),
)
const IndexRows = v.array(
  v.object({
    oid: v.string(),
    name: v.string(),
    method: v.string(),
    keys: v.array(v.string()),
    is_partial: v.boolean(),
    size_bytes: number,
  }),
)

/** The user tables with what planning needs to know of them: reads of the catalog and of statistics only. */
export const readTables = async (database: Database): Promise<readonly Table[]> => {
  const tables = v.parse(
    TableRows,
    await database.query(
      `SELECT c.oid::text AS oid, n.nspname AS schema, c.relname AS name, greatest(c.reltuples, 0) AS rows, pg_table_size(c.oid) AS size_bytes,
              coalesce(s.n_tup_ins + s.n_tup_upd + s.n_tup_del, 0) AS writes
         FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace LEFT JOIN pg_stat_user_tables s ON s.relid = c.oid
        WHERE c.relkind IN ('r', 'p') AND c.relpersistence <> 't' AND n.nspname NOT IN ('pg_catalog', 'information_schema', 'voltgate')
          AND n.nspname NOT LIKE 'pg\\_%'`,
    ),
  )
  const columns = v.parse(
    ColumnRows,
    await database.query(
      `SELECT a.attrelid::text AS oid, a.attname AS name, format_type(a.atttypid, a.atttypmod) AS type, t.typcategory AS category,
              coalesce(s.avg_width, 8) AS width, coalesce(s.n_distinct, 0) AS distinct, coalesce(s.null_frac, 0) AS null_share,
              coalesce(s.correlation, 0) AS correlation,
              CASE WHEN s.n_distinct BETWEEN 1 AND 10 THEN s.most_common_vals::text::text[] ELSE
              ARRAY[(s.most_common_vals::text::text[])[1],
                    (s.histogram_bounds::text::text[])[array_length(s.histogram_bounds::text::text[], 1) / 2],
                    coalesce((s.most_common_vals::text::text[])[array_length(s.most_common_vals::text::text[], 1)],
                             (s.histogram_bounds::text::text[])[array_length(s.histogram_bounds::text::text[], 1) * 19 / 20])] END AS samples,
              CASE WHEN s.n_distinct BETWEEN 1 AND 10 THEN s.most_common_freqs::float8[] END AS shares
         FROM pg_attribute a JOIN pg_type t ON t.oid = a.atttypid JOIN pg_class c ON c.oid = a.attrelid JOIN pg_namespace n ON n.oid = c.relnamespace
         LEFT JOIN pg_stats s ON s.schemaname = n.nspname AND s.tablename = c.relname AND s.attname = a.attname
              AND s.inherited = (c.relkind = 'p')
        WHERE a.attnum > 0 AND NOT a.attisdropped AND a.attrelid = ANY ($1::oid[])`,
      [tables.map(({ oid }) => oid)],
    ),
  )
  const indexes = v.parse(
    IndexRows,
    await database.query(
      `SELECT i.indrelid::text AS oid, c.relname AS name, m.amname AS method, i.indpred IS NOT NULL AS is_partial,
              pg_relation_size(c.oid) AS size_bytes,
              ARRAY(SELECT pg_get_indexdef(i.indexrelid, k, true) FROM generate_series(1, i.indnkeyatts) k) AS keys
         FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid JOIN pg_am m ON m.oid = c.relam
        WHERE i.indisvalid AND i.indrelid = ANY ($1::oid[])`,
      [tables.map(({ oid }) => oid)],
    ),
  )
  return tables.map((table) => ({
    schema: table.schema,
    name: table.name,
    rows: table.rows,
    sizeBytes: table.size_bytes,
    writes: table.writes,
    columns: columns
      .filter(({ oid }) => oid === table.oid)
      .map((column) => ({
        name: column.name,
        type: column.type,
        category: column.category,
        averageWidthBytes: column.width,
        distinct: column.distinct,
        nullShare: column.null_share,
        correlation: column.correlation,
        samples: column.samples,
        shares: column.shares ?? [],
      })),
    indexes: indexes
      .filter(({ oid }) => oid === table.oid)
      .map((index) => ({
        name: index.name,
        method: index.method,
        keys: index.keys,
        isPartial: index.is_partial,
        sizeBytes: index.size_bytes,
      })),
  }))
}
