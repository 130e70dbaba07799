import * as v from "valibot"
import type { Database } from "../../database.ts"

const number = v.pipe(v.union([v.number(), v.string()]), v.transform(Number), v.number())
const Column = v.object({
  fixed: v.nullable(number),
  alignment: number,
  average: v.nullable(number),
  null_share: v.nullable(number),
  distinct: v.nullable(number),
  common: v.nullable(v.array(v.number())),
  is_key: v.boolean(),
})
const relation = {
  oid: v.string(),
  schema: v.string(),
  name: v.string(),
  size_bytes: number,
  rows: number,
  fill_percent: v.nullable(number),
  columns: v.array(Column),
}
const TableRows = v.array(v.object(relation))
const IndexRows = v.array(v.object({ ...relation, table_rows: number, deduplicates: v.boolean() }))

/** A column as pg_stats describes it; what ANALYZE has not seen is null. */
export type ColumnShape = v.InferOutput<typeof Column>
export type TableRow = v.InferOutput<typeof TableRows>[number]
export type IndexRow = v.InferOutput<typeof IndexRows>[number]

const alignment = "CASE a.attalign WHEN 'd' THEN 8 WHEN 'i' THEN 4 WHEN 's' THEN 2 ELSE 1 END"
const column = `jsonb_build_object('fixed', CASE WHEN a.attlen > 0 THEN a.attlen END, 'alignment', ${alignment},
  'average', s.avg_width, 'null_share', s.null_frac, 'distinct', s.n_distinct, 'common', s.most_common_freqs`
/** What was counted since the last vacuum or ANALYZE is nearer than its estimate; where counts were lost, only that is left. */
const liveRows = (statistics: string, catalog: string): string =>
  `CASE WHEN greatest(${statistics}.last_vacuum, ${statistics}.last_autovacuum, ${statistics}.last_analyze, ${statistics}.last_autoanalyze) IS NOT NULL
        THEN ${statistics}.n_live_tup ELSE ${catalog}.reltuples END`
const fillPercent = "(SELECT option_value FROM pg_options_to_table(c.reloptions) WHERE option_name = 'fillfactor')"

/** The largest tables with what their rows are made of: reads of the catalog and of statistics only. */
export const readTableShapes = async (
  database: Database,
  leastBytes: number,
  most: number,
): Promise<readonly TableRow[]> =>
  v.parse(
    TableRows,
    await database.query(
      `SELECT c.oid::text AS oid, n.nspname AS schema, c.relname AS name, pg_relation_size(c.oid) AS size_bytes,
              ${liveRows("t", "c")} AS rows, ${fillPercent} AS fill_percent,
              (SELECT jsonb_agg(${column}, 'is_key', true) ORDER BY a.attnum) FROM pg_attribute a
                 LEFT JOIN pg_stats s ON s.schemaname = n.nspname AND s.tablename = c.relname AND s.attname = a.attname AND NOT s.inherited
                WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped) AS columns
         FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace JOIN pg_stat_user_tables t ON t.relid = c.oid
        WHERE c.relkind IN ('r', 'm') AND c.relpages > 0 AND n.nspname <> 'voltgate' AND pg_relation_size(c.oid) >= $1
          AND EXISTS (SELECT FROM pg_attribute a WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped)
        ORDER BY pg_relation_size(c.oid) DESC LIMIT $2`,
      [leastBytes, most],
    ),
  )

/** The largest B-trees with what their entries are made of. */
export const readIndexShapes = async (
  database: Database,
  leastBytes: number,
  most: number,
): Promise<readonly IndexRow[]> =>
  v.parse(
    IndexRows,
    await database.query(
      `SELECT c.oid::text AS oid, n.nspname AS schema, c.relname AS name, pg_relation_size(c.oid) AS size_bytes,
              CASE WHEN i.indpred IS NULL THEN ${liveRows("t", "h")} ELSE c.reltuples END AS rows, greatest(h.reltuples, 0) AS table_rows,
              ${fillPercent} AS fill_percent,
              -- Values of which two may be equal and yet not the same, such as numerics, are never put together.
              NOT i.indisunique AND i.indnatts = i.indnkeyatts
                AND coalesce(NOT 'deduplicate_items=off' = ANY (c.reloptions), true)
                AND NOT EXISTS (SELECT FROM unnest(i.indclass::oid[]) k (opclass) JOIN pg_opclass o ON o.oid = k.opclass
                  WHERE NOT EXISTS (SELECT FROM pg_amproc p WHERE p.amprocfamily = o.opcfamily AND p.amproclefttype = o.opcintype
                    AND p.amprocrighttype = o.opcintype AND p.amprocnum = 4)) AS deduplicates,
              (SELECT jsonb_agg(${column}, 'is_key', a.attnum <= i.indnkeyatts) ORDER BY a.attnum) FROM pg_attribute a
                 LEFT JOIN pg_attribute ta ON ta.attrelid = i.indrelid AND ta.attnum = i.indkey[a.attnum - 1] AND ta.attnum > 0
                 LEFT JOIN pg_stats s ON s.schemaname = n.nspname AND NOT s.inherited
                   AND s.tablename = CASE WHEN ta.attnum IS NULL THEN c.relname ELSE h.relname END
                   AND s.attname = CASE WHEN ta.attnum IS NULL THEN a.attname ELSE ta.attname END
                WHERE a.attrelid = c.oid) AS columns
         FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid JOIN pg_class h ON h.oid = i.indrelid
         JOIN pg_namespace n ON n.oid = c.relnamespace JOIN pg_am m ON m.oid = c.relam JOIN pg_stat_user_tables t ON t.relid = h.oid
        WHERE m.amname = 'btree' AND c.relkind = 'i' AND i.indisvalid AND n.nspname <> 'voltgate' AND pg_relation_size(c.oid) >= $1
        ORDER BY pg_relation_size(c.oid) DESC LIMIT $2`,
      [leastBytes, most],
    ),
  )
