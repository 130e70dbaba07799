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
  const leaves = entryBytes <= roomBytes ? 1 : Math.ceil(entries / entriesLeftBehind(entryBytes / entries))
  const entryPages = leaves === 1 ? 1 : leaves + Math.ceil(leaves / 150)
  return {
    pages: 1 + entryPages + Math.round(dataPages),
    entryPages,
    dataPages: Math.round(dataPages),
    entries: Math.round(entries),
  }
}

/** A build adds ascending keys; a full page is split behind its middle, and its first half stays as it is: `entrySplitPage`. */
const entriesLeftBehind = (entryBytes: number): number => Math.floor((Math.floor(roomBytes / entryBytes) + 1) / 2) + 1

/**
 * A row's place is written as the difference to the one before, 7 bits a byte; a table's page counts as 2,048 places, of which only
 * the first are used: one byte within a page, two or more to another.
 */
const bytesPerRow = (pagesBetween: number): number => {
  const samePage = 1 - pagesBetween * (1 - Math.exp(-1 / pagesBetween))
  return samePage + (1 - samePage) * (2 + Math.exp(-8 / pagesBetween) + Math.exp(-1024 / pagesBetween))
}
