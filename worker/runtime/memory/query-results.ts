import type { QueryResults } from "../../ports/query-results.ts"

/** Query results in the memory of one process; a full one forgets the oldest. */
export const createMemoryQueryResults = ({
  now,
  maxEntries = 200,
}: {
  readonly now: () => number
  readonly maxEntries?: number
}): QueryResults => {
  const kept = new Map<string, { readonly text: string; readonly until: number }>()
  return {
    get: async (key) => {
      const found = kept.get(key)
      if (found === undefined || found.until > now()) return found?.text
      kept.delete(key)
      return undefined
    },
    put: async (key, text, lifeMs) => {
      kept.delete(key)
      kept.set(key, { text, until: now() + lifeMs })
      for (const oldest of kept.keys()) {
        if (kept.size <= maxEntries) break
        kept.delete(oldest)
      }
    },
  }
}
