import type { Column } from "./columns.ts"
import { wireColors } from "./power-lines.ts"
import type { Sheet } from "./sheet.ts"
import { drawHeater, drawLamp, drawSocket } from "./symbols.ts"

export interface Load {
  readonly name: string
  readonly look: "motor" | "heater" | "lamp" | "socket"
  /** Setting range of a motor's overload relay. */
  readonly overload?: string
}

/** What hangs on breakers Q1 to Q7, in order; Q8 feeds the control circuit. */
export const loads: readonly Load[] = [
  { name: "M1", look: "motor", overload: "5.5-8 A" },
  { name: "M2", look: "motor", overload: "2.8-4 A" },
  { name: "E1", look: "heater" },
  { name: "E2", look: "lamp" },
  { name: "E3", look: "lamp" },
  { name: "X2", look: "socket" },
  { name: "X3", look: "socket" },
]

/** Middle of all loads. */
const loadY = 1190

/** Where the wires from above meet the load: the phases and the neutral, and the earth before it turns left. */
export const wireEndsY: Readonly<Record<Load["look"], { readonly live: number; readonly earth: number }>> = {
  // The outer wires, 46 from the middle, meet the circle (radius 62) here; the middle one 22 higher, at its top.
  motor: { live: loadY - 40, earth: loadY },
  heater: { live: loadY - 55, earth: loadY },
  lamp: { live: loadY - 30, earth: loadY },
  socket: { live: loadY - 15, earth: loadY + 20 },
}

export const drawLoad = (sheet: Sheet, { name, look }: Load, { xs, neutralX, earthX, labelX }: Column): void => {
  const x = ((xs[0] ?? 0) + (neutralX ?? xs.at(-1) ?? 0)) / 2
  const earth = (fromX: number) => {
    const y = wireEndsY[look].earth
    sheet.line(
      [
        [earthX, y],
        [fromX, y],
      ],
      { color: wireColors.PE },
    )
  }
  const nameLeftOf = (rightX: number) => sheet.text("load", name, [rightX, loadY], { align: "right", capHeightPx: 24 })
  switch (look) {
    case "motor":
      sheet.circle([x, loadY], 62, { widthPx: 3.5, fill: "#ffffff" })
      earth(x + 62)
      sheet.text("load", name, [x, loadY - 14], { align: "middle", capHeightPx: 26 })
      sheet.text("text", "3~", [x, loadY + 24], { align: "middle", capHeightPx: 20 })
      return
    case "heater":
      drawHeater(sheet, [x, loadY], xs)
      earth(x + 70)
      nameLeftOf(x - 84)
      return
    case "lamp":
      drawLamp(sheet, [x, loadY])
      earth(x + 36)
      nameLeftOf(labelX + 4)
      return
    case "socket":
      drawSocket(sheet, [x, loadY])
      earth(x + 40)
      nameLeftOf(labelX)
      return
  }
}
