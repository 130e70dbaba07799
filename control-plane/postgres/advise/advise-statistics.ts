import { createHash } from "node:crypto"
import type { TableUse } from "../candidates/collect-uses.ts"
import { quoteName } from "../candidates/syntax-tree.ts"
import type { ProposedChange } from "../change.ts"
import type { WeighedQuery, WeighedStatement } from "../choose/weigh-set.ts"
import type { ColumnGroup } from "../observe/read-column-groups.ts"
import type { ColumnDependency, QueryPlan, WhatIf } from "../what-if.ts"

/** A statement with what it asks of each table. */
export interface UsingStatement extends WeighedStatement {
  readonly uses: readonly TableUse[]
}

export interface StatisticsOptions {
  /** Of all statements' time, what another plan must save. */
  readonly leastShare: number
  readonly onProgress: (step: string) => void
}

/** Rows that were counted a call, over the most that the planner expects for any constants: correlated beyond doubt. */
const leastSurprise = 5
const leastRows = 50
const largeTableRows = 10_000
/** How far columns are tried to determine each other. */
const degrees = [1, 0.5, 0.2, 0.05, 0.01] as const
/** Of its cost, what a statement must save by the other plan. */
const leastGain = 0.1

/**
 * Statistics of columns together, where the planner takes for independent what is not. That shows without reading a row: conditions on
 * two columns of a table let through many times the rows that the planner expects, whatever the constants. Proposed is only what
 * changes a plan, and makes the old one, at its true cost, dearer than the new one.
 */
export const adviseStatistics = async (
  whatIf: WhatIf,
  statements: readonly UsingStatement[],
  known: readonly ColumnGroup[],
  { leastShare, onProgress }: StatisticsOptions,
): Promise<readonly ProposedChange[]> => {
  const { planDependent } = whatIf
  if (planDependent === undefined) return []
  const totalMs = statements.reduce((sum, { statistics }) => sum + statistics.totalMs, 0)
  const found = new Map<string, ProposedChange>()
  for (const { statistics, queries, uses } of statements) {
    const counted = (statistics.rows ?? 0) / statistics.calls
    const query = queries.toSorted((a, b) => b.now.rows - a.now.rows)[0]
    if (query === undefined || counted < leastRows || counted < leastSurprise * (query.now.rows + 1)) continue
    for (const dependency of uses.flatMap((use) => correlatedOf(use, known))) {
      onProgress(`Looking whether ${dependency.table}.${dependency.columns.join(", ")} go together`)
      const better = await findBetter(planDependent, query, dependency, counted)
      if (better === undefined || better.gain < leastGain || better.gain * statistics.totalMs < leastShare * totalMs)
        continue
      const savedShare = (better.gain * statistics.totalMs) / totalMs
      const evidence = { queryId: statistics.queryId, counted, expected: query.now.rows, savedShare, ...better }
      const change = toChange(dependency, evidence)
      const before = found.get(change.sql)
      if ((before?.estimate.savedShare ?? 0) < savedShare) found.set(change.sql, change)
    }
  }
  return [...found.values()]
}

/** Columns that must equal something together, where nothing is kept of them together. */
const correlatedOf = ({ table, equal }: TableUse, known: readonly ColumnGroup[]): readonly ColumnDependency[] => {
  const { schema, name } = table
  const columns = table.columns.map((column) => column.name).filter((column) => equal.includes(quoteName(column)))
  const isKnown = known.some(
    (group) => group.schema === schema && group.table === name && columns.every((each) => group.columns.includes(each)),
  )
  if (columns.length < 2 || columns.length > 4 || table.rows < largeTableRows || isKnown) return []
  return [{ schema, table: name, columns, degree: 1 }]
}

interface Better {
  /** Of the statement's cost, 0..1. */
  readonly gain: number
  readonly rows: number
}

const findBetter = async (
  planDependent: NonNullable<WhatIf["planDependent"]>,
  query: WeighedQuery,
  dependency: ColumnDependency,
  counted: number,
): Promise<Better | undefined> => {
  let nearest: { readonly dependency: ColumnDependency; readonly plan: QueryPlan } | undefined
  for (const degree of degrees) {
    const supposed = { ...dependency, degree }
    const plan = await planDependent(query, supposed)
    if (nearest === undefined || distance(plan.rows, counted) < distance(nearest.plan.rows, counted))
      nearest = { dependency: supposed, plan }
  }
  const isExplained =
    nearest !== undefined && distance(nearest.plan.rows, counted) < distance(query.now.rows, counted) / 2
  if (nearest === undefined || !isExplained || nearest.plan.shape === query.now.shape) return undefined
  const old = await planDependent(query, nearest.dependency, query.now)
  return { gain: 1 - nearest.plan.cost / old.cost, rows: nearest.plan.rows }
}

/** In doublings. */
const distance = (rows: number, counted: number): number => Math.abs(Math.log2((rows + 1) / (counted + 1)))

interface Evidence extends Better {
  readonly queryId: string
  readonly counted: number
  readonly expected: number
  /** Of all statements' time. */
  readonly savedShare: number
}

const toChange = ({ schema, table, columns }: ColumnDependency, evidence: Evidence): ProposedChange => {
  const on = columns.map(quoteName).join(", ")
  const place = `${quoteName(schema)}.${quoteName(table)}`
  const object = `voltgate_${createHash("sha256").update(`${place} ${on}`).digest("hex").slice(0, 10)}`
  const { queryId, counted, expected, rows, gain, savedShare } = evidence
  return {
    kind: "create-statistics",
    schema,
    table,
    object,
    sql: `CREATE STATISTICS ${quoteName(schema)}.${object} (ndistinct, dependencies) ON ${on} FROM ${place}`,
    inverse: `DROP STATISTICS ${quoteName(schema)}.${object}`,
    reason: `A statement gives ${count(counted)} rows a call where at most ${count(expected)} are expected, as if these columns had nothing to do with each other. Told that they do, the planner expects ${count(rows)}, and takes a plan that costs ${Math.round(100 * gain)} % less than the present one truly does.`,
    estimate: { savedShare, queries: [{ queryId, costRatio: 1 - gain }] },
  }
}

const count = (rows: number): string => Math.round(rows).toLocaleString("en-US")
