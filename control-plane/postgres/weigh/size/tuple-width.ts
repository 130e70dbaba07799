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

/** Bytes of a random index tuple, without its line pointer. */
export type DrawTuple = (random: () => number) => number

/**
 * Draws lengths of index tuples: `index_form_tuple`, src/backend/access/common/indextuple.c. Their header has 8 bytes, 16 with any
 * NULL.
 */
export const createDrawTuple = (columns: readonly IndexColumn[]): DrawTuple => {
  const drawn = columns.map(({ fixedBytes, alignment, widths, nullShare }) => ({
    alignment,
    nullShare,
    fixedBytes,
    widths: fixedBytes === undefined ? spread(widths) : [],
  }))
  const drawTuple: DrawTuple = (random) => {
    let [bytes, nulls] = [0, false]
    for (const { fixedBytes, alignment, widths, nullShare } of drawn) {
      if (nullShare > 0 && random() < nullShare) {
        nulls = true
        continue
      }
      const width = fixedBytes ?? widths[Math.floor(random() * widths.length)] ?? 0
      bytes = fixedBytes === undefined && width <= longestShort ? bytes + width : alignTo(bytes, alignment) + width
    }
    return alignTuple((nulls ? 16 : 8) + bytes)
  }
  if (drawn.some(({ fixedBytes, nullShare }) => fixedBytes === undefined || nullShare > 0)) return drawTuple
  const always = drawTuple(Math.random)
  return () => always
}

/** A few hundred widths of which each is as likely as any other. */
const spread = (widths: IndexColumn["widths"]): readonly number[] => {
  const places = 512
  const total = widths.reduce((sum, { weight }) => sum + weight, 0)
  if (total === 0) return widths.slice(0, 1).map(({ bytes }) => bytes)
  let [filled, seen] = [0, 0]
  return widths.flatMap(({ bytes, weight }) => {
    seen += weight
    const upTo = Math.round((seen / total) * places)
    const mine = upTo - filled
    filled = upTo
    return Array.from({ length: mine }, () => bytes)
  })
}

/** Every tuple of the index has the same length. */
export const isUniform = (columns: readonly IndexColumn[]): boolean =>
  columns.every(
    ({ nullShare, fixedBytes, widths }) => nullShare === 0 && (fixedBytes !== undefined || widths.length === 1),
  )
