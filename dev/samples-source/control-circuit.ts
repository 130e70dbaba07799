import { lineY, wireColors } from "./power-lines.ts"
import { sheetPlace } from "./sheet-frame.ts"
import type { Sheet } from "./sheet.ts"
import { drawBreakContact, drawCoil, drawJunction, drawMakeContact } from "./symbols.ts"

const branches = [
  { guard: "F1", guardPins: ["95", "96"], button: "S1", coil: "K1" },
  { guard: "F2", guardPins: ["95", "96"], button: "S2", coil: "K2" },
  { guard: "B1", guardPins: ["11", "12"], button: "S3", coil: "K3" },
] as const

const railY = 612
const neutralRailY = 1112
const neutralX = 2285
const pitchPx = 125

/** Where the coil of contactor K1 (index 0) to K3 stands. */
export const coilX = (index: number): number => 1960 + index * pitchPx

/** The control circuit behind Q8, whose wire arrives at `fromY`: for each contactor a guard, a switch and the coil. */
export const drawControlCircuit = (sheet: Sheet, contactXs: readonly number[], fromY: number): void => {
  const neutral = { color: wireColors.N }
  const firstX = coilX(0)
  const xs = branches.map((_, index) => coilX(index))
  const lastX = xs.at(-1) ?? firstX
  sheet.line([
    [firstX, fromY],
    [firstX, railY],
  ])
  sheet.line([
    [firstX, railY],
    [lastX, railY],
  ])
  sheet.line(
    [
      [firstX, neutralRailY],
      [neutralX, neutralRailY],
      [neutralX, lineY.N],
    ],
    neutral,
  )
  drawJunction(sheet, [neutralX, lineY.N], wireColors.N)

  branches.forEach(({ guard, guardPins, button, coil }, index) => {
    const x = xs[index] ?? firstX
    const pin = (name: string, y: number) => sheet.text("pin", name, [x + 10, y], { capHeightPx: 10 })
    const wire = (number: number, y: number) => sheet.text("wire", `${number}`, [x + 10, y], { capHeightPx: 13 })
    const name = { align: "right", capHeightPx: 20 } as const

    if (index < branches.length - 1) drawJunction(sheet, [x, railY])
    sheet.line([
      [x, railY],
      [x, 660],
    ])
    drawBreakContact(sheet, [x, 660])
    sheet.text(guard.startsWith("F") ? "overload" : "contact", guard, [x - 14, 690], name)
    pin(guardPins[0], 634)
    pin(guardPins[1], 734)
    sheet.line([
      [x, 720],
      [x, 810],
    ])
    wire(802 + index, 762)

    drawMakeContact(sheet, [x, 810])
    sheet.line(
      [
        [x - 11, 842],
        [x - 30, 842],
      ],
      { widthPx: 2, dashPx: [5, 4] },
    )
    sheet.line([
      [x - 30, 830],
      [x - 30, 854],
    ])
    sheet.text("switch", button, [x - 46, 842], name)
    pin("13", 792)
    pin("14", 884)
    sheet.line([
      [x, 870],
      [x, 988],
    ])
    wire(805 + index, 926)

    drawCoil(sheet, [x, 1010])
    sheet.text("contactor", coil, [x - 38, 1010], { ...name, capHeightPx: 22 })
    pin("A1", 972)
    pin("A2", 1048)
    sheet.line(
      [
        [x, 1032],
        [x, neutralRailY],
      ],
      neutral,
    )
    drawJunction(sheet, [x, neutralRailY], wireColors.N)

    // Under each coil, where its contacts are drawn: sheet column of the main poles.
    for (const pole of [0, 1, 2]) {
      sheet.text(
        "text",
        `${pole * 2 + 1}-${pole * 2 + 2}  /${sheetPlace(contactXs[index] ?? 0)}`,
        [x - 36, 1150 + pole * 24],
        { capHeightPx: 12 },
      )
    }
  })
}
