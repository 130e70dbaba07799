import { columnEdges, columns, type Column } from "./columns.ts"
import { drawControlCircuit, coilX } from "./control-circuit.ts"
import { board } from "./installation.ts"
import { drawLoad, loads, wireEndsY, type Load } from "./loads.ts"
import { lines, lineY, rightEndPx, wireColors } from "./power-lines.ts"
import { createSheet, type Sheet } from "./sheet.ts"
import { drawSheetFrame, sheetPlace } from "./sheet-frame.ts"
import {
  drawBreakerPole,
  drawCableMark,
  drawContactorPole,
  drawJunction,
  drawMechanicalLink,
  drawOverload,
  drawTerminal,
} from "./symbols.ts"

/** Heights of a circuit's stages, from the breaker down to the words below the load. */
const breaker = { top: 400, bottom: 504 } as const
const contactor = { top: 640, bottom: 700 } as const
const overloadRelay = { top: 790, bottom: 854 } as const
const terminalsY = 970
const cableY = 1060
const functionText = { top: 1290, bottom: 1400 } as const

const small = { capHeightPx: 10 } as const
const wireLettering = { capHeightPx: 13 } as const

/** The supply from the left, its terminals, the main switch, and the five lines across the sheet. */
const drawSupply = (sheet: Sheet): void => {
  const contactX = 300
  const { fedFrom, feeder, voltage, frequency, system } = board
  sheet.text("text", `Supply from ${fedFrom}, ${feeder}, ${voltage}, ${frequency}, ${system}`, [96, 104], {
    capHeightPx: 14,
  })
  lines.forEach((name, index) => {
    const y = lineY[name]
    const pen = { color: wireColors[name] }
    if (name === "PE") {
      sheet.line(
        [
          [180, y],
          [rightEndPx, y],
        ],
        pen,
      )
    } else {
      sheet.line(
        [
          [180, y],
          [contactX, y],
        ],
        pen,
      )
      sheet.line([
        [contactX, y - 7],
        [contactX, y + 7],
      ])
      sheet.line(
        [
          [contactX + 52, y],
          [contactX + 8, y - 16],
        ],
        { widthPx: 3.5 },
      )
      sheet.line(
        [
          [contactX + 52, y],
          [rightEndPx, y],
        ],
        pen,
      )
    }
    drawTerminal(sheet, [190, y])
    sheet.text("line", name, [166, y], { align: "right", capHeightPx: 20 })
    sheet.text("terminal", `X0:${index + 1}`, [206, y - 14], small)
  })
  sheet.line(
    [
      [contactX + 31, lineY.L1 - 8],
      [contactX + 31, lineY.N - 8],
    ],
    { widthPx: 2, dashPx: [8, 6] },
  )
  sheet.text("switch", "QS1", [contactX + 44, 330], { align: "right", capHeightPx: 26 })
  sheet.text("rating", board.mainSwitch, [contactX + 44, 366], { align: "right", capHeightPx: 20 })
  sheet.text("text", "4P", [contactX + 44, 394], { align: "right", capHeightPx: 13 })
}

/** Three digits: the circuit, then the wire's place in it. */
const wireNumber = (index: number, place: number) => `${(index + 1) * 100 + place}`

/** From the lines through the breaker, with its name, rating, poles, pins and wire numbers. */
const drawBreaker = (sheet: Sheet, { circuit, index, phases, xs, labelX }: Column): void => {
  phases.forEach((phase, pole) => {
    const x = xs[pole] ?? 0
    drawJunction(sheet, [x, lineY[phase]])
    sheet.line([
      [x, lineY[phase]],
      [x, breaker.top],
    ])
    drawBreakerPole(sheet, [x, breaker.top])
    sheet.text("pin", `${pole * 2 + 1}`, [x + 9, breaker.top - 22], small)
    sheet.text("pin", `${pole * 2 + 2}`, [x + 9, breaker.bottom + 16], small)
    sheet.text("wire", wireNumber(index, pole + 1), [x + 8, 574], wireLettering)
  })
  if (xs.length > 1) drawMechanicalLink(sheet, xs, breaker.top)
  sheet.text("breaker", circuit.name, [labelX, 408], { align: "right", capHeightPx: 28 })
  sheet.text("rating", circuit.rating, [labelX, 450], { align: "right", capHeightPx: 22 })
  sheet.text("text", `${circuit.poles}P`, [labelX, 482], { align: "right", capHeightPx: 13 })
}

const drawContactor = (sheet: Sheet, { xs, index, labelX }: Column): void => {
  xs.forEach((x, pole) => {
    sheet.line([
      [x, breaker.bottom],
      [x, contactor.top],
    ])
    drawContactorPole(sheet, [x, contactor.top])
    sheet.text("pin", `${pole * 2 + 1}`, [x + 9, contactor.top - 22], small)
    sheet.text("pin", `${pole * 2 + 2}`, [x + 9, contactor.bottom + 12], small)
    sheet.text("wire", wireNumber(index, pole + 4), [x + 8, 752], wireLettering)
  })
  drawMechanicalLink(sheet, xs, contactor.top)
  sheet.text("contactor", `K${index + 1}`, [labelX, 656], { align: "right", capHeightPx: 24 })
  sheet.text("text", `/${sheetPlace(coilX(index))}`, [labelX, 690], { align: "right", capHeightPx: 12 })
}

