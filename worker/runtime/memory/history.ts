import type { History, HistoryEntry } from "../../ports/history.ts"

export interface MemoryHistory extends History {
  /** What is remembered, the oldest first. */
  readonly entries: () => readonly HistoryEntry[]
}

/** History in the memory of one process; a full one forgets the oldest. */
export const createMemoryHistory = ({ maxEntries = 1_000 }: { readonly maxEntries?: number } = {}): MemoryHistory => {
  const entries = new Map<string, HistoryEntry>()
  return {
    remember: async (entry) => {
      const { requestId } = entry.record
      if (entries.has(requestId)) return
      entries.set(requestId, entry)
      for (const oldest of entries.keys()) {
        if (entries.size <= maxEntries) break
        entries.delete(oldest)
      }
    },
    entries: () => [...entries.values()],
  }
}
