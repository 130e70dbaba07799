import { addKeys, distinctKeys } from "./draw-keys.ts"
import { mostRowsOfTuple, startFilling } from "./fill-leaves.ts"
import type { Leaves } from "./fill-leaves.ts"
import { createRandom } from "./random.ts"
import { sum } from "./sum.ts"
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
    return scaleUp(leavesOfRows(rows, columns, fillPercent), rows)
  }
  const [only] = columns
  if (only === undefined || columns.length > 1) return scaleUp(leavesOfKeys(rows, columns, fillPercent), rows)
  return deduplicatedPages(rows, only, fillPercent)
}

const scaleUp = ({ pages, rows }: Leaves, allRows: number): number => (rows === 0 ? 0 : (pages * allRows) / rows)

const leavesOfRows = (rows: number, columns: readonly IndexColumn[], fillPercent: number): Leaves => {
  const [draw, random] = [createDrawTuple(columns), createRandom()]
  const { add, leaves } = startFilling({ fillPercent, atMost: simulatedPages.ofRows })
  for (let row = 0; row < rows; row++) if (!add(draw(random), 1)) break
  return leaves()
}

const leavesOfKeys = (rows: number, columns: readonly IndexColumn[], fillPercent: number): Leaves => {
  const filling = startFilling({ fillPercent, atMost: simulatedPages.ofKeys })
  addKeys(rows, columns, filling)
  return filling.leaves()
}

/** The values that fill pages of their own are counted one by one; the others are packed together. */
const deduplicatedPages = (rows: number, column: IndexColumn, fillPercent: number): number => {
  const [draw, random] = [createDrawTuple([column]), createRandom()]
  const counts = [...column.commonShares, ...(column.nullShare > 0 ? [column.nullShare] : [])].map(
    (share) => share * rows,
  )
  const leavesOf = (rowsOfValues: readonly number[]): Leaves => {
    const { add, leaves } = startFilling({ fillPercent })
    for (const count of rowsOfValues) add(draw(random), count)
    return leaves()
  }
  const pagesOf = (count: number): number => scaleUp(leavesOf([Math.min(count, mostSimulatedRows)]), count)
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
    leavesOf(small).pages +
    (restRows < 1 ? 0 : scaleUp(leavesOfKeys(restRows, [rest], fillPercent), restRows))
  )
}

const mostSimulatedRows = 10_000
