/** What the length of a row depends on, of one column. */
export interface StoredColumn {
  /** The type's length where it is fixed; absent for one that varies. */
  readonly fixedBytes?: number
  /** 1, 2, 4 or 8. */
  readonly alignment: number
  /** Mean of the values that are not NULL, as they are stored, length word included. */
  readonly averageBytes: number
  readonly nullShare: number
}

export interface TableShape {
  readonly rows: number
  readonly columns: readonly StoredColumn[]
  /** `fillfactor`, 100 unless set. */
  readonly fillPercent: number
}

const pageBytes = 8192
const pageHeaderBytes = 24
const linePointerBytes = 4
const rowHeaderBytes = 23
/** Every 64-bit machine aligns rows to it. */
const mostAlignment = 8
/** A value this long or longer has a length word of four bytes, aligned. */
const leastLong = 127

/** Pages that a table's rows would take if it were written anew, by the layout of pages and rows in src/include/storage/bufpage.h. */
export const tablePages = ({ rows, columns, fillPercent }: TableShape): number => {
  const row = rowBytes(columns)
  const room = pageBytes * (fillPercent / 100) - pageHeaderBytes
  const fit = room / (row.bytes + linePointerBytes)
  // Rows of one length leave what no other one fits in; of rows that differ, half of one is left on average.
  return Math.ceil(rows / Math.max(1, row.isFixed ? Math.floor(fit) : fit - 0.5))
}

/** Mean length of a row with its header, and whether every row has it. */
const rowBytes = (columns: readonly StoredColumn[]): { readonly bytes: number; readonly isFixed: boolean } => {
  const hasNulls = columns.some(({ nullShare }) => nullShare > 0)
  const header = alignTo(rowHeaderBytes + (hasNulls ? Math.ceil(columns.length / 8) : 0), mostAlignment)
  // How long the row is so far: a sum of means, of which the last part is known to the byte from a place of that alignment on.
  let [before, exact, known] = [header, 0, mostAlignment]
  for (const { fixedBytes, alignment, averageBytes, nullShare } of columns) {
    if (nullShare === 1) continue
    const needs = fixedBytes === undefined && averageBytes < leastLong ? 1 : alignment
    if (needs > known) {
      // At a place that may be any, half of the bytes up to the next good one are lost on average.
      ;[before, exact, known] = [before + exact + (needs - known) / 2, 0, needs]
    } else {
      exact = alignTo(exact, needs)
    }
    if (fixedBytes !== undefined && nullShare === 0) exact += fixedBytes
    else [before, exact, known] = [before + exact + averageBytes * (1 - nullShare), 0, 1]
  }
  const isFixed = known === mostAlignment
  const end = isFixed ? alignTo(exact, mostAlignment) : exact + (mostAlignment - Math.min(known, mostAlignment)) / 2
  return { bytes: before + end, isFixed }
}

const alignTo = (bytes: number, alignment: number): number => Math.ceil(bytes / alignment) * alignment
