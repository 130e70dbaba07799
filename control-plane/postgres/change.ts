export const changeKinds = [
  "create-index",
  "drop-index",
  "analyze",
  "create-statistics",
  "set-statistics-target",
  "set-table-option",
] as const
export type ChangeKind = (typeof changeKinds)[number]

/** One change that the advisor proposes. Applying it and undoing it are statements; what cannot be undone has no inverse. */
export interface ProposedChange {
  readonly kind: ChangeKind
  /** Schema and table that it touches. */
  readonly schema: string
  readonly table: string
  /** The object that it makes or drops, e.g. `voltgate_3f2a9c`; absent for ANALYZE. */
  readonly object?: string
  /** One statement; for an index without CONCURRENTLY, which the apply step adds. */
  readonly sql: string
  readonly inverse?: string
  /** Why, in a sentence, with its numbers and no literal of user data. */
  readonly reason: string
  readonly estimate: {
    /** Size of what is built, or of what is freed. */
    readonly sizeBytes?: number
    /** Share of the workload's time saved, 0..1. */
    readonly savedShare?: number
    /** For each statement that gains: its cost afterwards over its cost now. */
    readonly queries: readonly { readonly queryId: string; readonly costRatio: number }[]
  }
}

/** Advice that is not carried out by Voltgate: settings, bloat, what needs a person. */
export interface Hint {
  readonly topic: "setting" | "autovacuum" | "bloat" | "index" | "statistics" | "query"
  readonly subject: string
  readonly message: string
  /** A statement or a setting that a person may use. */
  readonly cure?: string
}
