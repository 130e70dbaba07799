import * as v from "valibot"
import type { Database } from "../../database.ts"
import { expectDistinct } from "../size/expect-distinct.ts"
import type { ColumnStatistics } from "../source/source-catalog.ts"
import { quoteName } from "./create-table.ts"

const derived = v.object({
  nullShare: v.number(),
  averageWidth: v.nullable(v.number()),
  commonValues: v.nullable(v.string()),
  commonShares: v.nullable(v.string()),
  once: v.number(),
  twice: v.number(),
  more: v.number(),
})

/**
 * Statistics of an expression of one column, from the values that the column's statistics hold: ANALYZE in small. Undefined where
 * that cannot be computed.
 */
export const deriveStatistics = async (
  engine: Database,
  expression: string,
  column: { readonly name: string; readonly type: string },
  { commonValues, commonShares, histogram, nullShare, distinct }: ColumnStatistics,
  rows: number,
): Promise<Omit<ColumnStatistics, "schema" | "relation" | "column"> | undefined> => {
  if (commonValues === null && histogram === null) return undefined
  try {
    const sql = query(expression, quoteName(column.name), column.type)
    const found = await engine.query(sql, [commonValues ?? "{}", commonShares ?? "{}", nullShare, histogram ?? "{}"])
    const [values] = v.parse(v.tuple([derived]), found)
    const { once, twice, more } = values
    // Of a sample without repeats the count is the column's, but for a part of a document: that repeats more than the whole.
    const keepsDistinct = twice + more === 0 && !/^jsonb?$/.test(column.type)
    const most = Math.max(1, distinct < 0 ? -distinct * rows : distinct)
    return {
      inherited: false,
      nullShare: values.nullShare,
      averageWidth: Math.round(values.averageWidth ?? 4),
      distinct: keepsDistinct ? distinct : expectDistinct({ once, twice, more }, most),
      commonValues: values.commonValues,
      commonShares: values.commonShares,
      histogram: null,
      correlation: null,
      commonElements: null,
      commonElementShares: null,
      elementCounts: null,
    }
  } catch {
    return undefined
  }
}

/** A common value of the column counts as often as its share says; a value seen three times is a common one of the expression. */
const query = (expression: string, name: string, type: string): string => `
  WITH given AS (
    SELECT value, share, true AS common FROM unnest($1::text[], $2::float8[]) AS common (value, share)
    UNION ALL
    SELECT value, greatest(0, 1 - $3::float8 - coalesce((SELECT sum(s) FROM unnest($2::float8[]) s), 0)) / count(*) OVER (), false
    FROM unnest($4::text[]) AS bounds (value)
  ), computed AS (
    SELECT (${expression})::text AS value, pg_column_size(${expression}) AS bytes, share, common
    FROM (SELECT value::${type} AS ${name}, share, common FROM given) AS rows
  ), counted AS (
    SELECT value, sum(share) AS share, max(bytes) AS bytes, count(*) + 2 * count(*) FILTER (WHERE common) AS seen FROM computed WHERE value IS NOT NULL GROUP BY value
  ), frequent AS (
    SELECT array_agg(value ORDER BY share DESC)::text AS values, array_agg(share::float4 ORDER BY share DESC)::text AS shares
    FROM (SELECT * FROM counted WHERE seen > 2 ORDER BY share DESC LIMIT 100) f
  )
  SELECT $3::float8 + coalesce((SELECT sum(share) FROM computed WHERE value IS NULL), 0)::float8 AS "nullShare",
    (SELECT (sum(bytes * share) / nullif(sum(share), 0))::float8 FROM counted) AS "averageWidth",
    (SELECT values FROM frequent) AS "commonValues", (SELECT shares FROM frequent) AS "commonShares",
    (SELECT count(*) FROM counted WHERE seen = 1)::float8 AS once, (SELECT count(*) FROM counted WHERE seen = 2)::float8 AS twice,
    (SELECT count(*) FROM counted WHERE seen > 2)::float8 AS more`
