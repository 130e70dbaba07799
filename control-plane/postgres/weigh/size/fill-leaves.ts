import { alignTuple } from "./tuple-width.ts"

/** Page, less its header and the B-tree's 16 bytes at its end. */
const roomBytes = 8192 - 24 - 16
const pointerBytes = 4
const rowIdBytes = 6

/** A list of rows takes at most a tenth of a page: `BTGetDeduplicateItems`, `_bt_load` in nbtsort.c. */
const longestListTuple = Math.floor((8192 * 0.1) / 8) * 8 - pointerBytes

export const mostRowsOfTuple = (keyBytes: number): number =>
  Math.max(1, Math.floor((Math.floor(longestListTuple / 8) * 8 - keyBytes) / rowIdBytes))

/** Pages that tuples take, the last one as far as it is filled. */
export interface Leaves {
  readonly pages: number
  readonly rows: number
}

export interface Filling {
  /** Adds a key with so many rows. False once as many pages are full as were asked for. */
  readonly add: (keyBytes: number, rows: number) => boolean
  readonly leaves: () => Leaves
}

/**
 * Leaf pages of an index that is built from sorted rows: `_bt_buildadd` in src/backend/access/nbtree/nbtsort.c. Takes keys as they
 * come until so many pages are full. It is told, and does not ask: a generator of millions of keys takes twice as long.
 */
export const startFilling = ({
  fillPercent,
  atMost = Infinity,
}: {
  readonly fillPercent: number
  readonly atMost?: number
}): Filling => {
  const keptFree = Math.floor((8192 * (100 - fillPercent)) / 100)
  // The first line pointer is the high key's.
  const emptyBytes = roomBytes - pointerBytes
  let free = emptyBytes
  let [fullPages, rowsOfFull, rows, items] = [0, 0, 0, 0]
  let [lastBytes, lastRows, lastListBytes] = [0, 0, 0]
  const addTuple = (keyBytes: number, tupleRows: number): boolean => {
    const bytes = tupleRows === 1 ? keyBytes : alignTuple(keyBytes + tupleRows * rowIdBytes)
    const space = free - pointerBytes
    if (space < bytes + 8 || (space + lastListBytes < keptFree && items > 1)) {
      // The last tuple moves on, and stays behind as the high key.
      rowsOfFull += rows - lastRows
      if (++fullPages === atMost) return false
      free = emptyBytes - pointerBytes - lastBytes
      rows = lastRows
      items = 1
    }
    free -= bytes + pointerBytes
    rows += tupleRows
    items++
    lastBytes = bytes
    lastRows = tupleRows
    // Which a page's high key does without.
    lastListBytes = bytes - keyBytes
    return true
  }
  return {
    add: (keyBytes, keyRows) => {
      const most = mostRowsOfTuple(keyBytes)
      for (let left = Math.round(keyRows); left > 0; left -= most) {
        if (!addTuple(keyBytes, Math.min(left, most))) return false
      }
      return true
    },
    leaves: () =>
      fullPages === atMost
        ? { pages: fullPages, rows: rowsOfFull }
        : { pages: fullPages + (emptyBytes - free) / (emptyBytes - keptFree), rows: rowsOfFull + rows },
  }
}
