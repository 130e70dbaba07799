import { bindStatement } from "../candidates/bind-statement.ts"
import type { LikelyQuery } from "../candidates/bind-statement.ts"
import { collectUses } from "../candidates/collect-uses.ts"
import type { TableUse } from "../candidates/collect-uses.ts"
import { proposeIndexes } from "../candidates/propose-indexes.ts"
import { quoteName } from "../candidates/syntax-tree.ts"
import type { ProposedChange } from "../change.ts"
import { chooseIndexes } from "../choose/choose-indexes.ts"
import type { Choice, ChosenIndex } from "../choose/choose-indexes.ts"
import { plausibility } from "../choose/plausibility.ts"
import type { WeighedQuery, WeighedStatement } from "../choose/weigh-set.ts"
import type { Database } from "../database.ts"
import type { LiveTexts } from "../observe/read-live-texts.ts"
import { readTables } from "../observe/read-tables.ts"
import type { Table } from "../observe/read-tables.ts"
import { openWhatIf } from "../weigh/open-what-if.ts"
import type { WhatIfOptions } from "../weigh/open-what-if.ts"
import type { Exactness, WhatIf } from "../what-if.ts"
import type { StatementStatistics } from "../workload.ts"

export interface AdviseOptions {
  /** All new indexes together; a tenth of the database unless given. */
  readonly budgetBytes?: number
  /** Of the workload's time, what an index must save to be worth proposing, 0..1. */
  readonly leastShare: number
  readonly engine: NonNullable<WhatIfOptions["engine"]>
  /** How statements were really sent, as far as that was seen. */
  readonly liveTexts?: LiveTexts
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
/** Of the ways to fill in a statement's parameters, those most like what the server counted. */
const mostQueries = 3
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
  const { read, uses, skipped } = await readWorkload(statements, tables, options.liveTexts ?? new Map())
  const candidates = proposeIndexes(uses)
  await using whatIf = await openWhatIf(source, candidates, { engine: options.engine, onProgress: options.onProgress })
  const usable = candidates.filter(({ name }) => !whatIf.refused.has(name))
  const plannable: WeighedStatement[] = []
  for (const { statistics, queries: likely } of read) {
    const queries = await weighQueries(whatIf, likely, statistics)
    if (queries.length > 0) plannable.push({ statistics, queries })
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

/** A statement whose parameters were filled in; whether it plans is not known yet. */
interface ReadStatement {
  readonly statistics: StatementStatistics
  readonly queries: readonly LikelyQuery[]
}

const readWorkload = async (
  statements: readonly StatementStatistics[],
  tables: readonly Table[],
  liveTexts: LiveTexts,
) => {
  const read: ReadStatement[] = []
  const uses: TableUse[] = []
  const skipped: Record<string, number> = {}
  const byTime = statements.toSorted((a, b) => b.totalMs - a.totalMs)
  for (const [index, statistics] of byTime.entries()) {
    if (index >= mostStatements) {
      count(skipped, `it is not among the ${mostStatements} that take most of the time`)
      continue
    }
    const bound = await bindTexts(liveTexts.get(statistics.queryId) ?? [], statistics.text, tables)
    if (bound.kind === "skipped") {
      count(skipped, bound.reason)
      continue
    }
    const found = bound.trees.flatMap((tree) => collectUses(tree, tables))
    if (found.length === 0) {
      count(skipped, "it reads no table of this database")
      continue
    }
    uses.push(...found)
    read.push({ statistics, queries: bound.queries })
  }
  return { read, uses, skipped }
}

const count = (skipped: Record<string, number>, reason: string): void => {
  skipped[reason] = (skipped[reason] ?? 0) + 1
}

/** The texts that were really sent tell more than the one that the server normalized, where they can be read. */
const bindTexts = async (liveTexts: readonly string[], normalized: string, tables: readonly Table[]) => {
  const trees: unknown[] = []
  const queries = new Map<string, LikelyQuery>()
  for (const text of liveTexts) {
    const bound = await bindStatement(text, tables)
    if (bound.kind === "skipped") continue
    trees.push(bound.tree)
    for (const query of bound.queries) queries.set(query.sql, query)
  }
  if (trees.length > 0) return { kind: "bound", trees, queries: [...queries.values()] } as const
  const bound = await bindStatement(normalized, tables)
  return bound.kind === "skipped" ? bound : ({ kind: "bound", trees: [bound.tree], queries: bound.queries } as const)
}

/**
 * Of a statement's variants those that plan (a sample may be no value of the type that the place needs), each weighed by how far
 * its rows are those that the server counted.
 */
const weighQueries = async (
  whatIf: WhatIf,
  queries: readonly LikelyQuery[],
  { rows, calls }: StatementStatistics,
): Promise<readonly WeighedQuery[]> => {
  const weighed: WeighedQuery[] = []
  for (const { sql, likelihood } of queries) {
    try {
      const now = await whatIf.plan({ sql }, { on: new Set() })
      weighed.push({ sql, now, weight: likelihood * (rows === undefined ? 1 : plausibility(now, rows / calls)) })
    } catch {
      // Told as a count.
    }
  }
  return weighed.toSorted((a, b) => b.weight - a.weight).slice(0, mostQueries)
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
