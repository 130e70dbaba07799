import type { ExplainableQuery, WhatIf } from "../what-if.ts"
import type { StatementStatistics } from "../workload.ts"

/** A statement that can be planned, with what it costs the database now. */
export interface WeighedStatement {
  readonly statistics: StatementStatistics
  readonly queries: readonly ExplainableQuery[]
  /** `schema.table` of every table in it. */
  readonly tables: ReadonlySet<string>
}

/** What a statement would cost with some indexes, over its cost now. */
export interface CostRatio {
  /** Mean over its constants: what is saved on average. */
  readonly mean: number
  /** The worst of its constants: what may be lost. */
  readonly worst: number
  /** Candidates that its plans use. */
  readonly uses: readonly string[]
}

export interface Scale {
  readonly ratio: (statement: WeighedStatement, on: ReadonlySet<string>) => Promise<CostRatio>
  /** How often the planner was asked. */
  readonly asked: () => number
}

/** Asks the planner what statements would cost, and never the same twice: only candidates on a statement's own tables matter. */
export const createScale = (whatIf: WhatIf, tableOf: ReadonlyMap<string, string>): Scale => {
  const known = new Map<string, Promise<{ readonly cost: number; readonly indexes: readonly string[] }>>()
  let asked = 0
  const plan = (query: ExplainableQuery, on: ReadonlySet<string>) => {
    const key = `${[...on].toSorted().join(" ")}\0${query.sql}`
    const found = known.get(key) ?? whatIf.plan(query, { on })
    if (!known.has(key)) {
      asked++
      known.set(key, found)
    }
    return found
  }
  return {
    asked: () => asked,
    ratio: async ({ queries, tables }, on) => {
      const mine = new Set([...on].filter((name) => tables.has(tableOf.get(name) ?? "")))
      const ratios: number[] = []
      const uses = new Set<string>()
      for (const query of queries) {
        const before = await plan(query, new Set())
        const after = await plan(query, mine)
        ratios.push(before.cost > 0 ? after.cost / before.cost : 1)
        for (const index of after.indexes) if (mine.has(index)) uses.add(index)
      }
      return {
        mean: ratios.reduce((sum, each) => sum + each, 0) / Math.max(1, ratios.length),
        worst: Math.max(0, ...ratios),
        uses: [...uses],
      }
    },
  }
}
