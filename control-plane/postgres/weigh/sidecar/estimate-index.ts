import type { Database } from "../../database.ts"
import { brinMetapage } from "../files/brin-page.ts"
import { emptyTree } from "../files/empty-tree.ts"
import { ginMetapage } from "../files/gin-page.ts"
import { brinSize } from "../size/brin-size.ts"
import { btreeHeight, btreeSize } from "../size/btree-size.ts"
import type { BtreeShape } from "../size/btree-size.ts"
import { ginSize } from "../size/gin-size.ts"
import type { GinKeys } from "../size/gin-size.ts"
import { hashPages } from "../size/hash-size.ts"
import { sum } from "../size/sum.ts"
import { alignTuple } from "../size/tuple-width.ts"
import type { IndexColumn } from "../size/tuple-width.ts"
import type { IndexDescription } from "./describe-indexes.ts"
import { ginKeys } from "./gin-keys.ts"
import { createIndexColumns, statisticsOfColumn } from "./index-columns.ts"
import type { StatisticsOf } from "./statistics-of.ts"

/** What a table's indexes are measured by. */
export interface TableMeasures {
  readonly rows: number
  readonly pages: number
}

export interface IndexEstimate {
  readonly pages: number
  /** The file's first pages, where the planner reads them; else nothing. */
  readonly head: Uint8Array
}

/** Gives the length of an index of so many rows and its first pages; for one that exists, pages that suit its true length. */
export const createEstimate = (engine: Database, statisticsOf: StatisticsOf) => {
  const columnsOf = createIndexColumns(engine, statisticsOf)
  const keysOf = async (index: IndexDescription, rows: number): Promise<readonly GinKeys[]> => {
    const keys: GinKeys[] = []
    for (const column of index.columns) {
      const statistics = statisticsOfColumn(statisticsOf, index, column)
      keys.push(...(await ginKeys(engine, column.operatorClass ?? "", statistics, rows)))
    }
    return keys
  }
  return async (
    index: IndexDescription,
    rows: number,
    table: TableMeasures,
    truePages: number | undefined,
  ): Promise<IndexEstimate> => {
    switch (index.method) {
      case "btree": {
        const shape = btreeShape(index, rows, await columnsOf(index, rows, table.rows))
        const { pages, height } =
          truePages === undefined ? btreeSize(shape) : { pages: truePages, height: btreeHeight(truePages, shape) }
        return { pages, head: pages > 1 ? emptyTree(height) : noHead }
      }
      case "brin": {
        const pagesPerRange = readOption(index, "pages_per_range") ?? 128
        const summaryBytes = sum((await columnsOf(index, rows, table.rows)).map((column) => 2 * alignedWidth(column)))
        const { pages, mapPages } = brinSize({ tablePages: table.pages, pagesPerRange, summaryBytes })
        return { pages: truePages ?? pages, head: brinMetapage(pagesPerRange, mapPages) }
      }
      case "gin": {
        const size = ginSize(await keysOf(index, rows), table.pages)
        const scale = truePages === undefined ? 1 : truePages / size.pages
        const scaled = {
          pages: truePages ?? size.pages,
          entryPages: Math.round(size.entryPages * scale),
          dataPages: Math.round(size.dataPages * scale),
          entries: Math.round(size.entries * scale),
        }
        return { pages: scaled.pages, head: ginMetapage(scaled) }
      }
      case "hash": {
        const [column] = await columnsOf(index, rows, table.rows)
        return { pages: truePages ?? hashPages(rows, column?.distinct ?? rows), head: noHead }
      }
      default: {
        const bytes = rows * treeTupleBytes(await columnsOf(index, rows, table.rows))
        return { pages: truePages ?? Math.max(1, Math.ceil(bytes / (8152 * looselyFilled))), head: noHead }
      }
    }
  }
}

const noHead = new Uint8Array(0)

/** GiST and SP-GiST split pages as entries come; what is left of them depends on the data. */
const looselyFilled = 0.65

const treeTupleBytes = (columns: readonly IndexColumn[]): number => alignTuple(8 + sum(columns.map(alignedWidth))) + 4

const alignedWidth = ({ fixedBytes, widths }: IndexColumn): number => {
  if (fixedBytes !== undefined) return fixedBytes
  const weight = sum(widths.map((width) => width.weight))
  return weight === 0 ? 0 : sum(widths.map((width) => width.bytes * width.weight)) / weight
}

const btreeShape = (index: IndexDescription, rows: number, columns: readonly IndexColumn[]): BtreeShape => ({
  rows,
  columns,
  deduplicates:
    !index.unique &&
    index.columns.every(({ isKey, equalIsSame }) => isKey && equalIsSame) &&
    !index.options.includes("deduplicate_items=off"),
  fillPercent: readOption(index, "fillfactor") ?? 90,
})

const readOption = ({ options }: IndexDescription, name: string): number | undefined => {
  const option = options.find((each) => each.startsWith(`${name}=`))
  return option === undefined ? undefined : Number(option.slice(name.length + 1))
}
