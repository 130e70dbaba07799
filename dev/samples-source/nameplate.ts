import { board } from "./installation.ts"
import { seededGrain } from "./noise.ts"
import { drawSvg, shadePixels, type Raster } from "./raster.ts"
import { createSheet, type Sheet } from "./sheet.ts"

/** What the plate says, in order; also its facts. */
export const plateValues: Readonly<Record<string, string>> = {
  Type: `${board.name} 24 modules`,
  "Serial No.": board.serial,
  Un: `${board.voltage}  ${board.frequency}`,
  In: board.mainSwitch,
  Icw: "10 kA",
  Degree: "IP54",
  Standard: "IEC 61439-3",
  Mass: "38 kg",
}

const engraved = "#23272b"

/** A metal nameplate with round corners and two screw holes; outside and in the holes it is transparent. */
export const drawNameplate = (): Sheet => {
  const sheet = createSheet(640, 400)
  sheet.svg(
    `<defs><linearGradient id="metal" x1="0" y1="0" x2="1" y2="1"><stop offset="0" stop-color="#d5d8da"/>` +
      `<stop offset=".45" stop-color="#b9bdc0"/><stop offset=".55" stop-color="#c9cdcf"/><stop offset="1" stop-color="#a3a8ac"/>` +
      `</linearGradient></defs>` +
      `<path fill-rule="evenodd" fill="url(#metal)" stroke="#80868b" stroke-width="2" d="M36 8H604A28 28 0 0 1 632 36V364` +
      `A28 28 0 0 1 604 392H36A28 28 0 0 1 8 364V36A28 28 0 0 1 36 8ZM22 200a12 12 0 1 0 24 0a12 12 0 1 0 -24 0Z` +
      `M594 200a12 12 0 1 0 24 0a12 12 0 1 0 -24 0Z"/>`,
  )
  sheet.rect(62, 26, 516, 348, { color: engraved, widthPx: 2, radiusPx: 8 })
  sheet.text("heading", "Distribution board", [320, 58], {
    align: "middle",
    capHeightPx: 24,
    color: engraved,
    weight: 0.16,
  })
  sheet.line(
    [
      [62, 88],
      [578, 88],
    ],
    { color: engraved, widthPx: 2 },
  )
  const rowHeightPx = 31
  Object.entries(plateValues).forEach(([name, value], index) => {
    const y = 112 + index * rowHeightPx
    sheet.text("text", name, [82, y], { capHeightPx: 13, color: engraved })
    sheet.text("value", value, [220, y], { capHeightPx: 16, color: engraved, weight: 0.16 })
  })
  sheet.rect(440, 178, 118, 60, { color: engraved, widthPx: 3, radiusPx: 6 })
  sheet.text("text", "Year", [499, 193], { align: "middle", capHeightPx: 10, color: engraved })
  sheet.text("value", "2026", [499, 218], { align: "middle", capHeightPx: 20, color: engraved, weight: 0.16 })
  return sheet
}

/** The plate with the streaks of brushed metal, which run from left to right. */
export const brushPlate = async (plate: Sheet): Promise<Raster> => {
  const drawn = await drawSvg(plate.document(), { alpha: true })
  const grain = seededGrain(21)
  const streaks = Float32Array.from({ length: drawn.heightPx }, () => grain() * 3)
  let streak = 0
  return shadePixels(drawn, (value, x, y, channel) => {
    if (channel === 0) streak = x === 0 ? grain() : streak * 0.94 + grain() * 0.5
    return value + (streaks[y] ?? 0) + streak * 1.6
  })
}
