import { bindStatement } from "../candidates/bind-statement.ts"
import type { LikelyQuery } from "../candidates/bind-statement.ts"
import { collectUses } from "../candidates/collect-uses.ts"
import type { TableUse } from "../candidates/collect-uses.ts"
import { plausibility } from "../choose/plausibility.ts"
import type { WeighedQuery } from "../choose/weigh-set.ts"
import type { LiveTexts } from "../observe/read-live-texts.ts"
import type { Table } from "../observe/read-tables.ts"
import type { WhatIf } from "../what-if.ts"
import type { StatementStatistics } from "../workload.ts"

/** Statements beyond the first so many hardly count, and cost as much to plan. */
const mostStatements = 60
/** Of the ways to fill in a statement's parameters, those most like what the server counted. */
const mostQueries = 3

/** A statement whose parameters were filled in; whether it plans is not known yet. */
export interface ReadStatement {
  readonly statistics: StatementStatistics
  readonly queries: readonly LikelyQuery[]
  readonly uses: readonly TableUse[]
}

/** Reads the statements that take most of the time; counts the others, with the reason. */
export const readWorkload = async (
  statements: readonly StatementStatistics[],
  tables: readonly Table[],
  liveTexts: LiveTexts,
) => {
  const read: ReadStatement[] = []
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
    const found = usesOf(bound.trees, tables)
    if (found.length === 0) {
      count(skipped, "it reads no table of this database")
      continue
    }
    read.push({ statistics, queries: bound.queries, uses: found })
  }
  return { read, skipped }
}

export const count = (skipped: Record<string, number>, reason: string): void => {
  skipped[reason] = (skipped[reason] ?? 0) + 1
}

/**
 * What one statement asks of its tables, by all texts of it. A literal that is another one in another text is a value that somebody
 * asked for: no index is made for it alone.
 */
const usesOf = (trees: readonly unknown[], tables: readonly Table[]): readonly TableUse[] => {
  const byTree = trees.map((tree) => collectUses(tree, tables))
  const isEverywhere = (condition: string): boolean =>
    byTree.every((uses) => uses.some(({ fixed }) => fixed.includes(condition)))
  const uses = byTree.flat().map((use) => ({ ...use, fixed: use.fixed.filter(isEverywhere) }))
  return [...new Map(uses.map((use) => [keyOf(use), use])).values()]
}

const keyOf = ({ table, mentioned, ...asked }: TableUse): string =>
  JSON.stringify([table.schema, table.name, [...(mentioned ?? [])], asked])

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
export const weighQueries = async (
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
