import { alignTuple } from "./tuple-width.ts"

/** An entry of a B-tree's leaf: a key with the place of one row, or of several. */
export interface LeafTuple {
  readonly bytes: number
  readonly rows: number
  /** Bytes of its list of rows, which a page's high key does without. */
  readonly listBytes: number
}

/** Page, less its header and the B-tree's 16 bytes at its end. */
const roomBytes = 8192 - 24 - 16
const pointerBytes = 4
const rowIdBytes = 6

/** A list of rows takes at most a tenth of a page: `BTGetDeduplicateItems`, `_bt_load` in nbtsort.c. */
const longestListTuple = Math.floor((8192 * 0.1) / 8) * 8 - pointerBytes

export const mostRowsOfTuple = (keyBytes: number): number =>
  Math.max(1, Math.floor((Math.floor(longestListTuple / 8) * 8 - keyBytes) / rowIdBytes))

export const tupleOf = (keyBytes: number, rows: number): LeafTuple => {
  const bytes = rows === 1 ? keyBytes : alignTuple(keyBytes + rows * rowIdBytes)
  return { bytes, rows, listBytes: bytes - keyBytes }
}

/** Pages that tuples take, the last one as far as it is filled. */
export interface Leaves {
  readonly pages: number
  readonly rows: number
}

/**
 * Leaf pages of an index that is built from sorted rows: `_bt_buildadd` in src/backend/access/nbtree/nbtsort.c. Packs tuples as
 * they come until so many pages are full or no tuple is left.
 */
export const packLeaves = (
  tuples: Iterable<LeafTuple>,
  { fillPercent, atMost = Infinity }: { readonly fillPercent: number; readonly atMost?: number },
): Leaves => {
  const keptFree = Math.floor((8192 * (100 - fillPercent)) / 100)
  // The first line pointer is the high key's.
  const emptyBytes = roomBytes - pointerBytes
  let free = emptyBytes
  let [fullPages, rowsOfFull, rows, items] = [0, 0, 0, 0]
  let last: LeafTuple = { bytes: 0, rows: 0, listBytes: 0 }
  for (const tuple of tuples) {
    const space = free - pointerBytes
    if (space < tuple.bytes + 8 || (space + last.listBytes < keptFree && items > 1)) {
      // The last tuple moves on, and stays behind as the high key.
      rowsOfFull += rows - last.rows
      if (++fullPages === atMost) return { pages: fullPages, rows: rowsOfFull }
      free = emptyBytes - pointerBytes - last.bytes
      ;[rows, items] = [last.rows, 1]
    }
    free -= tuple.bytes + pointerBytes
    rows += tuple.rows
    items++
    last = tuple
  }
  return { pages: fullPages + (emptyBytes - free) / (emptyBytes - keptFree), rows: rowsOfFull + rows }
}
