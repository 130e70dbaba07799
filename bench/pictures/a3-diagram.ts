import { asSharp, drawSvg } from "../../dev/samples-source/raster.ts"
import type { Sheet } from "../../dev/samples-source/sheet.ts"
import { createSheet } from "../../dev/samples-source/sheet.ts"
import { createRandom } from "./random.ts"

/** An A3 sheet at 10 px a millimeter, as a plotter file comes: 12 megapixels. */
const sheetPx = { widthPx: 4_200, heightPx: 2_970 } as const
const pxPerMm = 10

/** Heights of capitals, in millimeters: from the smallest that drawing standards allow. */
const capHeightsMm = [1.8, 2.5, 3.5, 5] as const

/** Letters and digits that no reader takes for another. */
const letters = "ACEFHKLMNPRTUWX"
const digits = "234679"

export interface Diagram {
  readonly png: Uint8Array<ArrayBuffer>
  /** The text of every label; each occurs once. */
  readonly labels: readonly string[]
}

/** Terminal blocks with devices between them, wires in five colors, and a label of its own on each, in four sizes. */
export const drawA3Diagram = async (): Promise<Diagram> => {
  const sheet = createSheet(sheetPx.widthPx, sheetPx.heightPx)
  const nextLabel = labelMaker()
  sheet.rect(60, 60, 4_080, 2_850, { widthPx: 5 })
  for (let row = 0; row < 5; row++) {
    for (let column = 0; column < 8; column++)
      drawDevice(sheet, 140 + column * 500, 140 + row * 550, row + column, nextLabel)
  }
  const raster = await drawSvg(sheet.document({ background: "#ffffff" }))
  const png = await asSharp(raster).png({ compressionLevel: 9 }).toBuffer()
  return { png: new Uint8Array(png), labels: sheet.labels.map(({ text }) => text) }
}

const wireColors = ["#101418", "#7a4a1e", "#c22525", "#2747b8", "#1f7a35"] as const

const drawDevice = (sheet: Sheet, left: number, top: number, turn: number, nextLabel: () => string): void => {
  const cap = (i: number): number => (capHeightsMm[i % capHeightsMm.length] ?? 2.5) * pxPerMm
  const color = wireColors[turn % wireColors.length] ?? "#101418"
  sheet.rect(left, top + 120, 240, 180, { widthPx: 4 })
  sheet.circle([left + 120, top + 210], 55, { widthPx: 3 })
  sheet.text("breaker", nextLabel(), [left, top + 90], { capHeightPx: cap(turn) })
  sheet.text("rating", nextLabel(), [left + 260, top + 150], { capHeightPx: cap(turn + 1) })
  sheet.text("cable", nextLabel(), [left + 260, top + 230], { capHeightPx: cap(turn + 2) })
  for (let pole = 0; pole < 3; pole++) {
    const x = left + 40 + pole * 80
    sheet.line(
      [
        [x, top + 300],
        [x, top + 470],
      ],
      { widthPx: 3, color },
    )
    sheet.circle([x, top + 475], 8, { widthPx: 3 })
  }
  sheet.line(
    [
      [left + 200, top + 400],
      [left + 440, top + 400],
    ],
    { widthPx: 3, color },
  )
  sheet.text("wire", nextLabel(), [left + 215, top + 365], { capHeightPx: cap(turn + 3) })
  sheet.text("terminal", nextLabel(), [left + 215, top + 450], { capHeightPx: cap(turn) })
}

/** Such as KF-4729: a name of two letters and a number of four digits, never the same twice. */
const labelMaker = (): (() => string) => {
  const random = createRandom(44_219)
  const pick = (from: string): string => from[Math.floor(random() * from.length)] ?? ""
  const made = new Set<string>()
  return () => {
    for (;;) {
      const label = `${pick(letters)}${pick(letters)}-${pick(digits)}${pick(digits)}${pick(digits)}${pick(digits)}`
      if (made.has(label)) continue
      made.add(label)
      return label
    }
  }
}
