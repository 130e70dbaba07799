import type { Memory } from "../memory.ts"
import type { Raster } from "../raster.ts"

/** Bits a color channel that tell colors apart here; their exact means are kept beside. */
const bits = 5
const cells = 1 << (3 * bits)

/** How often each color occurs, alike ones counted together as a cell. */
export interface ColorCounts {
  /** Cells that occur. */
  readonly used: Uint16Array
  readonly counts: Float64Array
  /** Sums of red, green and blue in each cell, three numbers each. */
  readonly sums: Float64Array
  readonly release: () => void
}

/** The cell of a gray or color at `at` in a raster. */
export const cellAt = (pixels: Uint8Array, at: number, channels: 1 | 3): number => {
  const red = pixels[at]! >> (8 - bits)
  if (channels === 1) return (red << (2 * bits)) | (red << bits) | red
  return (red << (2 * bits)) | ((pixels[at + 1]! >> (8 - bits)) << bits) | (pixels[at + 2]! >> (8 - bits))
}

export const countColors = ({ pixels, channels }: Raster, memory: Memory): ColorCounts => {
  const counts = memory.allocate(Float64Array, cells)
  const sums = memory.allocate(Float64Array, cells * 3)
  const second = channels === 1 ? 0 : 1
  const third = channels === 1 ? 0 : 2
  for (let at = 0; at < pixels.length; at += channels) {
    const cell = cellAt(pixels, at, channels)
    counts[cell] = counts[cell]! + 1
    const sum = cell * 3
    sums[sum] = sums[sum]! + pixels[at]!
    sums[sum + 1] = sums[sum + 1]! + pixels[at + second]!
    sums[sum + 2] = sums[sum + 2]! + pixels[at + third]!
  }
  const used = Uint16Array.from([...counts.keys()].filter((cell) => counts[cell]! > 0))
  return {
    used,
    counts,
    sums,
    release: () => {
      memory.release(counts)
      memory.release(sums)
    },
  }
}
