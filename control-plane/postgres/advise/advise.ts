import { proposeIndexes } from "../candidates/propose-indexes.ts"
import { quoteName } from "../candidates/syntax-tree.ts"
import type { ProposedChange } from "../change.ts"
import { chooseIndexes } from "../choose/choose-indexes.ts"
import type { Choice, ChosenIndex } from "../choose/choose-indexes.ts"
import type { Database } from "../database.ts"
import { readHealth } from "../observe/read-health.ts"
import type { TableHealth } from "../observe/read-health.ts"
import { readTargets } from "../observe/read-targets.ts"
import { staleStatistics } from "../observe/stale-statistics.ts"
import { readColumnGroups } from "../observe/read-column-groups.ts"
import type { LiveTexts } from "../observe/read-live-texts.ts"
import { readTables } from "../observe/read-tables.ts"
import type { Table } from "../observe/read-tables.ts"
import { openWhatIf } from "../weigh/open-what-if.ts"
import type { WhatIfOptions } from "../weigh/open-what-if.ts"
import type { Exactness } from "../what-if.ts"
import type { StatementStatistics } from "../workload.ts"
import { adviseStatistics } from "./advise-statistics.ts"
import type { UsingStatement } from "./advise-statistics.ts"
import { adviseTargets } from "./advise-targets.ts"
import { count, readWorkload, weighQueries } from "./read-workload.ts"

export interface AdviseOptions {
  /** All new indexes together; a tenth of the database unless given. */
  readonly budgetBytes?: number
  /** Of the workload's time, what an index must save to be worth proposing, 0..1. */
  readonly leastShare: number
  readonly engine: NonNullable<WhatIfOptions["engine"]>
  /** How statements were really sent, as far as that was seen. */
  readonly liveTexts?: LiveTexts | Promise<LiveTexts>
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

const usualBudgetShare = 0.1
/** Of a table's rows, what may have changed since its statistics were made: beyond that the server's own ANALYZE is late. */
const mostChanged = 0.2

/** What to build for these statements, weighed by the planner; the database sees reads of its catalog and statistics only. */
export const advise = async (
  source: Database,
  statements: readonly StatementStatistics[],
  options: AdviseOptions,
  now: () => number,
): Promise<Advice> => {
  options.onProgress("Reading tables, columns and indexes")
  const asking = readQuestions(source, statements, options)
  const engine = { engine: options.engine, onProgress: options.onProgress }
  await using whatIf = await openWhatIf(
    source,
    asking.then(({ candidates }) => candidates),
    engine,
  )
  const { tables, read, skipped, candidates } = await asking
  const budgetBytes = options.budgetBytes ?? usualBudgetShare * tables.reduce((sum, table) => sum + sizeOf(table), 0)
  const usable = candidates.filter(({ name }) => !whatIf.refused.has(name))
  const plannable: UsingStatement[] = []
  for (const { statistics, queries: likely, uses } of read) {
    const queries = await weighQueries(whatIf, likely, statistics)
    if (queries.length > 0) plannable.push({ statistics, queries, uses })
    else count(skipped, "it does not plan with constants in place of its parameters")
  }
  const choice = await chooseIndexes(whatIf, usable, plannable, {
    budgetBytes,
    leastShare: options.leastShare,
    writesOf: ({ schema, table }) => tables.find((each) => each.schema === schema && each.name === table)?.writes ?? 0,
    onProgress: options.onProgress,
  })
  const least = { leastShare: options.leastShare, onProgress: options.onProgress }
  const correlated = await adviseStatistics(whatIf, plannable, await readColumnGroups(source), least)
  return {
    at: new Date(now()).toISOString(),
    changes: [
      ...adviseAnalyze(plannable, (await readHealth(source)).tables),
      ...choice.chosen.map(toChange),
      ...correlated,
      ...adviseTargets(plannable, await readTargets(source), options.leastShare),
    ],
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

/** First, as all else is weighed by statistics: what a statement's tables lack of them. */
const adviseAnalyze = (
  statements: readonly UsingStatement[],
  tables: readonly TableHealth[],
): readonly ProposedChange[] => {
  const read = statements.flatMap(({ uses }) => uses.map(({ table }) => table))
  return tables
    .filter(({ schema, name }) => read.some((table) => table.schema === schema && table.name === name))
    .flatMap((table) => staleStatistics(table, mostChanged) ?? [])
}

const readQuestions = async (
  source: Database,
  statements: readonly StatementStatistics[],
  { liveTexts = new Map() }: Pick<AdviseOptions, "liveTexts">,
) => {
  const tables = await readTables(source)
  const { read, skipped } = await readWorkload(statements, tables, await liveTexts)
  return { tables, read, skipped, candidates: proposeIndexes(read.flatMap(({ uses }) => uses)) }
}

const sizeOf = ({ sizeBytes, indexes }: Table): number =>
  indexes.reduce((sum, index) => sum + index.sizeBytes, sizeBytes)

const candidateCounts = ({ considered, useful, plans }: Choice): Advice["candidates"] => ({ considered, useful, plans })

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
