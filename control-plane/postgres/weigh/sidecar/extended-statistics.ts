import * as v from "valibot"
import type { Engine } from "../engine/engine.ts"
import { dependenciesBytes, distinctBytes } from "../files/statistics-bytes.ts"
import type { ColumnsFigure } from "../files/statistics-bytes.ts"
import type { ExtendedStatistics } from "../source/source-catalog.ts"

/**
 * Writes what the source has counted of several columns together. No function restores it: the engine is given the bytes that
 * ANALYZE would store. Lists of common combinations, and statistics of expressions, are left out; gives their names.
 */
export const restoreExtendedStatistics = async (
  { admin, major }: Engine,
  statistics: readonly ExtendedStatistics[],
): Promise<readonly string[]> => {
  if (statistics.length === 0) return []
  await admin.query("CREATE CAST (bytea AS pg_ndistinct) WITHOUT FUNCTION")
  await admin.query("CREATE CAST (bytea AS pg_dependencies) WITHOUT FUNCTION")
  const left: string[] = []
  for (const { schema, name, columns, distinct, dependencies, inherited, hasMore } of statistics) {
    if (hasMore) left.push(`${schema}.${name}`)
    const [place] = v.parse(v.array(found), await admin.query(placeQuery, [schema, name]))
    // Before 15 there is one row for each, of the table's own rows.
    if (place === undefined || (major < 15 && inherited)) continue
    const renumber = new Map(columns.map(({ number, name: column }) => [number, place.columns[column] ?? 0]))
    const figures = [
      distinctBytes(renumbered(distinct, renumber)),
      dependenciesBytes(renumbered(dependencies, renumber)),
    ]
    const values = figures.map((bytes) => bytes.toString("hex"))
    await admin.query("DELETE FROM pg_statistic_ext_data WHERE stxoid = $1::text::oid", [place.oid])
    await admin.query(
      `INSERT INTO pg_statistic_ext_data (stxoid, ${major < 15 ? "" : "stxdinherit, "}stxdndistinct, stxddependencies)
       SELECT $1::text::oid, ${major < 15 ? "" : `${inherited}, `}
         CASE WHEN $4::boolean THEN decode($2, 'hex')::pg_ndistinct END, CASE WHEN $5::boolean THEN decode($3, 'hex')::pg_dependencies END`,
      [place.oid, ...values, distinct !== null, dependencies !== null],
    )
  }
  return left
}

const found = v.object({ oid: v.string(), columns: v.record(v.string(), v.number()) })

const placeQuery = `
  SELECT s.oid::text AS oid, (SELECT json_object_agg(a.attname, a.attnum) FROM pg_attribute a
    WHERE a.attrelid = s.stxrelid AND a.attnum > 0 AND NOT a.attisdropped) AS columns
  FROM pg_statistic_ext s JOIN pg_namespace n ON n.oid = s.stxnamespace WHERE n.nspname = $1 AND s.stxname = $2`

/** Reads e.g. `{"1, 2": 100}` and `{"1 => 2": 0.5}`, and numbers the columns as the engine does; expressions fall out. */
const renumbered = (text: string | null, renumber: ReadonlyMap<number, number>): readonly ColumnsFigure[] =>
  Object.entries(v.parse(figuresText, text ?? "{}")).flatMap(([key, value]) => {
    const columns = key.split(/, | => /).map((number) => renumber.get(Number(number)) ?? 0)
    return columns.includes(0) ? [] : [{ columns, value }]
  })

const figuresText = v.pipe(v.string(), v.parseJson(), v.record(v.string(), v.number()))
