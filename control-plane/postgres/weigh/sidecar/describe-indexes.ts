import * as v from "valibot"
import type { Database } from "../../database.ts"

const indexColumn = v.object({
  /** The table's column; null for an expression. */
  column: v.nullable(v.string()),
  /** The column's name within the index. */
  name: v.string(),
  expression: v.nullable(v.string()),
  type: v.string(),
  /** −1 for a type that varies. */
  length: v.number(),
  alignment: v.number(),
  isKey: v.boolean(),
  /** Equal values are the same bytes, so that they may share a tuple. */
  equalIsSame: v.boolean(),
  /** Of a key, e.g. `jsonb_path_ops`. */
  operatorClass: v.nullable(v.string()),
})

const description = v.object({
  oid: v.string(),
  schema: v.string(),
  name: v.string(),
  tableSchema: v.string(),
  table: v.string(),
  /** `btree`, `gin` … */
  method: v.string(),
  isPartitioned: v.boolean(),
  unique: v.boolean(),
  predicate: v.nullable(v.string()),
  options: v.array(v.string()),
  /** Below the data folder. */
  file: v.nullable(v.string()),
  /** The partitioned index that it is a part of, or itself. */
  root: v.string(),
  columns: v.array(indexColumn),
})
export type IndexDescription = v.InferOutput<typeof description>
export type IndexColumnDescription = v.InferOutput<typeof indexColumn>

/** Every index of users' tables in the engine, and what its size depends on. */
export const describeIndexes = async (engine: Database): Promise<readonly IndexDescription[]> =>
  v.parse(v.array(description), await engine.query(query))

const query = `
WITH RECURSIVE roots AS (
  SELECT c.oid, c.oid AS root FROM pg_class c
  WHERE c.relkind IN ('i', 'I') AND NOT EXISTS (SELECT FROM pg_inherits h WHERE h.inhrelid = c.oid)
  UNION ALL
  SELECT h.inhrelid, r.root FROM roots r JOIN pg_inherits h ON h.inhparent = r.oid
)
SELECT c.oid::text AS oid, n.nspname AS schema, c.relname AS name, tn.nspname AS "tableSchema", t.relname AS table,
  m.amname AS method, c.relkind = 'I' AS "isPartitioned", i.indisunique AS unique, pg_get_expr(i.indpred, i.indrelid) AS predicate,
  coalesce(to_json(c.reloptions), '[]') AS options, pg_relation_filepath(c.oid) AS file, r.root::text AS root,
  (SELECT json_agg(json_build_object(
      'column', b.attname, 'name', a.attname,
      'expression', CASE WHEN b.attname IS NULL THEN pg_get_indexdef(c.oid, a.attnum, false) END,
      'type', format_type(a.atttypid, a.atttypmod), 'length', a.attlen,
      'alignment', CASE a.attalign WHEN 'c' THEN 1 WHEN 's' THEN 2 WHEN 'i' THEN 4 ELSE 8 END,
      'isKey', a.attnum <= i.indnkeyatts,
      'operatorClass', (SELECT o.opcname FROM pg_opclass o WHERE a.attnum <= i.indnkeyatts AND o.oid = i.indclass[a.attnum - 1]),
      'equalIsSame', EXISTS (SELECT FROM pg_opclass o JOIN pg_amproc p ON p.amprocfamily = o.opcfamily
          AND p.amproclefttype = o.opcintype AND p.amprocrighttype = o.opcintype AND p.amprocnum = 4
        WHERE a.attnum <= i.indnkeyatts AND o.oid = i.indclass[a.attnum - 1])) ORDER BY a.attnum)
    FROM pg_attribute a LEFT JOIN pg_attribute b ON b.attrelid = t.oid AND b.attnum = i.indkey[a.attnum - 1] AND b.attnum > 0
    WHERE a.attrelid = c.oid) AS columns
FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid JOIN pg_namespace n ON n.oid = c.relnamespace
  JOIN pg_class t ON t.oid = i.indrelid JOIN pg_namespace tn ON tn.oid = t.relnamespace
  JOIN pg_am m ON m.oid = c.relam JOIN roots r ON r.oid = c.oid
WHERE n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'`