const drawOverloadRelay = (sheet: Sheet, { xs, index, labelX }: Column, range: string): void => {
  drawOverload(sheet, xs, overloadRelay.top)
  xs.forEach((x, pole) => sheet.text("wire", wireNumber(index, pole + 7), [x + 8, 900], wireLettering))
  sheet.text("overload", `F${index + 1}`, [labelX, 806], { align: "right", capHeightPx: 22 })
  sheet.text("text", range, [labelX, 840], { align: "right", capHeightPx: 13 })
}

/** The phases' way from the breaker to the load: straight, or through a contactor and perhaps an overload relay. */
const drawPhases = (sheet: Sheet, column: Column, { look, overload }: Load): void => {
  const switched = look === "motor" || look === "heater"
  if (switched) drawContactor(sheet, column)
  if (overload !== undefined) drawOverloadRelay(sheet, column, overload)
  column.xs.forEach((x, pole) => {
    const loadY = wireEndsY[look].live - (look === "motor" && pole === 1 ? 22 : 0)
    if (overload !== undefined)
      sheet.line([
        [x, contactor.bottom],
        [x, overloadRelay.top],
      ])
    sheet.line([
      [x, overload === undefined ? (switched ? contactor : breaker).bottom : overloadRelay.bottom],
      [x, loadY],
    ])
  })
}

/** Neutral and earth down to the load, the terminals of strip X1, and the cable; returns the next free terminal. */
const drawTerminals = (sheet: Sheet, column: Column, { look }: Load, firstTerminal: number): number => {
  const { circuit, index, xs, neutralX, earthX, labelX } = column
  const drawDown = (x: number, name: "N" | "PE", endY: number) => {
    drawJunction(sheet, [x, lineY[name]], wireColors[name])
    sheet.line(
      [
        [x, lineY[name]],
        [x, endY],
      ],
      { color: wireColors[name] },
    )
  }
  if (neutralX !== undefined) drawDown(neutralX, "N", wireEndsY[look].live)
  drawDown(earthX, "PE", wireEndsY[look].earth)

  const wires = [...xs, ...(neutralX === undefined ? [] : [neutralX]), earthX]
  wires.forEach((x, place) => {
    drawTerminal(sheet, [x, terminalsY])
    sheet.text("terminal", `${firstTerminal + place}`, [x + 12, terminalsY - 17], { capHeightPx: 11 })
  })
  drawCableMark(sheet, xs[0] ?? 0, earthX, cableY)
  sheet.text("cable", `W${index + 1}`, [labelX, cableY - 14], { align: "right", capHeightPx: 18 })
  sheet.text("text", circuit.cable, [labelX, cableY + 16], { align: "right", capHeightPx: 13 })
  return firstTerminal + wires.length
}

/** The row of boxes that says in words what each circuit feeds, and its power. */
const drawFunctionTexts = (sheet: Sheet): void => {
  const [first = 0, last = 0] = [columnEdges[0], columnEdges.at(-1)]
  const { top, bottom } = functionText
  sheet.rect(first, top, last - first, bottom - top, { widthPx: 2 })
  for (const x of columnEdges.slice(1, -1))
    sheet.line(
      [
        [x, top],
        [x, bottom],
      ],
      { widthPx: 2 },
    )
  for (const { circuit, index } of columns) {
    const x = ((columnEdges[index] ?? 0) + (columnEdges[index + 1] ?? 0)) / 2
    const lettering = { align: "middle", capHeightPx: 17 } as const
    circuit.feeds.split(" ").forEach((word, row) => sheet.text("text", word, [x, top + 24 + row * 29], lettering))
    sheet.text(
      "value",
      `${(circuit.loadW / 1000).toFixed(circuit.loadW % 100 === 0 ? 1 : 2)} kW`,
      [x, top + 86],
      lettering,
    )
  }
}

/** Sheet 2 of the board's drawings: the supply, breakers Q1 to Q8 with what they feed, and the control circuit. */
export const drawWiringDiagram = (): Sheet => {
  const sheet = createSheet(2400, 1700)
  drawSheetFrame(sheet)
  drawSupply(sheet)
  let terminal = 1
  for (const column of columns) {
    drawBreaker(sheet, column)
    const load = loads[column.index]
    if (load === undefined) continue
    drawPhases(sheet, column, load)
    drawLoad(sheet, load, column)
    terminal = drawTerminals(sheet, column, load, terminal)
  }
  sheet.rect(425, terminalsY - 32, 1455, 50, { widthPx: 2, dashPx: [14, 8] })
  sheet.text("text", "X1", [405, terminalsY - 7], { align: "right", capHeightPx: 24 })
  const contactXs = columns.map(({ xs }) => xs[0] ?? 0)
  drawControlCircuit(sheet, contactXs, breaker.bottom)
  drawFunctionTexts(sheet)
  return sheet
}
