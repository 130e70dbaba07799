import type { Size } from "../image.ts"
import type { Memory } from "../memory.ts"
import { createDeblur } from "./deblur.ts"

/** Rows that are pushed from top to bottom; samples of a row lie together, `channels` bytes each. */
export interface RowAverager {
  /** `offset` is a multiple of 4, and the row may be read up to the next multiple of 4 behind its end. */
  readonly push: (rows: Uint8Array, offset: number) => void
}

export interface AveragerOptions {
  /** Samples of a pushed row, at least `span.widthPx`. */
  readonly rowPx: number
  /** The part of the pushed rows that makes up the whole result; may end within a sample. */
  readonly span: Size
  readonly target: Size
  readonly channels: 1 | 3
  readonly memory: Memory
  /** Takes the rows of the result in turn; good only until the next. */
  readonly onRow: (row: Uint8Array | Uint8ClampedArray) => void
}

/** The length that a row of `bytes` takes where it is to be pushed. */
export const paddedLength = (bytes: number): number => (bytes + 3) & ~3

/**
 * Makes each sample of the result the mean of the area that it covers (a box filter as wide as the scale, also where the
 * scale is below 1), less the blur of that. Holds a row of sums, and a few of the result. Rows are summed first and only
 * finished sums are narrowed, because the first takes one addition a sample and the second is done once per row of the
 * result.
 *
 * Four samples are summed at once: of each 32 bits that are read, the first and third byte go into the two halves of one
 * number, the second and fourth into those of another. So all weights that make up a row must add up to 257 at most.
 */
export const createRowAverager = (options: AveragerOptions): RowAverager => {
  const { rowPx, span, target, channels, memory, onRow } = options
  if (span.widthPx === target.widthPx && span.heightPx === target.heightPx) {
    let left = target.heightPx
    return {
      push: (rows, offset) => {
        if (left-- > 0) onRow(rows.subarray(offset, offset + target.widthPx * channels))
      },
    }
  }
  const words = paddedLength(rowPx * channels) >> 2
  const even = memory.allocate(Int32Array, words)
  const odd = memory.allocate(Int32Array, words)
  const sums = memory.allocate(Uint16Array, words * 4)
  const columns = columnEdges(memory, span.widthPx, target.widthPx)
  const narrow = channels === 1 ? narrowGray : narrowColor
  const finish = createDeblur({ span, target, channels, memory, onRow })
  const perRow = span.heightPx / target.heightPx
  const unit = rowUnit(perRow)
  let top = 0
  let row = 0
  let start = 0
  let end = Math.round(perRow * unit)

  return {
    push: (rows, offset) => {
      const pixels = new Int32Array(rows.buffer, rows.byteOffset + offset, words)
      const bottom = top + unit
      while (row < target.heightPx) {
        const weight = Math.min(bottom, end) - Math.max(top, start)
        if (top <= start) setSums(pixels, weight, even, odd)
        else addToSums(pixels, weight, even, odd)
        if (end > bottom) break
        interleave(even, odd, sums)
        narrow(sums, columns, 1 / (end - start), finish.nextRow())
        finish.push()
        row++
        start = end
        end = Math.round((row + 1) * perRow * unit)
        if (start === bottom) break
      }
      top = bottom
    },
  }
}

/** Into how many parts a row is divided, so that the weights of a whole result add up to at most 257. */
const rowUnit = (perRow: number): number => {
  let unit = 128
  while (unit > 1 && Math.ceil(perRow * unit) > 257) unit /= 2
  return unit
}

const lowBytes = 0x00ff00ff

const setSums = (pixels: Int32Array, weight: number, even: Int32Array, odd: Int32Array): void => {
  for (let i = 0; i < pixels.length; i++) {
    const four = pixels[i]!
    even[i] = Math.imul(four & lowBytes, weight)
    odd[i] = Math.imul((four >>> 8) & lowBytes, weight)
  }
}

const addToSums = (pixels: Int32Array, weight: number, even: Int32Array, odd: Int32Array): void => {
  for (let i = 0; i < pixels.length; i++) {
    const four = pixels[i]!
    even[i] = even[i]! + Math.imul(four & lowBytes, weight)
    odd[i] = odd[i]! + Math.imul((four >>> 8) & lowBytes, weight)
  }
}

/** All hosts are little-endian: the lower half of a number is the sample that stands first. */
const interleave = (even: Int32Array, odd: Int32Array, sums: Uint16Array): void => {
  for (let i = 0, to = 0; i < even.length; i++, to += 4) {
    const firstAndThird = even[i]!
    const secondAndFourth = odd[i]!
    sums[to] = firstAndThird
    sums[to + 1] = secondAndFourth
    sums[to + 2] = firstAndThird >>> 16
    sums[to + 3] = secondAndFourth >>> 16
  }
}

/** Columns count in 256ths of a sample. */
const columnUnit = 256

/** Where each sample of the result begins, and where the last one ends. */
const columnEdges = (memory: Memory, spanPx: number, targetPx: number): Int32Array => {
  const positions = memory.allocate(Int32Array, targetPx + 1)
  for (let i = 0; i <= targetPx; i++) positions[i] = Math.round((i * spanPx * columnUnit) / targetPx)
  return positions
}

const narrowGray = (sums: Uint16Array, columns: Int32Array, share: number, result: Float32Array): void => {
  let from = 0
  for (let x = 0; x < columns.length - 1; x++) {
    const to = columns[x + 1]!
    const first = from >> 8
    const last = (to - 1) >> 8
    let sum = sums[first]! * (first === last ? to - from : columnUnit - (from & 255))
    if (last > first) {
      let inner = 0
      for (let at = first + 1; at < last; at++) inner += sums[at]!
      sum += inner * columnUnit + sums[last]! * (to - last * columnUnit)
    }
    result[x] = (sum * share) / (to - from)
    from = to
  }
}

const narrowColor = (sums: Uint16Array, columns: Int32Array, share: number, result: Float32Array): void => {
  let from = 0
  for (let x = 0, out = 0; x < columns.length - 1; x++, out += 3) {
    const to = columns[x + 1]!
    const first = from >> 8
    const last = (to - 1) >> 8
    let at = first * 3
    let weight = first === last ? to - from : columnUnit - (from & 255)
    let red = sums[at]! * weight
    let green = sums[at + 1]! * weight
    let blue = sums[at + 2]! * weight
    for (let position = first + 1; position <= last; position++) {
      at += 3
      weight = position === last ? to - last * columnUnit : columnUnit
      red += sums[at]! * weight
      green += sums[at + 1]! * weight
      blue += sums[at + 2]! * weight
    }
    const scale = share / (to - from)
    result[out] = red * scale
    result[out + 1] = green * scale
    result[out + 2] = blue * scale
    from = to
  }
}
