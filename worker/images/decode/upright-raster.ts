import type { Size } from "../image.ts"
import type { Memory } from "../memory.ts"
import type { Raster } from "../raster.ts"
import type { RowSink } from "./row-sink.ts"
import { placement, turnedSize } from "./upright.ts"

export interface RasterBuilder {
  readonly sink: RowSink
  /** The picture, once all its rows have come; `undefined` before. */
  readonly finish: () => Raster | undefined
}

/** Puts rows, as stored, to where they belong in the upright picture. `stored` is the size that the rows have. */
export const createRasterBuilder = (stored: Size, orientation: number, memory: Memory): RasterBuilder => {
  const { start, perColumn, perRow } = placement(stored, orientation)
  let raster: Raster | undefined
  let y = 0
  return {
    sink: (row) => {
      const channels = row.length === stored.widthPx ? 1 : 3
      const size = stored.widthPx * stored.heightPx * channels
      raster ??= { ...turnedSize(stored, orientation), channels, pixels: memory.allocate(Uint8Array, size) }
      const to = (start + y++ * perRow) * channels
      if (perColumn === 1) raster.pixels.set(row, to)
      else if (channels === 1) placeGray(row, raster.pixels, to, perColumn)
      else placeColor(row, raster.pixels, to, perColumn * 3)
    },
    finish: () => (y === stored.heightPx ? raster : undefined),
  }
}

const placeGray = (row: Uint8Array | Uint8ClampedArray, pixels: Uint8Array, start: number, step: number): void => {
  for (let x = 0, to = start; x < row.length; x++, to += step) pixels[to] = row[x]!
}

const placeColor = (row: Uint8Array | Uint8ClampedArray, pixels: Uint8Array, start: number, step: number): void => {
  for (let from = 0, to = start; from < row.length; from += 3, to += step) {
    pixels[to] = row[from]!
    pixels[to + 1] = row[from + 1]!
    pixels[to + 2] = row[from + 2]!
  }
}
