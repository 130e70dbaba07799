import { bindStatement } from "../candidates/bind-statement.ts"
import { collectUses } from "../candidates/collect-uses.ts"
import type { TableUse } from "../candidates/collect-uses.ts"
import { proposeIndexes } from "../candidates/propose-indexes.ts"
import { quoteName } from "../candidates/syntax-tree.ts"
import type { ProposedChange } from "../change.ts"
import { chooseIndexes } from "../choose/choose-indexes.ts"
import type { Choice, ChosenIndex } from "../choose/choose-indexes.ts"
import type { WeighedStatement } from "../choose/weigh-set.ts"
import type { Database } from "../database.ts"
import { readTables } from "../observe/read-tables.ts"
import type { Table } from "../observe/read-tables.ts"
import { openWhatIf } from "../weigh/open-what-if.ts"
import type { WhatIfOptions } from "../weigh/open-what-if.ts"
import type { Exactness } from "../what-if.ts"
import type { StatementStatistics } from "../workload.ts"

export interface AdviseOptions {
  /** All new indexes together; a tenth of the database unless given. */
  readonly budgetBytes?: number
  /** Of the workload's time, what an index must save to be worth proposing, 0..1. */
  readonly leastShare: number
  readonly engine: NonNullable<WhatIfOptions["engine"]>
  readonly onProgress: (step: string) => void
}

export interface Advice {
  readonly at: string
  readonly changes: readonly ProposedChange[]
  /** What all changes together save of the statements' time, 0..1. */
  readonly savedShare: number
  readonly statements: {
    readonly read: number
    readonly weighed: number
    readonly totalMs: number
    /** Statements that could not be weighed, by reason. */
    readonly skipped: Readonly<Record<string, number>>
  }
  readonly candidates: { readonly considered: number; readonly useful: number; readonly plans: number }
  readonly budgetBytes: number
  readonly exactness: Exactness
}

/** Statements beyond the first so many hardly count, and cost as much to plan. */
const mostStatements = 60
const usualBudgetShare = 0.1

/** What to build for these statements, weighed by the planner; the database sees reads of its catalog and statistics only. */
export const advise = async (
  source: Database,
  statements: readonly StatementStatistics[],
  options: AdviseOptions,
  now: () => number,
): Promise<Advice> => {
  options.onProgress("Reading tables, columns and indexes")
  const tables = await readTables(source)
  const budgetBytes = options.budgetBytes ?? usualBudgetShare * tables.reduce((sum, table) => sum + sizeOf(table), 0)
  const { weighed, uses, skipped } = await readWorkload(statements, tables)
  const candidates = proposeIndexes(uses)
  await using whatIf = await openWhatIf(source, candidates, { engine: options.engine, onProgress: options.onProgress })
  const usable = candidates.filter(({ name }) => !whatIf.refused.has(name))
  const plannable: WeighedStatement[] = []
  for (const statement of weighed) {
    const queries = await whichPlan(statement, (query) => whatIf.plan(query, { on: new Set() }))
    if (queries.length > 0) plannable.push({ ...statement, queries })
    else count(skipped, "it does not plan with constants in place of its parameters")
  }
  const choice = await chooseIndexes(whatIf, usable, plannable, {
    budgetBytes,
    leastShare: options.leastShare,
    writesOf: ({ schema, table }) => tables.find((each) => each.schema === schema && each.name === table)?.writes ?? 0,
    onProgress: options.onProgress,
  })
  return {
    at: new Date(now()).toISOString(),
    changes: choice.chosen.map(toChange),
    savedShare: choice.savedShare,
    statements: {
      read: statements.length,
      weighed: plannable.length,
      totalMs: statements.reduce((sum, { totalMs }) => sum + totalMs, 0),
      skipped,
    },
    candidates: candidateCounts(choice),
    budgetBytes,
    exactness: whatIf.exactness,
  }
}

const sizeOf = ({ sizeBytes, indexes }: Table): number =>
  indexes.reduce((sum, index) => sum + index.sizeBytes, sizeBytes)

const candidateCounts = ({ considered, useful, plans }: Choice): Advice["candidates"] => ({ considered, useful, plans })

const readWorkload = async (statements: readonly StatementStatistics[], tables: readonly Table[]) => {
  const weighed: WeighedStatement[] = []
  const uses: TableUse[] = []
  const skipped: Record<string, number> = {}
  const byTime = statements.toSorted((a, b) => b.totalMs - a.totalMs)
  for (const [index, statistics] of byTime.entries()) {
    if (index >= mostStatements) {
      count(skipped, `it is not among the ${mostStatements} that take most of the time`)
      continue
    }
    const bound = await bindStatement(statistics.text, tables)
    if (bound.kind === "skipped") {
      count(skipped, bound.reason)
      continue
    }
    const found = collectUses(bound.tree, tables)
    if (found.length === 0) {
      count(skipped, "it reads no table of this database")
      continue
    }
    uses.push(...found)
    weighed.push({
      statistics,
      queries: bound.queries,
      tables: new Set(found.map(({ table }) => `${table.schema}.${table.name}`)),
    })
  }
  return { weighed, uses, skipped }
}

const count = (skipped: Record<string, number>, reason: string): void => {
  skipped[reason] = (skipped[reason] ?? 0) + 1
}

/** Of a statement's variants those that plan: a sample may be no value of the type that the place needs. */
const whichPlan = async (
  { queries }: WeighedStatement,
  plan: (query: WeighedStatement["queries"][number]) => Promise<unknown>,
): Promise<WeighedStatement["queries"]> => {
  const good: WeighedStatement["queries"][number][] = []
  for (const query of queries) {
    try {
      await plan(query)
      good.push(query)
    } catch {
      // Told as a count.
    }
  }
  return good
}

const toChange = ({ candidate, sizeBytes, savedShare, writePriceMs, statements }: ChosenIndex): ProposedChange => {
  const { name, schema, table, definition } = candidate
  const best = statements.reduce((least, { ratio }) => Math.min(least, ratio.mean), 1)
  const gain = statements.length === 1 ? "a statement costs" : `${statements.length} statements cost`
  return {
    kind: "create-index",
    schema,
    table,
    object: name,
    sql: `CREATE INDEX ${name} ${definition}`,
    inverse: `DROP INDEX ${quoteName(schema)}.${name}`,
    reason: `${gain} less, down to ${percent(best)} of now; that is ${percent(savedShare)} of all statements' time, against ${Math.round(writePriceMs)} ms of writes.`,
    estimate: {
      sizeBytes,
      savedShare,
      queries: statements.map(({ statement, ratio }) => ({
        queryId: statement.statistics.queryId,
        costRatio: ratio.mean,
      })),
    },
  }
}

const percent = (share: number): string => `${Number((100 * share).toPrecision(3))} %`
