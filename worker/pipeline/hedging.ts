import type { CandidateRecord } from "../../contract/record.ts"
import type { ProviderBoard } from "../ports/provider-board.ts"
import { modelId } from "../routing/model-ref.ts"
import type { ModelRef } from "../routing/model-ref.ts"

/** What one isolate may spend on second candidates. */
export interface Hedging {
  /** Counts a request that may be hedged; each earns a twentieth of a hedge. */
  readonly asked: () => void
  /** How long to wait for a candidate's first token before a second one is asked. */
  readonly hedgeAfterMs: (candidate: ModelRef, now: number) => number
  /** Takes one hedge out of the budget, if there is one and enough candidates have room for it. */
  readonly mayHedge: (ranked: readonly CandidateRecord[]) => boolean
}

const share = 0.05
const savedUp = 10
const soonestMs = 300
const latestMs = 15_000
const unknownMs = 3_000

export const createHedging = (board: Pick<ProviderBoard, "snapshot">): Hedging => {
  let hedges = 1
  return {
    asked: () => {
      hedges = Math.min(savedUp, hedges + share)
    },
    hedgeAfterMs: (candidate, now) => {
      const usualMs = board.snapshot(now).candidates[modelId(candidate)]?.p95Ms ?? unknownMs
      return Math.max(soonestMs, Math.min(latestMs, usualMs))
    },
    mayHedge: (ranked) => {
      if (hedges < 1 || ranked.length < 2) return false
      hedges--
      return true
    },
  }
}
