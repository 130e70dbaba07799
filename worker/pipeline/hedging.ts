import type { CandidateRecord } from "../../contract/record.ts"
import { afterHedge, afterRequest, mayHedge, newHedgeBudget } from "../routing/hedging.ts"

/** What one isolate may spend on second candidates. */
export interface Hedging {
  /** Counts a request that may be hedged; each earns a twentieth of a hedge. */
  readonly asked: () => void
  /** Takes one hedge out of the budget, if there is one and enough candidates have room for it. */
  readonly mayHedge: (ranked: readonly Pick<CandidateRecord, "standing">[]) => boolean
}

export const createHedging = (): Hedging => {
  let budget = newHedgeBudget
  return {
    asked: () => {
      budget = afterRequest(budget)
    },
    mayHedge: (ranked) => {
      if (!mayHedge(budget, ranked)) return false
      budget = afterHedge(budget)
      return true
    },
  }
}
