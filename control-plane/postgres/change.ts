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
  /** Of an index that is dropped because nothing uses it: what was seen, for the apply step to compare with. */
  readonly unused?: Unused
}

/** How an index was watched, and what it was then. */
export interface Unused {
  /** As the server numbers it. */
  readonly indexId: string
  readonly definitionHash: string
  /** Days without a use, on the primary and on each standby. */
  readonly watchedDays: number
  readonly until: string
  /** What the primary had counted at the end, and since when. */
  readonly scans: number
  readonly countedSince?: string
  /** How many standbys were watched. */
  readonly standbys: number
}

/** What a person should look at. */
export interface Hint {
  readonly topic: "setting" | "autovacuum" | "bloat" | "index" | "statistics" | "query"
  readonly subject: string
  readonly message: string
  /** A statement or a setting that a person may use. */
  readonly cure?: string
  /** The same for `voltgate db apply`, where it can carry it out. */
  readonly change?: ProposedChange
}
