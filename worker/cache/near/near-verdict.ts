import type { NearEntry } from "./near-entry.ts"
import type { VetoName } from "./vetoes/vetoes.ts"

/** Why a question was not answered from its neighbors. */
export type NearVeto = "too_long" | "not_english" | "no_neighbor" | "too_far" | VetoName | "margin" | "confidence"

export interface NearHit {
  readonly served: true
  readonly entry: NearEntry
  readonly similarity: number
  readonly confidence: number
  /** Where the score falls in the embedder's bins; what is learned later about this hit is counted there. */
  readonly bin: number
}

export interface NearRefusal {
  readonly served: false
  readonly veto: NearVeto
  /** What caused it, with the words of both questions: for the caller's own record, never for a log. */
  readonly detail: string
  /** The entry that came closest to serving. */
  readonly nearest?: NearEntry
  readonly similarity?: number
  readonly confidence?: number
  readonly bin?: number
}

export type NearVerdict = NearHit | NearRefusal
