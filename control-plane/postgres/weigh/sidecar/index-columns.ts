import * as v from "valibot"
import type { Database } from "../../database.ts"
import type { IndexColumn } from "../size/tuple-width.ts"
import type { ColumnStatistics } from "../source/source-catalog.ts"
import type { IndexColumnDescription, IndexDescription } from "./describe-indexes.ts"
import { readNumbers } from "./read-numbers.ts"
import type { StatisticsOf } from "./statistics-of.ts"

type Width = IndexColumn["widths"][number]

/** What the size model needs of an index's columns. Widths of values that vary are measured by the engine, once a column. */
export const createIndexColumns = (engine: Database, statisticsOf: StatisticsOf) => {
  const measured = new Map<string, Promise<readonly Width[]>>()
  const widthsOf = (statistics: ColumnStatistics, type: string): Promise<readonly Width[]> => {
    const key = JSON.stringify([statistics.schema, statistics.relation, statistics.column])
    const known = measured.get(key) ?? measureWidths(engine, statistics, type)
    measured.set(key, known)
    return known
  }
  return async (index: IndexDescription, rows: number, tableRows: number): Promise<readonly IndexColumn[]> => {
    const columns: IndexColumn[] = []
    for (const column of index.columns) {
      const { length, alignment, type, isKey } = column
      const statistics = statisticsOfColumn(statisticsOf, index, column)
      columns.push({
        ...(length > 0 ? { fixedBytes: length } : {}),
        alignment,
        widths: length > 0 ? [] : statistics === undefined ? unknownWidths : await widthsOf(statistics, type),
        nullShare: statistics?.nullShare ?? 0,
        distinct: distinctAmong(rows, tableRows, statistics?.distinct ?? -1),
        commonShares: readNumbers(statistics?.commonShares),
        isKey,
      })
    }
    return columns
  }
}

const unknownWidths: readonly Width[] = [{ bytes: 32, weight: 1 }]

/** Statistics of the table's column, or of the index's own expression. */
export const statisticsOfColumn = (
  statisticsOf: StatisticsOf,
  index: IndexDescription,
  { column, name }: IndexColumnDescription,
): ColumnStatistics | undefined =>
  column === null ? statisticsOf(index.schema, index.name, name) : statisticsOf(index.tableSchema, index.table, column)

/** Different values among some of a table's rows; `distinct` as in `pg_stats`: negative for a share of the rows. */
const distinctAmong = (rows: number, tableRows: number, distinct: number): number => {
  const all = Math.max(1, distinct < 0 ? -distinct * tableRows : distinct)
  if (rows >= tableRows) return all
  return Math.max(1, all * (1 - (1 - rows / tableRows) ** (tableRows / all)))
}

const width = v.object({ bytes: v.number(), weight: v.number() })

/**
 * Widths of the values that the statistics hold, as an index stores them: up to 126 bytes with a length byte, longer ones with a
 * length word of four.
 */
const measureWidths = async (
  engine: Database,
  { commonValues, commonShares, histogram, nullShare, averageWidth }: ColumnStatistics,
  type: string,
): Promise<readonly Width[]> => {
  const average = [{ bytes: Math.max(1, averageWidth), weight: 1 }]
  if (commonValues === null && histogram === null) return average
  const sql = `
    WITH given AS (
      SELECT value, share FROM unnest($1::text[], $2::float8[]) AS common (value, share)
      UNION ALL
      SELECT value, greatest(0, 1 - $3::float8 - coalesce((SELECT sum(s) FROM unnest($2::float8[]) s), 0)) / count(*) OVER ()
      FROM unnest($4::text[]) AS bounds (value)
    ), sized AS (
      -- A string keeps the length word that it came with, a value read from text has one of four bytes.
      SELECT CASE WHEN isString THEN octet_length(value) ELSE pg_column_size(value::${type}) - 4 END AS content, share
      FROM given, (SELECT typcategory = 'S' AS isString FROM pg_type WHERE oid = $5::regtype) kind
    )
    SELECT CASE WHEN content + 1 <= 127 THEN content + 1 ELSE content + 4 END AS bytes, sum(share)::float8 AS weight
    FROM sized GROUP BY 1 ORDER BY 1`
  try {
    const rows = await engine.query(sql, [
      commonValues ?? "{}",
      commonShares ?? "{}",
      nullShare,
      histogram ?? "{}",
      type,
    ])
    const widths = v.parse(v.array(width), rows)
    return widths.length === 0 ? average : widths
  } catch {
    return average
  }
}
