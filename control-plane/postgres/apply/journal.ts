import type { JournalEntry } from "./journal-entry.ts"

/** What was changed, by whom undone, and how. An entry is kept on disk once `record` resolves, also through a loss of power. */
export interface Journal {
  /** Where it is, for people. */
  readonly place: string
  /** All entries, the oldest first, each as it was recorded last. */
  readonly list: () => Promise<readonly JournalEntry[]>
  readonly record: (entry: JournalEntry) => Promise<void>
}
