import { circuits, phaseLoadW, totalLoadW, type Circuit } from "./installation.ts"
import type { LabelKind } from "./sample-facts.ts"
import type { Sheet } from "./sheet.ts"

interface Row {
  readonly circuit?: Circuit
  readonly name: string
  readonly rating: string
  readonly feeds: string
}

interface TableColumn {
  readonly title: string
  readonly kind: LabelKind
  readonly align: "left" | "middle" | "right"
  readonly cell: (row: Row, index: number) => string
}

const loadOn =
  (phase: "L1" | "L2" | "L3") =>
  ({ circuit }: Row) =>
    circuit?.phases.includes(phase) === true ? `${circuit.loadW / circuit.poles}` : ""

const tableColumns = {
  no: { title: "No.", kind: "text", align: "middle", cell: (_, index) => `${index + 1}` },
  breaker: { title: "Breaker", kind: "breaker", align: "middle", cell: ({ name }) => name },
  feeds: { title: "Circuit", kind: "text", align: "left", cell: ({ feeds }) => feeds },
  poles: { title: "Poles", kind: "text", align: "middle", cell: ({ circuit }) => `${circuit?.poles ?? 1}P` },
  rating: { title: "Rating", kind: "rating", align: "middle", cell: ({ rating }) => rating },
  cable: { title: "Cable", kind: "cable", align: "middle", cell: ({ circuit }) => circuit?.cable ?? "" },
  phase: {
    title: "Phase",
    kind: "line",
    align: "middle",
    cell: ({ circuit }) => circuit?.phases.replace("L1 L2 L3", "L1-L3") ?? "",
  },
  load: {
    title: "Load W",
    kind: "value",
    align: "right",
    cell: ({ circuit }) => (circuit === undefined ? "" : `${circuit.loadW}`),
  },
  l1: { title: "L1 W", kind: "value", align: "right", cell: loadOn("L1") },
  l2: { title: "L2 W", kind: "value", align: "right", cell: loadOn("L2") },
  l3: { title: "L3 W", kind: "value", align: "right", cell: loadOn("L3") },
} as const satisfies Record<string, TableColumn>

type ColumnName = keyof typeof tableColumns

export interface TablePlace {
  readonly left: number
  readonly top: number
  readonly rowHeightPx: number
  readonly capHeightPx: number
  /** Columns from left to right, with their widths in pixels. */
  readonly columns: readonly (readonly [name: ColumnName, widthPx: number])[]
}

const spares: readonly Row[] = [
  { name: "Q15", rating: "C16", feeds: "Spare" },
  { name: "Q16", rating: "C16", feeds: "Spare" },
]

/** Every breaker of the schedule in order, Q1 to Q16; the last two are spare. */
export const scheduleRows: readonly Row[] = [
  ...circuits.map((circuit) => ({ circuit, name: circuit.name, rating: circuit.rating, feeds: circuit.feeds })),
  ...spares,
]

const totals: Partial<Record<ColumnName, () => number>> = {
  load: totalLoadW,
  l1: () => phaseLoadW("L1"),
  l2: () => phaseLoadW("L2"),
  l3: () => phaseLoadW("L3"),
}

/** The table of all breakers with a row of totals; returns the y of its lower edge. */
export const drawScheduleTable = (
  sheet: Sheet,
  { left, top, rowHeightPx, capHeightPx, columns }: TablePlace,
): number => {
  const padPx = Math.round(capHeightPx * 0.8)
  const widthPx = columns.reduce((sum, [, width]) => sum + width, 0)
  const rowTop = (row: number) => top + row * rowHeightPx
  const totalsRow = scheduleRows.length + 1
  const bottom = rowTop(totalsRow + 1)

  sheet.rect(left, top, widthPx, rowHeightPx, { fill: "#e3e7ea", widthPx: 2 })
  for (let row = 2; row <= totalsRow; row++) {
    sheet.line(
      [
        [left, rowTop(row)],
        [left + widthPx, rowTop(row)],
      ],
      { widthPx: row === totalsRow ? 3 : 1.5 },
    )
  }

  let x = left
  for (const [name, columnWidthPx] of columns) {
    const column: TableColumn = tableColumns[name]
    const { title, kind, align, cell } = column
    const at = { left: x + padPx, middle: x + columnWidthPx / 2, right: x + columnWidthPx - padPx }[align]
    const write = (row: number, text: string, labelKind: LabelKind, weight: number) => {
      if (text !== "") sheet.text(labelKind, text, [at, rowTop(row) + rowHeightPx / 2], { align, capHeightPx, weight })
    }
    write(0, title, "heading", 0.17)
    scheduleRows.forEach((row, index) => write(index + 1, cell(row, index), kind, 0.12))
    const total = totals[name]
    if (total !== undefined) write(totalsRow, `${total()}`, "value", 0.17)
    if (name === "feeds") write(totalsRow, "Connected load", "heading", 0.17)
    x += columnWidthPx
    if (x < left + widthPx)
      sheet.line(
        [
          [x, top],
          [x, bottom],
        ],
        { widthPx: 1.5 },
      )
  }
  sheet.rect(left, top, widthPx, bottom - top, { widthPx: 4 })
  return bottom
}
