import {
  deviceDefinitions,
  moduleWidthPx,
  paintBox,
  paintBreaker,
  paintContactor,
  paintMainSwitch,
  paintMeter,
  paintShadow,
  paintTerminals,
} from "./cabinet-devices.ts"
import { board, firstSheet } from "./installation.ts"
import { seededClouds, seededGrain, seededRandom } from "./noise.ts"
import { blur, drawSvg, shadePixels, type Raster } from "./raster.ts"
import { createSheet, type Sheet } from "./sheet.ts"

/** How crooked the telephone was held, clockwise. */
export const photoTiltDeg = -0.9

export const meterReading = "03841.7"

const plate = { left: 190, right: 1010, top: 180, bottom: 1470 } as const
const ductHeightPx = 62
const ductTops = [196, 560, 910, 1236] as const
const rowTops = { supply: 308, breakers: 668, contactors: 1012, terminals: 1330 } as const
const breakersLeft = 236
const contactorNames = ["K1", "K2", "K3"] as const
const contactorLeft = (index: number) => 262 + index * 240
const terminalsLeft = 300

const paintDuct = (sheet: Sheet, top: number): void => {
  const width = plate.right - plate.left - 20
  paintShadow(sheet, plate.left + 10, top, width, ductHeightPx)
  paintBox(sheet, plate.left + 10, top, width, ductHeightPx, "#868c91", 3)
  paintBox(sheet, plate.left + 10, top, width, 4, "#b4b9bd", 2)
  for (let x = plate.left + 20; x < plate.right - 24; x += 20) {
    paintBox(sheet, x, top + 8, 9, 14, "#3f4447", 2)
    paintBox(sheet, x, top + ductHeightPx - 22, 9, 14, "#3f4447", 2)
  }
}

const paintRail = (sheet: Sheet, top: number): void => {
  paintBox(sheet, plate.left + 14, top, plate.right - plate.left - 28, 44, "url(#rail)", 2)
  for (let x = plate.left + 40; x < plate.right - 60; x += 58) paintBox(sheet, x, top + 17, 28, 10, "#5c6266", 5)
}

/** One wire, hanging a little: its shadow, its insulation and the light on it. */
const paintWire = (sheet: Sheet, x: number, fromY: number, toY: number, sway: number, color: string): void => {
  const third = (toY - fromY) / 3
  const d = `M${x} ${fromY}C${x + sway} ${fromY + third} ${x - sway} ${toY - third} ${x + sway / 2} ${toY}`
  sheet.svg(
    `<g fill="none" stroke-linecap="round"><path d="${d}" transform="translate(5 6)" stroke="#000" stroke-opacity=".28" stroke-width="9"/>` +
      `<path d="${d}" stroke="${color}" stroke-width="9"/><path d="${d}" transform="translate(-2 0)" stroke="#fff" stroke-opacity=".3" stroke-width="2"/></g>`,
  )
}

const phaseColors = ["#5b3a21", "#17191b", "#7f8488"] as const
const neutralColor = "#2457a6"
const earthColor = "#7c9a2c"

/** Wires of the terminals 1 to 24, as in the wiring diagram: three three-phase circuits, then L1, L2, L3, L1 alone. */
const terminalColors: readonly string[] = [
  ...[1, 2, 3].flatMap(() => [...phaseColors, earthColor]),
  ...[...phaseColors, phaseColors[0]].flatMap((phase) => [phase, neutralColor, earthColor]),
]
const isEarth = (place: number) => terminalColors[place] === earthColor

/** Wires first, devices over their ends. */
const paintWires = (sheet: Sheet): void => {
  const random = seededRandom(31)
  const sway = () => (random() - 0.5) * 14
  const supply = [...phaseColors, neutralColor]
  supply.forEach((color, pole) => {
    const x = breakersLeft + (pole + 0.5) * moduleWidthPx
    paintWire(sheet, x, ductTops[0] + ductHeightPx - 6, rowTops.supply + 20, sway(), color)
    paintWire(sheet, x, rowTops.supply + 168, ductTops[1] + 8, sway(), color)
    paintWire(sheet, 650 + pole * 72, rowTops.supply + 168, ductTops[1] + 8, sway(), color)
  })
  let module = 0
  for (const { poles } of firstSheet) {
    for (let pole = 0; pole < poles; pole++, module++) {
      const x = breakersLeft + (module + 0.5) * moduleWidthPx - 1
      const color = phaseColors[(poles === 3 ? pole : module) % 3] ?? "#17191b"
      paintWire(sheet, x, ductTops[1] + ductHeightPx - 6, rowTops.breakers + 20, sway(), color)
      paintWire(sheet, x - 14, rowTops.breakers + 174, ductTops[2] + 8, sway(), color)
    }
  }
  for (let index = 0; index < contactorNames.length; index++) {
    phaseColors.forEach((color, pole) => {
      const x = contactorLeft(index) + 26 + pole * 49
      paintWire(sheet, x, ductTops[2] + ductHeightPx - 6, rowTops.contactors + 20, sway(), color)
      paintWire(sheet, x, rowTops.contactors + 158, ductTops[3] + 8, sway(), color)
    })
  }
  terminalColors.forEach((color, place) => {
    const x = terminalsLeft + place * 27 + 14
    paintWire(sheet, x, ductTops[3] + ductHeightPx - 6, rowTops.terminals + 20, sway() / 3, color)
  })
}

