import { board } from "./installation.ts"
import { drawScheduleTable } from "./schedule-table.ts"
import { createSheet, type Sheet } from "./sheet.ts"

const facts = [
  ["Site", board.site],
  ["Voltage", `${board.voltage}, 3 phases, ${board.frequency}`],
  ["System", board.system],
  ["Main switch", `QS1, ${board.mainSwitch}, 4P`],
  ["Fed from", `${board.fedFrom}, ${board.feeder}`],
  ["Breaking capacity", "10 kA"],
] as const

const factColumns = [
  { x: 50, valueX: 190 },
  { x: 520, valueX: 640 },
  { x: 1110, valueX: 1310 },
] as const

/** The schedule of the whole board as it comes out of a planner's program: a heading, six facts, one table. */
export const drawPanelSchedule = (): Sheet => {
  const sheet = createSheet(1600, 1100)
  sheet.text("heading", "Panel schedule", [50, 66], { capHeightPx: 34, weight: 0.15 })
  sheet.text("heading", board.name, [1550, 66], { align: "right", capHeightPx: 34, weight: 0.15 })
  sheet.line(
    [
      [50, 104],
      [1550, 104],
    ],
    { widthPx: 4 },
  )
  facts.forEach(([name, value], index) => {
    const { x, valueX } = factColumns[index % factColumns.length] ?? { x: 0, valueX: 0 }
    const y = 136 + Math.floor(index / factColumns.length) * 34
    sheet.text("text", `${name}:`, [x, y], { capHeightPx: 14 })
    sheet.text("value", value, [valueX, y], { capHeightPx: 14, weight: 0.16 })
  })
  drawScheduleTable(sheet, {
    left: 50,
    top: 200,
    rowHeightPx: 46,
    capHeightPx: 16,
    columns: [
      ["no", 70],
      ["breaker", 130],
      ["feeds", 310],
      ["poles", 100],
      ["rating", 120],
      ["cable", 150],
      ["phase", 120],
      ["load", 140],
      ["l1", 120],
      ["l2", 120],
      ["l3", 120],
    ],
  })
  sheet.text("text", `Drawing ${board.drawing}, Rev. B, 2026-03-18`, [50, 1066], { capHeightPx: 13 })
  sheet.text("text", "Page 1 of 1", [1550, 1066], { align: "right", capHeightPx: 13 })
  return sheet
}
