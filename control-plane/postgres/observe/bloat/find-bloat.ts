import type { Database } from "../../database.ts"
import { btreeSize } from "../../weigh/size/btree-size.ts"
import { measureFree } from "./measure-free.ts"
import { readIndexShapes, readTableShapes } from "./read-shapes.ts"
import type { ColumnShape, IndexRow, TableRow } from "./read-shapes.ts"
import { tablePages } from "./table-pages.ts"

export interface Bloat {
  readonly kind: "table" | "index"
  readonly schema: string
  readonly name: string
  readonly sizeBytes: number
  /** What it would be smaller by if it were written anew. */
  readonly bloatBytes: number
  /** Estimated from the statistics of its columns, or measured by pgstattuple. */
  readonly isMeasured: boolean
}

const pageBytes = 8192
const leastBytes = 1_048_576
const most = 100

/**
 * How much of the largest tables and B-trees holds nothing, the most first. What has no statistics is left out. `measure` asks
 * pgstattuple for the tables, where that is installed, which reads all pages with anything dead in them.
 */
export const findBloat = async (database: Database, measure: boolean): Promise<readonly Bloat[]> => {
  const tables = await readTableShapes(database, leastBytes, most)
  const measured = measure ? await measureFree(database, tables) : new Map<string, number>()
  const indexes = await readIndexShapes(database, leastBytes, most)
  return [
    ...tables.flatMap((table) => bloatOf("table", table, measured.get(table.oid), () => pagesOfTable(table))),
    ...indexes.flatMap((index) => bloatOf("index", index, undefined, () => pagesOfIndex(index))),
  ].toSorted((a, b) => b.bloatBytes - a.bloatBytes)
}

const bloatOf = (
  kind: Bloat["kind"],
  { schema, name, size_bytes: sizeBytes }: TableRow,
  freeBytes: number | undefined,
  estimate: () => number | undefined,
): readonly Bloat[] => {
  const pages = freeBytes === undefined ? estimate() : undefined
  const bloatBytes = freeBytes ?? (pages === undefined ? undefined : sizeBytes - pages * pageBytes)
  if (bloatBytes === undefined) return []
  return [{ kind, schema, name, sizeBytes, bloatBytes: Math.max(0, bloatBytes), isMeasured: freeBytes !== undefined }]
}

/** The server cuts a mean to whole bytes. */
const meanOf = ({ fixed, average }: ColumnShape): number => (average ?? 0) + (fixed === null ? 0.5 : 0)

const isKnown = ({ average }: ColumnShape): boolean => average !== null

const pagesOfTable = ({ rows, columns, fill_percent: fillPercent }: TableRow): number | undefined => {
  if (rows < 0 || !columns.every(isKnown)) return undefined
  return tablePages({
    rows,
    fillPercent: fillPercent ?? 100,
    columns: columns.map((column) => ({
      ...(column.fixed === null ? {} : { fixedBytes: column.fixed }),
      alignment: column.alignment,
      averageBytes: meanOf(column),
      nullShare: column.null_share ?? 0,
    })),
  })
}

const pagesOfIndex = (index: IndexRow): number | undefined => {
  const { rows, columns, deduplicates, fill_percent: fillPercent } = index
  if (rows < 0 || !columns.every(isKnown)) return undefined
  const { pages } = btreeSize({
    rows,
    deduplicates,
    fillPercent: fillPercent ?? 90,
    columns: columns.map((column) => ({
      ...(column.fixed === null ? {} : { fixedBytes: column.fixed }),
      alignment: column.alignment,
      widths: widthsAround(meanOf(column)),
      nullShare: column.null_share ?? 0,
      distinct: valuesOf(column, index.table_rows),
      commonShares: column.common ?? [],
      isKey: column.is_key,
    })),
  })
  return pages
}

/** Different values; below 0 the statistics give the share of the rows. */
const valuesOf = ({ distinct }: ColumnShape, tableRows: number): number =>
  Math.max(1, distinct === null || distinct < 0 ? -(distinct ?? -1) * tableRows : distinct)

/** Values that vary fill the room up to the next multiple of 8 bytes in all ways; those of one length are hit nearly as well. */
const widthsAround = (mean: number): readonly { readonly bytes: number; readonly weight: number }[] =>
  [-3.5, -2.5, -1.5, -0.5, 0.5, 1.5, 2.5, 3.5].map((more) => ({ bytes: Math.max(1, mean + more), weight: 1 }))
