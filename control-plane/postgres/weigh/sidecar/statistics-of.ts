import type { ColumnStatistics } from "../source/source-catalog.ts"
import type { IndexDescription } from "./describe-indexes.ts"
import { quoteName } from "./create-table.ts"

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
 * Statistics for the expressions of an index that does not exist yet: those of the column that each one mentions first, without
 * its values, which the expression changes.
 */
export const borrowStatistics = (
  index: IndexDescription,
  columnsOfTable: readonly string[],
  statisticsOf: StatisticsOf,
): readonly ColumnStatistics[] =>
  index.columns.flatMap(({ name, expression }) => {
    if (expression === null) return []
    const mentioned = columnsOfTable.find((column) => mentions(expression, column))
    const lent = mentioned === undefined ? undefined : statisticsOf(index.tableSchema, index.table, mentioned)
    if (lent === undefined) return []
    const nothing = { commonValues: null, commonShares: null, histogram: null, correlation: null } as const
    const noElements = { commonElements: null, commonElementShares: null, elementCounts: null } as const
    return [
      {
        ...lent,
        ...nothing,
        ...noElements,
        relation: index.name,
        schema: index.schema,
        column: name,
        inherited: false,
      },
    ]
  })

const mentions = (expression: string, column: string): boolean =>
  /^[a-z_][a-z0-9_]*$/.test(column)
    ? new RegExp(`(?<![\\w"$.])${column}(?![\\w"$(])`).test(expression.replaceAll(/'(?:[^']|'')*'/g, "''"))
    : expression.includes(quoteName(column))
