import { expectDistinct } from "./expect-distinct.ts"
import type { GinKeys } from "./gin-size.ts"

/** How many keys of one kind were seen in so many of the sampled values. */
export interface SeenKeys {
  /** Keys of one kind are alike in how often they occur, e.g. those of one path of a document. */
  readonly kind: string
  readonly seen: number
  readonly keys: number
  readonly bytes: number
}

/** A key seen more often than this in the sample has about the same share of all rows. */
const rarelySeen = 2

/**
 * From the keys of some values to those of all rows. Frequent keys keep their share; how many rare ones there are follows from
 * `expectDistinct`.
 */
export const spreadKeys = (seen: readonly SeenKeys[], sampledValues: number, rows: number): readonly GinKeys[] => {
  const perSampled = rows / Math.max(1, sampledValues)
  const frequent = seen
    .filter((group) => group.seen > rarelySeen)
    .map(({ seen: times, keys, bytes }) => ({ count: keys, rowsPerKey: times * perSampled, keyBytes: bytes }))
  const kinds = [...new Set(seen.map(({ kind }) => kind))]
  const rare = kinds.flatMap((kind) => {
    const groups = seen.filter((group) => group.kind === kind && group.seen <= rarelySeen)
    const once = groups.find((group) => group.seen === 1)?.keys ?? 0
    const twice = groups.find((group) => group.seen === 2)?.keys ?? 0
    const occurrences = (once + 2 * twice) * perSampled
    if (occurrences === 0) return []
    const count = expectDistinct({ once, twice, more: 0 }, occurrences)
    const keyBytes = groups.reduce((sum, { keys, bytes }) => sum + keys * bytes, 0) / (once + twice)
    return [{ count, rowsPerKey: occurrences / count, keyBytes }]
  })
  return [...frequent, ...rare]
}
