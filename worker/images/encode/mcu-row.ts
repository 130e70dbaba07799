import type { Memory } from "../memory.ts"
import type { Raster } from "../raster.ts"

/** The pixels of one row of MCUs as luma and halved chroma; what lies beyond the picture repeats its edge. */
export interface McuRow {
  /** Whole MCUs. */
  readonly widthPx: number
  readonly fill: (top: number) => void
  /** Copies 8 × 8 samples, as -128 to 127. */
  readonly takeLuma: (left: number, top: number, block: Float32Array) => void
  readonly takeChroma: (component: 1 | 2, left: number, block: Float32Array) => void
}

export const createMcuRow = (raster: Raster, mcuPx: number, memory: Memory): McuRow => {
  const widthPx = Math.ceil(raster.widthPx / mcuPx) * mcuPx
  const luma = memory.allocate(Float32Array, widthPx * mcuPx)
  const isGray = raster.channels === 1
  const chroma = [0, 1].map(() => memory.allocate(Float32Array, isGray ? 0 : (widthPx * mcuPx) / 4))
  const [blueness, redness] = [chroma[0]!, chroma[1]!]

  const take = (from: Float32Array, stride: number, left: number, top: number, block: Float32Array): void => {
    for (let y = 0, to = 0; y < 8; y++) {
      const start = (top + y) * stride + left
      for (let at = start; at < start + 8; at++) block[to++] = from[at]!
    }
  }
  return {
    widthPx,
    fill: (top) => {
      if (isGray) return fillGray(raster, top, mcuPx, widthPx, luma)
      blueness.fill(0)
      redness.fill(0)
      for (let y = 0; y < mcuPx; y++)
        fillColor(raster, Math.min(top + y, raster.heightPx - 1), y, widthPx, luma, blueness, redness)
    },
    takeLuma: (left, top, block) => take(luma, widthPx, left, top, block),
    takeChroma: (component, left, block) => take(component === 1 ? blueness : redness, widthPx / 2, left, 0, block),
  }
}

const fillGray = (
  { pixels, widthPx, heightPx }: Raster,
  top: number,
  rows: number,
  stride: number,
  luma: Float32Array,
): void => {
  for (let y = 0; y < rows; y++) {
    const from = Math.min(top + y, heightPx - 1) * widthPx
    for (let x = 0; x < stride; x++) luma[y * stride + x] = pixels[from + Math.min(x, widthPx - 1)]! - 128
  }
}

// A quarter of JFIF's factors, since four pixels make up a sample.
const blueShare = 1 / 1.772 / 4
const redShare = 1 / 1.402 / 4

/** JFIF's colors; each chroma sample takes a quarter of each of its four pixels. */
const fillColor = (
  { pixels, widthPx }: Raster,
  from: number,
  y: number,
  stride: number,
  luma: Float32Array,
  blueness: Float32Array,
  redness: Float32Array,
): void => {
  const chromaRow = (y >> 1) * (stride >> 1)
  let at = from * widthPx * 3
  let [red, green, blue] = [0, 0, 0]
  for (let x = 0; x < stride; x++) {
    if (x < widthPx) {
      red = pixels[at]!
      green = pixels[at + 1]!
      blue = pixels[at + 2]!
      at += 3
    }
    const light = 0.299 * red + 0.587 * green + 0.114 * blue
    luma[y * stride + x] = light - 128
    const to = chromaRow + (x >> 1)
    blueness[to] = blueness[to]! + (blue - light) * blueShare
    redness[to] = redness[to]! + (red - light) * redShare
  }
}
