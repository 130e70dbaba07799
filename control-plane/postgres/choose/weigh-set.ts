import type { ExplainableQuery, QueryPlan, WhatIf } from "../what-if.ts"
import type { StatementStatistics } from "../workload.ts"

/** One way to fill in a statement's parameters. */
export interface WeighedQuery extends ExplainableQuery {
  /** Its plan without any candidate. */
  readonly now: QueryPlan
  /** How far it counts beside the others: above 0. */
  readonly weight: number
}

/** A statement that can be planned, with what it costs the database now. */
export interface WeighedStatement {
  readonly statistics: StatementStatistics
  readonly queries: readonly WeighedQuery[]
}

/** What a statement would cost with some indexes, over its cost now. */
export interface CostRatio {
  /** Weighted mean over its constants: what is saved on average. */
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

interface Known {
  readonly on: ReadonlySet<string>
  readonly plan: QueryPlan
  readonly used: ReadonlySet<string>
}

/**
 * Asks the planner what statements would cost, as seldom as it can: a plan that was the best of many stays it among fewer, as long
 * as those it uses are there.
 */
export const createScale = (whatIf: WhatIf): Scale => {
  const known = new Map<string, Known[]>()
  let asked = 0
  const plan = async ({ sql }: ExplainableQuery, on: ReadonlySet<string>): Promise<QueryPlan> => {
    const before = known.get(sql) ?? []
    const found = before.find((each) => each.used.isSubsetOf(on) && on.isSubsetOf(each.on))
    if (found !== undefined) return found.plan
    asked++
    const made = await whatIf.plan({ sql }, { on })
    known.set(sql, [...before, { on, plan: made, used: new Set(made.indexes.filter((index) => on.has(index))) }])
    return made
  }
  return {
    asked: () => asked,
    ratio: async ({ queries }, on) => {
      let [sum, weights, worst] = [0, 0, 0]
      const uses = new Set<string>()
      for (const query of queries) {
        const after = on.size === 0 ? query.now : await plan(query, on)
        const ratio = query.now.cost > 0 ? judgedCost(after) / judgedCost(query.now) : 1
        sum += query.weight * ratio
        weights += query.weight
        worst = Math.max(worst, ratio)
        for (const index of after.indexes) if (on.has(index)) uses.add(index)
      }
      return { mean: weights === 0 ? 1 : sum / weights, worst, uses: [...uses] }
    },
  }
}

/** Of the way that a plan hopes to be spared by a LIMIT, what it is charged for. */
const riskShare = 0.1

/**
 * The planner's cost without what it charges too much, and with what it does not: a plan that walks an order and filters is cheap
 * only if matches come early. Planners take them to lie evenly, and to be as many as they guess; where that is wrong the whole way
 * must be walked, and the plan is the worst of all.
 */
const judgedCost = ({ cost, overcharged, limit }: QueryPlan): number =>
  cost - overcharged + (limit === undefined ? 0 : riskShare * (limit.costWithout - cost))
