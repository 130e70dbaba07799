import { board } from "./installation.ts"
import { seededClouds, seededGrain } from "./noise.ts"
import { blur, drawSvg, shadePixels, toGray, type Raster } from "./raster.ts"
import { drawScheduleTable, scheduleRows } from "./schedule-table.ts"
import { createSheet, type Sheet } from "./sheet.ts"

/** How crooked the page lay on the glass, clockwise. */
export const scanTiltDeg = 1.3

const left = 125
const right = 1135
const tableTop = 340
const rowHeightPx = 52
const pencil = "#6b6b6b"

/** An A4 page at 150 dots per inch: the schedule as it hung in the board's door, ticked off and signed. */
export const drawPage = (): Sheet => {
  const sheet = createSheet(1240, 1754)
  sheet.text("heading", "Panel schedule", [left, 130], { capHeightPx: 30, weight: 0.15 })
  sheet.text("heading", board.name, [right, 130], { align: "right", capHeightPx: 30, weight: 0.15 })
  sheet.line(
    [
      [left, 168],
      [right, 168],
    ],
    { widthPx: 3 },
  )
  const details = [
    `Site: ${board.site}`,
    `Main switch: QS1, ${board.mainSwitch}, 4P`,
    `Fed from: ${board.fedFrom}, ${board.feeder}`,
    `${board.voltage}, ${board.frequency}, ${board.system}`,
    `Drawing: ${board.drawing}, Rev. B`,
    "Breaking capacity: 10 kA",
  ]
  details.forEach((detail, index) =>
    sheet.text("text", detail, [index % 2 === 0 ? left : 640, 206 + Math.floor(index / 2) * 38], { capHeightPx: 15 }),
  )
  const bottom = drawScheduleTable(sheet, {
    left,
    top: tableTop,
    rowHeightPx,
    capHeightPx: 15,
    columns: [
      ["no", 60],
      ["breaker", 120],
      ["feeds", 280],
      ["poles", 90],
      ["rating", 110],
      ["cable", 120],
      ["phase", 110],
      ["load", 120],
    ],
  })
  scheduleRows.forEach((_, index) => {
    const y = tableTop + (index + 1.5) * rowHeightPx
    sheet.path(`M${right + 16} ${y + (index % 3)}l7 ${9 - (index % 2)}l${15 + (index % 4)} -${22 + (index % 5)}`, {
      color: pencil,
    })
  })

  sheet.rect(left, bottom + 55, 300, 96, { color: "#555555", widthPx: 5, radiusPx: 10 })
  sheet.text("heading", "AS BUILT", [left + 150, bottom + 103], {
    align: "middle",
    capHeightPx: 36,
    color: "#555555",
    weight: 0.2,
  })
  const signY = bottom + 130
  sheet.line(
    [
      [640, signY],
      [right, signY],
    ],
    { widthPx: 2 },
  )
  sheet.text("text", "Checked by", [640, signY + 22], { capHeightPx: 13 })
  sheet.text("value", "2026-04-02", [right, signY + 22], { align: "right", capHeightPx: 13 })
  sheet.path(
    `M668 ${signY - 12}c14 -46 34 -70 40 -52s-26 60 -20 62s34 -44 46 -42s-14 36 -4 36s24 -32 34 -32s-8 30 2 30s22 -26 34 -28` +
      `s-4 26 6 26s26 -20 44 -24s40 8 96 -14`,
    { color: "#3f3f46", widthPx: 3 },
  )
  return sheet
}

/** The page as a scanner sees it: crooked, slightly soft, on paper that is not white, with grain, a fold and dark edges. */
export const scanPage = async (page: Sheet): Promise<Raster> => {
  const { widthPx, heightPx } = page
  const crisp = await toGray(await drawSvg(page.document({ tiltDeg: scanTiltDeg, background: "#ffffff" })))
  const soft = await blur(crisp, 0.6)
  const stains = seededClouds(11, widthPx, heightPx, 220)
  const fibers = seededClouds(12, widthPx, heightPx, 7)
  const grain = seededGrain(13)
  const tilt = Math.tan((scanTiltDeg * Math.PI) / 180)
  return shadePixels(soft, (value, x, y) => {
    const foldPx = Math.abs(y - heightPx / 2 - (x - widthPx / 2) * tilt)
    const fold = foldPx < 14 ? (1 - foldPx / 14) * 10 : 0
    // The lid lets light in on the left and at the top.
    const lid = 70 * Math.exp(-x / 9) + 45 * Math.exp(-y / 7)
    const paper = 233 + stains(x, y) * 5 + fibers(x, y) * 1.5 - fold - lid
    const ink = 46 + stains(y % widthPx, x) * 8
    const punched = [0.36, 0.64].some((part) => Math.hypot(x - 58, y - heightPx * part) < 19)
    const seen = punched ? 118 + (y % heightPx) / 60 : ink + ((paper - ink) * value) / 255
    return seen + grain() * 2.6
  })
}
