import type { Size } from "./image.ts"

/** RGBA pixels, row by row, four bytes each. */
export interface Pixels extends Size {
  readonly rgba: Uint8Array
}

/**
 * Shrinks to `stored` (the size before the picture is turned), flattens alpha on white and turns by the EXIF
 * orientation, in one pass over the rows that holds no copy of the picture. Triangle filter, as wide as the scale asks
 * for. Alpha is flattened first: the color under transparent pixels would otherwise bleed into the edges.
 */
export const resample = (source: Pixels, stored: Size, orientation: number): Uint8Array<ArrayBuffer> => {
  const columns = taps(source.widthPx, stored.widthPx)
  const rows = taps(source.heightPx, stored.heightPx)
  const output = new Uint8Array(stored.widthPx * stored.heightPx * 4)
  const place = placement(stored, orientation)
  const flat = new Float32Array(source.widthPx * 3)
  const narrow = new Float32Array(stored.widthPx * 3)
  // Windows of neighbors overlap by half, so no source row ever belongs to more than three rows of the result.
  const sums = Array.from({ length: 4 }, () => new Float32Array(stored.widthPx * 3))
  let first = 0
  for (let y = 0; y < source.heightPx; y++) {
    flattenRow(source, y, flat)
    shrinkRow(flat, columns, narrow)
    for (let row = first; row < stored.heightPx && (rows[row]?.start ?? 0) <= y; row++) {
      const { start, weights } = rows[row] ?? noTap
      const sum = sums[row % sums.length] ?? narrow
      const weight = weights[y - start] ?? 0
      for (let i = 0; i < sum.length; i++) sum[i] = (sum[i] ?? 0) + weight * (narrow[i] ?? 0)
      if (y < start + weights.length - 1) continue
      writeRow(sum, output, place.start + row * place.perRow, place.perColumn)
      sum.fill(0)
      first = row + 1
    }
  }
  return output
}

interface Tap {
  readonly start: number
  /** Their sum is 1. */
  readonly weights: Float32Array
}
const noTap: Tap = { start: 0, weights: new Float32Array(0) }

/** Which source positions make up each position of the result, and how much each of them counts. */
const taps = (from: number, to: number): readonly Tap[] => {
  const scale = from / to
  return Array.from({ length: to }, (_empty, position) => {
    const center = (position + 0.5) * scale
    const start = Math.max(0, Math.floor(center - scale + 0.5))
    const end = Math.min(from, Math.ceil(center + scale - 0.5))
    const raw = Array.from({ length: Math.max(1, end - start) }, (_, i) =>
      Math.max(0, 1 - Math.abs(start + i + 0.5 - center) / scale),
    )
    const sum = raw.reduce((total, weight) => total + weight, 0)
    return { start, weights: Float32Array.from(raw, (weight) => weight / sum) }
  })
}

const flattenRow = ({ rgba, widthPx }: Pixels, y: number, flat: Float32Array): void => {
  let from = y * widthPx * 4
  for (let to = 0; to < flat.length; to += 3, from += 4) {
    const alpha = (rgba[from + 3] ?? 255) / 255
    const white = 255 * (1 - alpha)
    flat[to] = (rgba[from] ?? 0) * alpha + white
    flat[to + 1] = (rgba[from + 1] ?? 0) * alpha + white
    flat[to + 2] = (rgba[from + 2] ?? 0) * alpha + white
  }
}

const shrinkRow = (flat: Float32Array, columns: readonly Tap[], narrow: Float32Array): void => {
  let to = 0
  for (const { start, weights } of columns) {
    let [red, green, blue] = [0, 0, 0]
    let from = start * 3
    for (let i = 0; i < weights.length; i++, from += 3) {
      const weight = weights[i] ?? 0
      red += weight * (flat[from] ?? 0)
      green += weight * (flat[from + 1] ?? 0)
      blue += weight * (flat[from + 2] ?? 0)
    }
    narrow[to] = red
    narrow[to + 1] = green
    narrow[to + 2] = blue
    to += 3
  }
}

const writeRow = (row: Float32Array, output: Uint8Array, start: number, perColumn: number): void => {
  for (let from = 0, to = start; from < row.length; from += 3, to += perColumn) {
    output[to] = Math.round(row[from] ?? 0)
    output[to + 1] = Math.round(row[from + 1] ?? 0)
    output[to + 2] = Math.round(row[from + 2] ?? 0)
    output[to + 3] = 255
  }
}

interface Placement {
  /** Byte offset of the stored picture's first pixel in the upright one, and of each step from there. */
  readonly start: number
  readonly perColumn: number
  readonly perRow: number
}

/** Where stored pixels lie once the picture is upright (EXIF 2.32, tag 0x0112). */
const placement = ({ widthPx, heightPx }: Size, orientation: number): Placement => {
  const isTurned = orientation >= 5
  const stride = isTurned ? heightPx : widthPx
  const [alongColumns, alongRows] = isTurned ? [stride, 1] : [1, stride]
  const fromRight = [2, 3, 7, 8].includes(orientation)
  const fromBottom = [3, 4, 6, 7].includes(orientation)
  return {
    start: 4 * ((fromRight ? (widthPx - 1) * alongColumns : 0) + (fromBottom ? (heightPx - 1) * alongRows : 0)),
    perColumn: 4 * (fromRight ? -alongColumns : alongColumns),
    perRow: 4 * (fromBottom ? -alongRows : alongRows),
  }
}
