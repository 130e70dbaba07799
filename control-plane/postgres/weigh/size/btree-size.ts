import { mostRowsOfTuple, packLeaves, tupleOf } from "./fill-leaves.ts"
import type { Leaves, LeafTuple } from "./fill-leaves.ts"
import { createRandom } from "./random.ts"
import { createDrawTuple, isUniform } from "./tuple-width.ts"
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

/** Enough to know how full pages get: rows fill them alike, keys with many rows do not. */
const simulatedPages = { ofRows: 12, ofKeys: 40 }

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
  const [draw, random] = [createDrawTuple(columns), createRandom()]
  const draws = isUniform(columns) ? 1 : 200
  return sum(Array.from({ length: draws }, () => draw(random))) / draws
}

const leafPages = ({ deduplicates, columns, rows, fillPercent }: BtreeShape): number => {
  if (!deduplicates) {
    return scaleUp(packLeaves(singleTuples(rows, columns), { fillPercent, atMost: simulatedPages.ofRows }), rows)
  }
  const [only] = columns
  if (only === undefined || columns.length > 1) {
    return scaleUp(packLeaves(groups(rows, columns), { fillPercent, atMost: simulatedPages.ofKeys }), rows)
  }
  return deduplicatedPages(rows, only, fillPercent)
}

const scaleUp = ({ pages, rows }: Leaves, allRows: number): number => (rows === 0 ? 0 : (pages * allRows) / rows)

function* singleTuples(rows: number, columns: readonly IndexColumn[]): Iterable<LeafTuple> {
  const [draw, random] = [createDrawTuple(columns), createRandom()]
  for (let row = 0; row < rows; row++) yield tupleOf(draw(random), 1)
}

/** The values that fill pages of their own are counted one by one; the others are packed together. */
const deduplicatedPages = (rows: number, column: IndexColumn, fillPercent: number): number => {
  const [draw, random] = [createDrawTuple([column]), createRandom()]
  const counts = [...column.commonShares, ...(column.nullShare > 0 ? [column.nullShare] : [])].map(
    (share) => share * rows,
  )
  const tuples = (count: number): readonly LeafTuple[] => [...postings(draw(random), count)]
  const pagesOf = (count: number): number =>
    scaleUp(packLeaves(tuples(Math.min(count, mostSimulatedRows)), { fillPercent }), count)
  const large = counts.filter((count) => count > mostSimulatedRows)
  const small = counts.filter((count) => count <= mostSimulatedRows)
  const rest: IndexColumn = {
    ...column,
    nullShare: 0,
    commonShares: [],
    distinct: Math.max(1, column.distinct - column.commonShares.length),
  }
  const restRows = Math.max(0, rows - sum(counts))
  return (
    sum(large.map(pagesOf)) +
    packLeaves(small.flatMap(tuples), { fillPercent }).pages +
    (restRows < 1
      ? 0
      : scaleUp(packLeaves(groups(restRows, [rest]), { fillPercent, atMost: simulatedPages.ofKeys }), restRows))
  )
}

const mostSimulatedRows = 10_000

const sum = (numbers: readonly number[]): number => numbers.reduce((total, each) => total + each, 0)

/** Tuples of random keys, each with as many rows as its values' shares make likely. */
function* groups(rows: number, columns: readonly IndexColumn[]): Iterable<LeafTuple> {
  const [draw, random] = [createDrawTuple(columns), createRandom()]
  const shares = columns.map(createDrawShare)
  const typical = typicalCount(rows / distinctKeys(rows, columns))
  for (let left = rows; left > 0;) {
    const relative = shares.reduce((product, drawShare) => product * drawShare(random), 1)
    const count = Math.min(left, drawCount(typical * relative, random))
    left -= count
    yield* postings(draw(random), count)
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

/** The share of a random value of the column, relative to the mean of all its values. */
const createDrawShare = ({ commonShares, distinct, nullShare }: IndexColumn): ((random: () => number) => number) => {
  const values = Math.max(distinct, commonShares.length, 1)
  const rest = Math.max(0, 1 - nullShare - sum(commonShares)) / Math.max(1, distinct - commonShares.length)
  return (random) => (commonShares[Math.floor(random() * values)] ?? rest) * distinct
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
