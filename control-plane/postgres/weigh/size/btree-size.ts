import { mostRowsOfTuple, rowsPerLeaf, tupleOf } from "./fill-leaves.ts"
import type { LeafTuple } from "./fill-leaves.ts"
import { createRandom } from "./random.ts"
import { drawTupleBytes, isUniform } from "./tuple-width.ts"
import type { IndexColumn } from "./tuple-width.ts"

export interface BtreeShape {
  readonly rows: number
  readonly columns: readonly IndexColumn[]
  /** Equal keys may share a tuple. */
  readonly deduplicates: boolean
  /** `fillfactor`, 90 unless set. */
  readonly fillPercent: number
}

export interface BtreeSize {
  readonly pages: number
  /** Levels above the leaves. */
  readonly height: number
}

const simulatedPages = 40

/** Pages of a B-tree that was just built, and its height. */
export const btreeSize = (shape: BtreeShape): BtreeSize => {
  if (shape.rows < 1) return { pages: 1, height: 0 }
  return withInnerPages(Math.max(1, Math.ceil(leafPages(shape))), shape)
}

/** The height of a tree of so many pages, whoever made it. */
export const btreeHeight = (pages: number, shape: BtreeShape): number => {
  const childrenPerPage = childrenOf(shape)
  let height = 0
  for (let level = pages - 1 - Math.ceil(pages / childrenPerPage); level > 1; level /= childrenPerPage) height++
  return height
}

const withInnerPages = (leaves: number, shape: BtreeShape): BtreeSize => {
  const childrenPerPage = childrenOf(shape)
  let pages = 1 + leaves
  let height = 0
  for (let level = leaves; level > 1; height++) {
    level = Math.ceil(level / childrenPerPage)
    pages += level
  }
  return { pages, height }
}

/** Inner pages are filled to 70 %: BTREE_NONLEAF_FILLFACTOR. */
const childrenOf = (shape: BtreeShape): number => Math.max(2, Math.floor((8144 - 2457) / (pivotBytes(shape) + 4)))

/**
 * A separator keeps the key's columns up to the first that tells its neighbours apart, and the row's place where none does:
 * `_bt_truncate`.
 */
const pivotBytes = ({ columns, rows, deduplicates }: BtreeShape): number => {
  const keys = columns.filter(({ isKey }) => isKey)
  const tuples = deduplicates ? distinctKeys(rows, keys) + rows / mostRowsOfTuple(meanTupleBytes(keys)) : rows
  let [expected, alike, distinct] = [0, 1, 1]
  keys.forEach((column, index) => {
    distinct *= Math.max(1, column.distinct)
    const differs = index === keys.length - 1 && distinct >= tuples ? 1 : Math.min(1, distinct / tuples)
    expected += alike * differs * meanTupleBytes(keys.slice(0, index + 1))
    alike *= 1 - differs
  })
  return expected + alike * (meanTupleBytes(keys) + 8)
}

const meanTupleBytes = (columns: readonly IndexColumn[]): number => {
  const random = createRandom()
  if (isUniform(columns)) return drawTupleBytes(columns, random)
  const draws = 200
  let sum = 0
  for (let draw = 0; draw < draws; draw++) sum += drawTupleBytes(columns, random)
  return sum / draws
}

const leafPages = (shape: BtreeShape): number => {
  if (shape.deduplicates) return deduplicatedPages(shape)
  return (
    shape.rows /
    rowsPerLeaf(singleTuples(shape), {
      fillPercent: shape.fillPercent,
      pages: isUniform(shape.columns) ? 1 : simulatedPages,
    })
  )
}

function* singleTuples({ columns, rows }: BtreeShape): Iterable<LeafTuple> {
  const random = createRandom()
  for (let row = 0; row < rows; row++) yield tupleOf(drawTupleBytes(columns, random), 1)
}

/** The values that are far more common than others fill pages of their own; the others are packed together. */
const deduplicatedPages = ({ rows, columns, fillPercent }: BtreeShape): number => {
  const packed = { fillPercent, pages: simulatedPages }
  const [only] = columns
  if (only === undefined || columns.length > 1) return rows / rowsPerLeaf(groups(rows, columns), packed)
  const counts = [...only.commonShares, ...(only.nullShare > 0 ? [only.nullShare] : [])].map((share) => share * rows)
  const rest: IndexColumn = {
    ...only,
    nullShare: 0,
    commonShares: [],
    distinct: Math.max(1, only.distinct - only.commonShares.length),
  }
  const restRows = Math.max(0, rows - counts.reduce((sum, count) => sum + count, 0))
  const random = createRandom()
  return counts.reduce(
    (pages, count) => pages + count / rowsPerLeaf(postings(drawTupleBytes(columns, random), count), packed),
    restRows < 1 ? 0 : restRows / rowsPerLeaf(groups(restRows, [rest]), packed),
  )
}

/** Tuples of random keys, each with as many rows as its values' shares make likely. */
function* groups(rows: number, columns: readonly IndexColumn[]): Iterable<LeafTuple> {
  const random = createRandom()
  const typical = typicalCount(rows / distinctKeys(rows, columns))
  for (let left = rows; left > 0;) {
    const relative = columns.reduce((product, column) => product * drawShare(column, random) * column.distinct, 1)
    const count = Math.min(left, drawCount(typical * relative, random))
    left -= count
    yield* postings(drawTupleBytes(columns, random), count)
  }
}

/** How many keys there are: as many as if the columns knew nothing of each other, and no fewer than one of them has. */
const distinctKeys = (rows: number, columns: readonly IndexColumn[]): number => {
  const possible = columns.reduce((product, { distinct }) => product * distinct, 1)
  const hit = columns.length === 1 ? possible : possible * (1 - Math.exp(-rows / possible))
  return Math.max(1, Math.min(rows, Math.max(hit, ...columns.map(({ distinct }) => distinct))))
}

function* postings(keyBytes: number, rows: number): Iterable<LeafTuple> {
  const most = Math.max(1, mostRowsOfTuple(keyBytes))
  for (let left = Math.round(rows); left > 0; left -= most) yield tupleOf(keyBytes, Math.min(left, most))
}

/** The share of a random value of the column. */
const drawShare = ({ commonShares, distinct, nullShare }: IndexColumn, random: () => number): number => {
  const at = Math.floor(random() * Math.max(distinct, commonShares.length, 1))
  const common = commonShares[at]
  if (common !== undefined) return common
  const rest = 1 - nullShare - commonShares.reduce((sum, share) => sum + share, 0)
  return Math.max(0, rest) / Math.max(1, distinct - commonShares.length)
}

/** The parameter of the Poisson distribution whose mean is this one once zeros are left out, by bisection. */
const typicalCount = (mean: number): number => {
  if (mean <= 1) return 0
  let [low, high] = [0, mean]
  for (let step = 0; step < 40; step++) {
    const middle = (low + high) / 2
    if (middle / -Math.expm1(-middle) < mean) low = middle
    else high = middle
  }
  return low
}

/** A Poisson count that is not zero: keys without rows are not in the index. */
const drawCount = (expected: number, random: () => number): number => {
  if (expected > 50) return Math.round(expected)
  if (expected < 1e-9) return 1
  const none = Math.exp(-expected)
  let left = random() * (1 - none)
  let count = 1
  for (let probability = none * expected; left > probability && count < 200; probability *= expected / count) {
    left -= probability
    count++
  }
  return count
}
