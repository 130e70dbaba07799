import type { TableUse } from "../candidates/collect-uses.ts"
import { quoteName } from "../candidates/syntax-tree.ts"
import type { ProposedChange } from "../change.ts"
import type { StatisticsTarget } from "../observe/read-targets.ts"
import type { UsingStatement } from "./advise-statistics.ts"

/** How many times the rows that were counted lie outside of what the planner expects for any constants. */
const leastSurprise = 10
const tenfold = 10
const mostTarget = 10_000

/**
 * Larger samples of columns that one condition alone misjudges: their list of common values is full, so that more would be there, and
 * the rows that a statement gave a call lie far outside of what is expected for common and rare values alike.
 */
export const adviseTargets = (
  statements: readonly UsingStatement[],
  targets: readonly StatisticsTarget[],
  leastShare: number,
): readonly ProposedChange[] => {
  const leastMs = leastShare * statements.reduce((sum, { statistics }) => sum + statistics.totalMs, 0)
  const found = new Map<string, ProposedChange>()
  for (const { statistics, queries, uses } of statements) {
    const [use, ...others] = uses
    if (use === undefined || others.length > 0 || statistics.rows === undefined || statistics.totalMs < leastMs)
      continue
    const target = targetOf(use, targets)
    const counted = statistics.rows / statistics.calls
    const expected = queries.map(({ now }) => now.rows)
    const [least, most] = [Math.min(...expected), Math.max(...expected)]
    const isOff = counted + 1 > leastSurprise * (most + 1) || (counted + 1) * leastSurprise < least + 1
    if (target === undefined || !isOff || queries.some(({ now }) => now.limit !== undefined)) continue
    const change = toChange(target, counted, [least, most], statistics.queryId)
    if (!found.has(change.sql)) found.set(change.sql, change)
  }
  return [...found.values()]
}

/** Of a use whose only condition is that one column equals something: that column, where its list of common values is full. */
const targetOf = (use: TableUse, targets: readonly StatisticsTarget[]): StatisticsTarget | undefined => {
  const { table, equal, joined, ranged, prefixed, contained, fixed, grouped } = use
  const conditions = [equal, joined, ranged, prefixed, contained, fixed, grouped].reduce(
    (sum, { length }) => sum + length,
    0,
  )
  if (conditions !== 1 || equal.length !== 1) return undefined
  return targets.find(
    (each) =>
      each.schema === table.schema &&
      each.table === table.name &&
      quoteName(each.column) === equal[0] &&
      each.commonValues >= each.target &&
      each.target < mostTarget,
  )
}

const toChange = (
  { schema, table, column, target, isOwn }: StatisticsTarget,
  counted: number,
  [least, most]: readonly [number, number],
  queryId: string,
): ProposedChange => {
  const alter = `ALTER TABLE ${quoteName(schema)}.${quoteName(table)} ALTER COLUMN ${quoteName(column)} SET STATISTICS`
  return {
    kind: "set-statistics-target",
    schema,
    table,
    object: column,
    sql: `${alter} ${Math.min(mostTarget, tenfold * target)}`,
    inverse: `${alter} ${isOwn ? target : -1}`,
    reason: `A statement gives ${show(counted)} rows a call where ${show(least)} to ${show(most)} are expected, and all ${target} places for common values of ${column} are taken.`,
    estimate: { queries: [{ queryId, costRatio: 1 }] },
  }
}

const show = (rows: number): string => Math.round(rows).toLocaleString("en-US")
