import { drawCabinet, photographCabinet } from "../../dev/samples-source/cabinet-photo.ts"
import { brushPlate, drawNameplate } from "../../dev/samples-source/nameplate.ts"
import { drawPanelSchedule } from "../../dev/samples-source/panel-schedule.ts"
import { drawSvg } from "../../dev/samples-source/raster.ts"
import type { Raster } from "../../dev/samples-source/raster.ts"
import { drawPage, scanPage } from "../../dev/samples-source/scanned-page.ts"
import type { Sheet } from "../../dev/samples-source/sheet.ts"
import { drawWiringDiagram } from "../../dev/samples-source/wiring-diagram.ts"
import { editsOf } from "./edit-drawing.ts"
import type { Edit } from "./edit-drawing.ts"

/** A sample picture that can be drawn anew with something changed in it. */
export interface Original {
  readonly name: string
  readonly edits: readonly Edit[]
  readonly draw: (edit?: Edit) => Promise<Raster>
}

const white = { background: "#ffffff" } as const

export const originals: readonly Original[] = [
  original("wiring diagram", drawWiringDiagram, (sheet) => drawSvg(sheet.document(white)), 170),
  original("panel schedule", drawPanelSchedule, (sheet) => drawSvg(sheet.document(white)), 90),
  original("photo of a cabinet", drawCabinet, photographCabinet, 50),
  original("scanned page", drawPage, scanPage, 60),
  original("nameplate", drawNameplate, brushPlate, 20),
]

/** With at most `most` of the edits that its drawing allows, spread evenly over it. */
function original(
  name: string,
  drawSheet: () => Sheet,
  finish: (sheet: Sheet) => Promise<Raster>,
  most: number,
): Original {
  const sheet = drawSheet()
  const all = editsOf(sheet)
  const edits = all.filter((_, i) => Math.floor((i * most) / all.length) !== Math.floor(((i - 1) * most) / all.length))
  return {
    name,
    edits,
    draw: (edit) =>
      finish(edit === undefined ? sheet : { ...sheet, document: (options) => edit.apply(sheet.document(options)) }),
  }
}
