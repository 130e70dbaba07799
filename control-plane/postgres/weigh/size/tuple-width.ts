/** What the size of an index depends on, of one of its columns. */
export interface IndexColumn {
  /** The type's length where it is fixed; absent for one that varies. */
  readonly fixedBytes?: number
  /** 1, 2, 4 or 8. */
  readonly alignment: number
  /** Widths of some values of a type that varies, as they are stored, length word included; each as likely as its weight. */
  readonly widths: readonly { readonly bytes: number; readonly weight: number }[]
  readonly nullShare: number
  /** How many different values there are in the table, without NULL. */
  readonly distinct: number
  /** Shares of the most common values. */
  readonly commonShares: readonly number[]
  /** Part of the key, not only carried along. */
  readonly isKey: boolean
}

const alignTo = (bytes: number, alignment: number): number => Math.ceil(bytes / alignment) * alignment

/** Postgres aligns tuples to 8 bytes on every 64-bit machine. */
export const alignTuple = (bytes: number): number => alignTo(bytes, 8)

/** Values longer than this have a length word of four bytes, aligned; shorter ones have one byte, not aligned. */
const longestShort = 127

/**
 * Bytes of a random index tuple without its line pointer: `index_form_tuple`, src/backend/access/common/indextuple.c. Its
 * header has 8 bytes, 16 with any NULL.
 */
export const drawTupleBytes = (columns: readonly IndexColumn[], random: () => number): number => {
  const present = columns.filter(({ nullShare }) => nullShare === 0 || random() >= nullShare)
  let bytes = present.length === columns.length ? 8 : 16
  for (const { fixedBytes, alignment, widths } of present) {
    const width = fixedBytes ?? drawWidth(widths, random)
    bytes = fixedBytes === undefined && width <= longestShort ? bytes + width : alignTo(bytes, alignment) + width
  }
  return alignTuple(bytes)
}

const drawWidth = (widths: IndexColumn["widths"], random: () => number): number => {
  let left = random() * widths.reduce((sum, { weight }) => sum + weight, 0)
  for (const { bytes, weight } of widths) {
    left -= weight
    if (left <= 0) return bytes
  }
  return widths.at(-1)?.bytes ?? 0
}

/** Every tuple of the index has the same length. */
export const isUniform = (columns: readonly IndexColumn[]): boolean =>
  columns.every(
    ({ nullShare, fixedBytes, widths }) => nullShare === 0 && (fixedBytes !== undefined || widths.length === 1),
  )