/** The open cabinet: main switch and meter, breakers Q1 to Q8, contactors K1 to K3, terminals; nothing around it. */
export const drawCabinet = (): Sheet => {
  const sheet = createSheet(1200, 1600)
  sheet.svg(deviceDefinitions)
  sheet.svg(`<defs><linearGradient id="paint" x1="0" y1="0" x2="1" y2="1"><stop offset="0" stop-color="#e3e6e6"/><stop offset="1" stop-color="#a9afb1"/></linearGradient>
<linearGradient id="zinc" x1="0" y1="0" x2=".6" y2="1"><stop offset="0" stop-color="#d8dbd9"/><stop offset=".5" stop-color="#c6c9c8"/><stop offset="1" stop-color="#aeb2b2"/></linearGradient></defs>`)
  sheet.svg(`<g transform="translate(16 22)">`)
  paintShadow(sheet, 96, 46, 1000, 1500)
  sheet.svg("</g>")
  paintBox(sheet, 96, 46, 1000, 1500, "url(#paint)", 16)
  paintBox(sheet, 140, 130, 920, 1380, "#63696c", 8)
  paintBox(sheet, 152, 142, 896, 1356, "#8d9395", 6)
  paintBox(
    sheet,
    plate.left - 20,
    plate.top - 20,
    plate.right - plate.left + 40,
    plate.bottom - plate.top + 40,
    "url(#zinc)",
    3,
  )
  sheet.svg(`<path d="M140 130H1060V190H200V1510H140Z" fill="#000" fill-opacity=".34" filter="url(#soft)"/>`)

  paintBox(sheet, 500, 66, 200, 48, "#f4f2ea", 4)
  sheet.text("heading", board.name, [600, 90], { align: "middle", capHeightPx: 28, color: "#15181a", weight: 0.16 })
  sheet.svg(
    `<path d="M800 112L828 62L856 112Z" fill="#f2c416" stroke="#16181a" stroke-width="5" stroke-linejoin="round"/><path d="M831 76l-9 18h8l-5 13l13 -18h-8l5 -13z" fill="#16181a"/>`,
  )

  for (const top of [rowTops.supply + 73, rowTops.breakers + 73, rowTops.contactors + 66, rowTops.terminals + 34])
    paintRail(sheet, top)
  paintWires(sheet)
  for (const top of ductTops) paintDuct(sheet, top)
  paintMainSwitch(sheet, breakersLeft, rowTops.supply)
  paintMeter(sheet, 610, rowTops.supply, meterReading)
  let left = breakersLeft
  for (const circuit of firstSheet) {
    paintBreaker(sheet, left, rowTops.breakers, circuit)
    left += circuit.poles * moduleWidthPx
  }
  contactorNames.forEach((name, index) => paintContactor(sheet, contactorLeft(index), rowTops.contactors, name))
  paintTerminals(sheet, terminalsLeft, rowTops.terminals, terminalColors.length, isEarth)
  paintBox(sheet, terminalsLeft - 66, rowTops.terminals + 39, 54, 34, "#f7f5ee", 2)
  sheet.text("text", "X1", [terminalsLeft - 39, rowTops.terminals + 56], {
    align: "middle",
    capHeightPx: 18,
    color: "#15181a",
    weight: 0.15,
  })
  return sheet
}

/** The cabinet as a telephone sees it: on a plastered wall, lit from the upper left, soft at the edges of things, grainy. */
export const photographCabinet = async (cabinet: Sheet): Promise<Raster> => {
  const { widthPx, heightPx } = cabinet
  const wall = "#b5aea1"
  const drawn = await blur(await drawSvg(cabinet.document({ tiltDeg: photoTiltDeg, background: wall })), 0.7)
  const plaster = seededClouds(41, widthPx, heightPx, 9)
  const dirt = seededClouds(42, widthPx, heightPx, 160)
  const grain = seededGrain(43)
  const warmth = [1.02, 1, 0.95]
  const isWall = (x: number, y: number) => x < 84 || x > 1110 || y < 36 || y > 1560
  let luminanceGrain = 0
  return shadePixels(drawn, (value, x, y, channel) => {
    if (channel === 0) luminanceGrain = grain() * 3.2
    const light = 1.12 - 0.42 * Math.hypot((x - 420) / widthPx, (y - 420) / heightPx)
    const texture = isWall(x, y) ? plaster(x, y) * 6 + dirt(x, y) * 8 : dirt(x, y) * 3
    return value * light * (warmth[channel] ?? 1) + texture + luminanceGrain + grain() * 1.2
  })
}
