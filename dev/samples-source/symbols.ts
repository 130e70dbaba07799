import type { Pen, Point, Sheet } from "./sheet.ts"

/** Graphical symbols in the manner of IEC 60617, for a vertical wire at `x`; sizes in pixels of the wiring diagram. */

const thin = { widthPx: 2 } as const
const bold = { widthPx: 3.5 } as const

/** A make contact from `top` to `top + 60`: the blade leans to the left and does not touch the upper wire. */
export const drawMakeContact = (sheet: Sheet, [x, top]: Point): void => {
  sheet.line(
    [
      [x, top + 60],
      [x - 20, top + 8],
    ],
    bold,
  )
}

/** A break contact from `top` to `top + 60`: the blade leans to the right and rests against a short bar. */
export const drawBreakContact = (sheet: Sheet, [x, top]: Point): void => {
  sheet.line([
    [x, top],
    [x + 18, top],
  ])
  sheet.line(
    [
      [x, top + 60],
      [x + 17, top - 8],
    ],
    bold,
  )
}

/** A circuit breaker's pole from `top` to `top + 104`: the cross of a breaker, its blade, and the box of its release. */
export const drawBreakerPole = (sheet: Sheet, [x, top]: Point): void => {
  sheet.path(`M${x - 8} ${top - 8}l16 16M${x + 8} ${top - 8}l-16 16`, bold)
  drawMakeContact(sheet, [x, top])
  sheet.line([
    [x, top + 60],
    [x, top + 74],
  ])
  sheet.rect(x - 13, top + 74, 26, 30)
  sheet.path(`M${x} ${top + 74}v8h-7v14h7v8`, thin)
}

/** A contactor's main pole from `top` to `top + 60`: a make contact under the half circle of a contactor. */
export const drawContactorPole = (sheet: Sheet, [x, top]: Point): void => {
  sheet.path(`M${x} ${top - 12}a6 6 0 0 0 0 12`)
  drawMakeContact(sheet, [x, top])
}

/** The heaters of an overload relay from `top` to `top + 64`, one box around all wires. */
export const drawOverload = (sheet: Sheet, xs: readonly number[], top: number): void => {
  const [first = 0, last = 0] = [xs[0], xs.at(-1)]
  sheet.rect(first - 20, top, last - first + 40, 64)
  for (const x of xs) sheet.path(`M${x} ${top}v18h12v28h-12v18`)
}

/** The dashed line that says that the blades of several poles move together. */
export const drawMechanicalLink = (sheet: Sheet, xs: readonly number[], top: number): void => {
  sheet.line(
    [
      [(xs[0] ?? 0) - 11, top + 32],
      [(xs.at(-1) ?? 0) - 11, top + 32],
    ],
    { ...thin, dashPx: [8, 6] },
  )
}

export const drawTerminal = (sheet: Sheet, at: Point, pen: Pen = {}): void =>
  sheet.circle(at, 7, { fill: "#ffffff", ...pen })

export const drawJunction = (sheet: Sheet, at: Point, color?: string): void =>
  sheet.circle(at, 5, { fill: color ?? "#101418", widthPx: 1, ...(color === undefined ? {} : { color }) })

/** A coil, 56 wide and 44 high, around its middle. */
export const drawCoil = (sheet: Sheet, [x, y]: Point): void => sheet.rect(x - 28, y - 22, 56, 44)

export const drawLamp = (sheet: Sheet, [x, y]: Point): void => {
  sheet.circle([x, y], 36)
  sheet.path(`M${x - 25.5} ${y - 25.5}l51 51M${x + 25.5} ${y - 25.5}l-51 51`)
}

/** A socket outlet with protective contact: an open half circle under its bar. */
export const drawSocket = (sheet: Sheet, [x, y]: Point): void => {
  sheet.path(`M${x - 40} ${y + 20}a40 40 0 0 1 80 0`, bold)
}

/** Three resistors in one frame, for a heater, 132 × 110 around its middle. */
export const drawHeater = (sheet: Sheet, [x, y]: Point, wires: readonly number[]): void => {
  sheet.rect(x - 70, y - 55, 140, 110)
  for (const wire of wires) sheet.rect(wire - 9, y - 36, 18, 72)
  for (const wire of wires) sheet.path(`M${wire} ${y - 55}v19M${wire} ${y + 36}v9`)
  sheet.line([
    [wires[0] ?? x, y + 45],
    [wires.at(-1) ?? x, y + 45],
  ])
}

/** The mark of a cable across its cores. */
export const drawCableMark = (sheet: Sheet, firstX: number, lastX: number, y: number): void => {
  sheet.path(
    `M${firstX - 16} ${y}C${firstX - 16} ${y - 16} ${lastX + 16} ${y - 16} ${lastX + 16} ${y}S${firstX - 16} ${y + 16} ${firstX - 16} ${y}Z`,
    thin,
  )
}
