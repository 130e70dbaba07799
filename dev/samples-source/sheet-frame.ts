import { board } from "./installation.ts"
import type { Sheet } from "./sheet.ts"

const outer = { left: 30, top: 30, right: 2370, bottom: 1670 } as const
const inner = { left: 70, top: 70, right: 2330, bottom: 1630 } as const

/** A place on this sheet as other places refer to it: sheet and column, e.g. `2.9`. */
export const sheetPlace = (x: number): string =>
  `2.${Math.floor(((x - inner.left) / (inner.right - inner.left)) * 10) + 1}`

/** Frame of the drawing sheet with its grid marks, columns 1 to 10 and rows A to F. */
const drawGrid = (sheet: Sheet): void => {
  sheet.rect(outer.left, outer.top, outer.right - outer.left, outer.bottom - outer.top, { widthPx: 2 })
  sheet.rect(inner.left, inner.top, inner.right - inner.left, inner.bottom - inner.top, { widthPx: 4 })
  const lettering = { align: "middle", capHeightPx: 16 } as const
  const thin = { widthPx: 2 }
  for (let column = 0; column < 10; column++) {
    const left = inner.left + ((inner.right - inner.left) * column) / 10
    const middle = left + (inner.right - inner.left) / 20
    for (const [from, to] of [
      [outer.top, inner.top],
      [inner.bottom, outer.bottom],
    ] as const) {
      if (column > 0)
        sheet.line(
          [
            [left, from],
            [left, to],
          ],
          thin,
        )
      sheet.text("frame", `${column + 1}`, [middle, (from + to) / 2], lettering)
    }
  }
  for (let row = 0; row < 6; row++) {
    const top = inner.top + ((inner.bottom - inner.top) * row) / 6
    const middle = top + (inner.bottom - inner.top) / 12
    for (const [from, to] of [
      [outer.left, inner.left],
      [inner.right, outer.right],
    ] as const) {
      if (row > 0)
        sheet.line(
          [
            [from, top],
            [to, top],
          ],
          thin,
        )
      sheet.text("frame", "ABCDEF".charAt(row), [(from + to) / 2, middle], lettering)
    }
  }
}

interface Cell {
  readonly left: number
  readonly top: number
  readonly width: number
  readonly height: number
  readonly caption: string
  readonly text: string
  readonly capHeightPx: number
}

const cells: readonly Cell[] = [
  {
    left: 1330,
    top: 1470,
    width: 640,
    height: 80,
    caption: "Title",
    text: `Distribution board ${board.name}`,
    capHeightPx: 30,
  },
  { left: 1330, top: 1550, width: 320, height: 80, caption: "Project", text: board.site, capHeightPx: 18 },
  { left: 1650, top: 1550, width: 320, height: 80, caption: "Contents", text: "Power and control", capHeightPx: 18 },
  { left: 1970, top: 1470, width: 360, height: 80, caption: "Drawing No.", text: board.drawing, capHeightPx: 26 },
  { left: 1970, top: 1550, width: 90, height: 80, caption: "Rev.", text: "B", capHeightPx: 22 },
  { left: 2060, top: 1550, width: 165, height: 80, caption: "Date", text: "2026-03-18", capHeightPx: 15 },
  { left: 2225, top: 1550, width: 105, height: 80, caption: "Sheet", text: "2/4", capHeightPx: 22 },
]

const notes = [
  "1. Wires without a cross-section: 1.5 mm², control wires 1 mm²",
  "2. Breaking capacity of all breakers: 10 kA (IEC 60898-1)",
  "3. Terminals X1 on the mounting plate, X0 in the cable space",
  "4. Set the overload relays to the rated current of each motor",
]

/** Everything on the sheet that is not circuit: frame, title block and notes. */
export const drawSheetFrame = (sheet: Sheet): void => {
  drawGrid(sheet)
  for (const { left, top, width, height, caption, text, capHeightPx } of cells) {
    sheet.rect(left, top, width, height)
    sheet.text("text", caption, [left + 12, top + 17], { capHeightPx: 11 })
    sheet.text(caption === "Title" ? "heading" : "value", text, [left + 12, top + 53], { capHeightPx, weight: 0.14 })
  }
  sheet.text("heading", "Notes", [100, 1490], { capHeightPx: 18 })
  notes.forEach((note, index) => sheet.text("text", note, [100, 1524 + index * 28], { capHeightPx: 14 }))
}
