import type { NearEntry } from "./near-entry.ts"

/** Why a question was not answered from its neighbours. */
export type NearVeto = "too_long" | "not_english" | "no_neighbor" | "too_far" | "confidence"

export interface NearHit {
  readonly served: true
  readonly entry: NearEntry
  readonly similarity: number
  readonly confidence: number
}

export interface NearRefusal {
  readonly served: false
  readonly veto: NearVeto
  /** What caused it, with the words of both questions: for the caller's own record, never for a log. */
  readonly detail: string
  readonly nearest?: NearEntry
  readonly similarity?: number
  readonly confidence?: number
}

export type NearVerdict = NearHit | NearRefusal
