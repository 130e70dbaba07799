import type { AnswerCache, CacheEntry, CachedAnswer } from "../../ports/answer-cache.ts"

export interface MemoryCacheOptions {
  readonly now: () => number
  readonly maxEntries?: number
}

interface Kept {
  readonly answer: CachedAnswer
  hits: number
  lastAccessAt?: number
}

/** Answers in the memory of one process; the one that was longest unused goes first. */
export const createMemoryAnswerCache = ({ now, maxEntries = 1_000 }: MemoryCacheOptions): AnswerCache => {
  /** In order of use, the longest unused first. */
  const entries = new Map<string, Kept>()
  const live = (key: string): Kept | undefined => {
    const kept = entries.get(key)
    if (kept === undefined || kept.answer.expiresAt > now()) return kept
    entries.delete(key)
    return undefined
  }
  const use = (key: string, kept: Kept): void => {
    entries.delete(key)
    entries.set(key, kept)
  }
  return {
    get: async (key) => {
      const kept = live(key)
      if (kept === undefined) return undefined
      use(key, kept)
      return toEntry(kept)
    },
    put: async (key, answer) => {
      use(key, { answer, hits: 0 })
      for (const oldest of entries.keys()) {
        if (entries.size <= maxEntries) break
        entries.delete(oldest)
      }
    },
    touch: async (key, _, at) => {
      const kept = live(key)
      if (kept === undefined) return
      kept.hits++
      kept.lastAccessAt = at
    },
  }
}

const toEntry = ({ answer, hits, lastAccessAt }: Kept): CacheEntry => ({
  answer,
  hits,
  ...(lastAccessAt === undefined ? {} : { lastAccessAt }),
})
