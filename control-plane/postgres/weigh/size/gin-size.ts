import { alignTuple } from "./tuple-width.ts"

/** Keys of about equal frequency. */
export interface GinKeys {
  readonly count: number
  readonly rowsPerKey: number
  /** As stored, length byte included. */
  readonly keyBytes: number
}

export interface GinSize {
  readonly pages: number
  readonly entryPages: number
  readonly dataPages: number
  readonly entries: number
}

/** `GinMaxItemSize`: a key with a longer list of rows has a tree of pages of its own. */
const longestEntry = 2704
const roomBytes = 8192 - 24 - 8
/** Pages are split in the middle while a build adds ascending keys: measured, 14 and 18. */
const filled = 0.52
/** A list's head, again for each segment of about 256 bytes: ginpostinglist.c. */
const listHeadBytes = 8
const segmentBytes = 256

/** A metapage, the tree of keys, and trees of rows for the frequent ones: src/backend/access/gin. */
export const ginSize = (groups: readonly GinKeys[], tablePages: number): GinSize => {
  let [entryBytes, dataPages, entries] = [0, 0, 0]
  for (const { count, rowsPerKey, keyBytes } of groups) {
    const listBytes = Math.max(0, rowsPerKey - 1) * bytesPerRow(tablePages / rowsPerKey)
    const inline = alignTuple(alignTuple(8 + keyBytes) + listHeadBytes + listBytes)
    entries += count
    if (inline <= longestEntry) {
      entryBytes += count * (inline + 4)
      continue
    }
    const leaves = Math.ceil((listBytes * (1 + listHeadBytes / segmentBytes)) / (roomBytes - 8))
    dataPages += count * (leaves === 1 ? 1 : leaves + Math.ceil(leaves / 800))
    entryBytes += count * (alignTuple(8 + keyBytes) + 4)
  }
  const leaves = entryBytes <= roomBytes ? 1 : Math.ceil(entryBytes / (roomBytes * filled))
  const entryPages = leaves === 1 ? 1 : leaves + Math.ceil(leaves / 150)
  return {
    pages: 1 + entryPages + Math.round(dataPages),
    entryPages,
    dataPages: Math.round(dataPages),
    entries: Math.round(entries),
  }
}

/** A row's place is written as the difference to the one before, 7 bits a byte; a table's page counts as 2,048 places. */
const bytesPerRow = (pagesBetween: number): number => {
  const mean = Math.max(1, pagesBetween * 2048)
  return 1 + Math.exp(-128 / mean) + Math.exp(-16_384 / mean) + Math.exp(-2_097_152 / mean)
}
