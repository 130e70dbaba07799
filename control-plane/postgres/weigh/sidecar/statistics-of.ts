import type { Database } from "../../database.ts"
import type { ColumnStatistics, SourceTable } from "../source/source-catalog.ts"
import type { IndexDescription } from "./describe-indexes.ts"
import { quoteName } from "./create-table.ts"
import { deriveStatistics } from "./derive-statistics.ts"

/** Finds a column's statistics, its own rows' before those with its children's. */
export type StatisticsOf = (schema: string, relation: string, column: string) => ColumnStatistics | undefined

export const createStatisticsOf = (statistics: readonly ColumnStatistics[]): StatisticsOf => {
  const known = new Map<string, ColumnStatistics>()
  const keyOf = (...names: readonly string[]): string => JSON.stringify(names)
  for (const row of statistics) {
    const key = keyOf(row.schema, row.relation, row.column)
    if (!row.inherited || !known.has(key)) known.set(key, row)
  }
  return (schema, relation, column) => known.get(keyOf(schema, relation, column))
}

/**
 * Statistics for the expressions of an index that does not exist yet, from the column that each one mentions first: of its values
 * where they can be computed, else its counts.
 */
export const lendStatistics = async (
  engine: Database,
  index: IndexDescription,
  table: SourceTable,
  statisticsOf: StatisticsOf,
): Promise<readonly ColumnStatistics[]> => {
  const lent: ColumnStatistics[] = []
  for (const { name, expression } of index.columns) {
    const column = expression === null ? undefined : table.columns.find((each) => mentions(expression, each.name))
    const known = column === undefined ? undefined : statisticsOf(index.tableSchema, index.table, column.name)
    if (expression === null || column === undefined || known === undefined) continue
    const place = { schema: index.schema, relation: index.name, column: name }
    const derived = await deriveStatistics(engine, expression, column, known, Math.max(1, table.rows))
    lent.push({ ...known, ...unknownValues, ...derived, ...place, inherited: false })
  }
  return lent
}

const unknownValues = {
  commonValues: null,
  commonShares: null,
  histogram: null,
  correlation: null,
  commonElements: null,
  commonElementShares: null,
  elementCounts: null,
} as const

const mentions = (expression: string, column: string): boolean =>
  /^[a-z_][a-z0-9_]*$/.test(column)
    ? new RegExp(`(?<![\\w"$.])${column}(?![\\w"$(])`).test(expression.replaceAll(/'(?:[^']|'')*'/g, "''"))
    : expression.includes(quoteName(column))
