import type { Database } from "../../database.ts"
import type { ColumnStatistics } from "../source/source-catalog.ts"

/**
 * Writes columns' statistics into the engine's `pg_statistic`, as ANALYZE would have. Gives the columns whose values the engine
 * does not take, `schema.relation.column`; the statement that failed is tried again column by column. With `sortsText`, the bounds
 * of a text's histogram are put into the engine's order, for one that lacks the source's.
 */
export const restoreStatistics = async (
  engine: Database,
  statistics: readonly ColumnStatistics[],
  { sortsText }: { readonly sortsText: boolean },
): Promise<readonly string[]> => {
  const write = (rows: readonly ColumnStatistics[]) => engine.query(insert, [JSON.stringify(rows), sortsText])
  try {
    await write(statistics)
    return []
  } catch {
    const refused: string[] = []
    for (const row of statistics) {
      await write([row]).catch(() => refused.push(`${row.schema}.${row.relation}.${row.column}`))
    }
    return refused
  }
}

/**
 * Slots as src/include/catalog/pg_statistic.h describes them: 1 common values, 2 histogram, 3 correlation, 4 common elements,
 * 5 histogram of element counts. Operators are those of the type's default B-tree class, found as the type cache does: domains
 * by their base, whose input runs no check of a user's, enums, arrays, ranges and rows by their pseudo-type, varchar as text.
 */
const insert = `
WITH given AS (
  SELECT * FROM json_to_recordset($1::json) AS g (schema text, relation text, "column" text, inherited boolean, "nullShare" float4,
    "averageWidth" float4, "distinct" float4, "commonValues" text, "commonShares" float4[], histogram text,
    correlation float4, "commonElements" text, "commonElementShares" float4[], "elementCounts" float4[])
), placed AS (
  SELECT g.*, a.attrelid, a.attnum, a.attcollation, a.atttypid, b.oid AS base, b.typelem,
    CASE WHEN b.typtype = 'e' THEN 'anyenum'::regtype WHEN b.typtype = 'r' THEN 'anyrange'::regtype
      WHEN b.typtype = 'm' THEN 'anymultirange'::regtype WHEN b.typtype = 'c' THEN 'record'::regtype
      WHEN b.typcategory = 'A' AND b.typelem <> 0 AND b.typlen = -1 THEN 'anyarray'::regtype
      WHEN b.oid = 'varchar'::regtype THEN 'text'::regtype ELSE b.oid END AS opclass_type
  FROM given g JOIN pg_namespace n ON n.nspname = g.schema JOIN pg_class c ON c.relnamespace = n.oid AND c.relname = g.relation
    JOIN pg_attribute a ON a.attrelid = c.oid AND a.attname = g."column" AND NOT a.attisdropped
    JOIN pg_type t ON t.oid = a.atttypid
    JOIN pg_type b ON b.oid = CASE WHEN t.typtype = 'd' THEN t.typbasetype ELSE t.oid END
), known AS (
  SELECT p.*, coalesce((SELECT o.amopopr FROM pg_opclass k JOIN pg_amop o ON o.amopfamily = k.opcfamily AND o.amoplefttype = k.opcintype AND o.amoprighttype = k.opcintype AND o.amopstrategy = 3
      WHERE k.opcdefault AND k.opcintype = p.opclass_type AND k.opcmethod = (SELECT oid FROM pg_am WHERE amname = 'btree')), 0) AS equal,
    coalesce((SELECT o.amopopr FROM pg_opclass k JOIN pg_amop o ON o.amopfamily = k.opcfamily AND o.amoplefttype = k.opcintype AND o.amoprighttype = k.opcintype AND o.amopstrategy = 1
      WHERE k.opcdefault AND k.opcintype = p.opclass_type AND k.opcmethod = (SELECT oid FROM pg_am WHERE amname = 'btree')), 0) AS less,
    CASE WHEN p.base = 'tsvector'::regtype THEN 'text'::regtype ELSE p.typelem END AS element
  FROM placed p
), operated AS (
  SELECT k.*, coalesce((SELECT o.amopopr FROM pg_opclass c JOIN pg_amop o ON o.amopfamily = c.opcfamily AND o.amoplefttype = c.opcintype AND o.amoprighttype = c.opcintype AND o.amopstrategy = 3
      WHERE c.opcdefault AND c.opcintype = CASE k.element WHEN 'varchar'::regtype THEN 'text'::regtype ELSE k.element END
        AND c.opcmethod = (SELECT oid FROM pg_am WHERE amname = 'btree')), 0) AS element_equal,
    CASE WHEN k.base = 'tsvector'::regtype THEN 100 ELSE k.attcollation END AS element_collation
  FROM known k
)
INSERT INTO pg_statistic
SELECT attrelid, attnum, inherited, "nullShare", "averageWidth", "distinct",
  CASE WHEN "commonValues" IS NULL THEN 0 ELSE 1 END, CASE WHEN histogram IS NULL THEN 0 ELSE 2 END,
  CASE WHEN correlation IS NULL THEN 0 ELSE 3 END, CASE WHEN "commonElements" IS NULL THEN 0 ELSE 4 END,
  CASE WHEN "elementCounts" IS NULL THEN 0 ELSE 5 END,
  CASE WHEN "commonValues" IS NULL THEN 0 ELSE equal END, CASE WHEN histogram IS NULL THEN 0 ELSE less END,
  CASE WHEN correlation IS NULL THEN 0 ELSE less END, CASE WHEN "commonElements" IS NULL THEN 0 ELSE element_equal END,
  CASE WHEN "elementCounts" IS NULL THEN 0 ELSE element_equal END,
  CASE WHEN "commonValues" IS NULL THEN 0 ELSE attcollation END, CASE WHEN histogram IS NULL THEN 0 ELSE attcollation END,
  CASE WHEN correlation IS NULL THEN 0 ELSE attcollation END, CASE WHEN "commonElements" IS NULL THEN 0 ELSE element_collation END,
  CASE WHEN "elementCounts" IS NULL THEN 0 ELSE element_collation END,
  "commonShares", NULL, CASE WHEN correlation IS NULL THEN NULL ELSE ARRAY[correlation] END, "commonElementShares", "elementCounts",
  CASE WHEN "commonValues" IS NOT NULL THEN array_in(textout("commonValues"), base, -1) END,
  CASE WHEN histogram IS NOT NULL THEN array_in(textout(CASE WHEN $2::boolean AND opclass_type = 'text'::regtype
    THEN (SELECT array_agg(bound ORDER BY bound)::text FROM unnest(histogram::text[]) bound) ELSE histogram END), base, -1) END,
  NULL,
  CASE WHEN "commonElements" IS NOT NULL THEN array_in(textout("commonElements"), element, -1) END,
  NULL
FROM operated`
