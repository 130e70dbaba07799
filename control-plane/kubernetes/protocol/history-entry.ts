import type { Decision } from "../decision.ts"

/** Why nothing was decided, or what was decided was not to be done. */
export const refusals = [
  "paused",
  "zero-replicas",
  "other-owner",
  "changed-by-another",
  "rollout-stuck",
  "target-missing",
  "cluster-error",
] as const
export type Refusal = (typeof refusals)[number]

/** What came of a cycle of one policy. */
export type Outcome =
  /** There was nothing to do. */
  | { readonly kind: "held" }
  /** The policy only observes: this is what it would have done. */
  | { readonly kind: "observed" }
  /** It was written, and read back. */
  | { readonly kind: "written" }
  /** It may not be done now. */
  | { readonly kind: "refused"; readonly refusal: Refusal; readonly reason: string }
  /** Somebody else wrote in between; nothing of ours was done. */
  | { readonly kind: "overtaken"; readonly reason: string }
  /** It was tried, and the server did not do it, or it cannot be told whether it did. */
  | { readonly kind: "failed"; readonly reason: string }

/** A row of the history. */
export interface HistoryEntry {
  readonly id: string
  readonly at: string
  readonly policy: string
  readonly namespace: string
  readonly deployment: string
  /** Believed numbers by signal; `null` for one that was not believed. */
  readonly values: Readonly<Record<string, number | null>>
  readonly readyReplicas: number
  readonly decision: Decision
  readonly outcome: Outcome
}
