import { CorruptImage } from "../../../ports/image-engine.ts"
import type { Size } from "../../image.ts"
import type { Memory } from "../../memory.ts"
import { createRowAverager, paddedLength } from "../row-averager.ts"
import { checkSize } from "../check-size.ts"
import type { RowOptions } from "../row-sink.ts"
import { adam7Passes } from "./adam7.ts"
import { createCompressedData } from "./compressed-data.ts"
import { inflate } from "./inflate.ts"
import type { PngFormat } from "./png-format.ts"
import { bitsPerPixel, openPng } from "./png-format.ts"
import { toSamplesFor } from "./to-samples.ts"
import { unfilter } from "./unfilter.ts"

/**
 * Decodes a PNG of any kind to rows of the wanted size, top to bottom, on white where it is transparent. Holds a few rows,
 * but all pixels of an interlaced picture, whose rows are not whole before its last pass. Yields the number of pixels done
 * since the last time. Throws `CorruptImage`.
 */
export function* readPng(bytes: Uint8Array, { stored, target, memory, sink }: RowOptions): Generator<number> {
  const { format, nextChunk } = openPng(bytes)
  checkSize(format, stored)
  const { channels, convert } = toSamplesFor(format)
  const { widthPx, heightPx } = format
  const averager = createRowAverager({ rowPx: widthPx, span: format, target, channels, memory, onRow: sink })
  const samples = memory.allocate(Uint8Array, paddedLength(widthPx * channels))
  const asSamples = (row: Uint8Array, rowPx: number): Uint8Array => {
    if (convert === undefined) return row
    convert(row, samples, rowPx)
    return samples
  }
  const data = createCompressedData(bytes, nextChunk)
  if (!format.isInterlaced) {
    const rows = createRowAssembler(format, [{ widthPx, heightPx }], memory, (row) =>
      averager.push(asSamples(row, widthPx), 0),
    )
    yield* readRows(inflate(data, memory, rows.push), rows, widthPx)
  } else {
    const stride = paddedLength(widthPx * channels)
    const whole = memory.allocate(Uint8Array, stride * heightPx)
    const passes = adam7Passes(widthPx, heightPx)
    const rows = createRowAssembler(format, passes, memory, (row, number, y) => {
      const { left, top, across, down, widthPx: rowPx } = passes[number]!
      const from = asSamples(row, rowPx)
      let to = (top + y * down) * stride + left * channels
      for (let at = 0; at < rowPx * channels; at += channels, to += across * channels) {
        for (let channel = 0; channel < channels; channel++) whole[to + channel] = from[at + channel]!
      }
    })
    yield* readRows(inflate(data, memory, rows.push), rows, widthPx)
    for (let y = 0; y < heightPx; y++) {
      averager.push(whole, y * stride)
      yield widthPx
    }
  }
}

/** Inflates until the last row is there; what the stream holds beyond is not looked at. */
function* readRows(portions: Generator<void>, rows: RowAssembler, widthPx: number): Generator<number> {
  let before = 0
  while (!rows.isComplete()) {
    const { done } = portions.next()
    if (done === true && !rows.isComplete()) throw new CorruptImage("The data ends before the picture does.")
    yield (rows.count() - before) * widthPx
    before = rows.count()
  }
}

interface RowAssembler {
  readonly push: (bytes: Uint8Array, start: number, end: number) => void
  readonly isComplete: () => boolean
  readonly count: () => number
}

/** Cuts inflated bytes into rows of one picture after the other (the passes), and undoes their filters. */
const createRowAssembler = (
  format: PngFormat,
  pictures: readonly Size[],
  memory: Memory,
  onRow: (row: Uint8Array, picture: number, y: number) => void,
): RowAssembler => {
  const bits = bitsPerPixel(format)
  const step = Math.max(1, bits >> 3)
  const longest = Math.ceil((format.widthPx * bits) / 8)
  const store = [memory.allocate(Uint8Array, paddedLength(longest)), memory.allocate(Uint8Array, paddedLength(longest))]
  let picture = 0
  let y = 0
  let count = 0
  let filter = -1
  let filled = 0
  let row = store[0]!
  let above = store[1]!
  const startPicture = (): void => {
    const length = Math.ceil(((pictures[picture]?.widthPx ?? 0) * bits) / 8)
    row = store[0]!.subarray(0, length)
    above = store[1]!.subarray(0, length).fill(0)
    y = 0
  }
  startPicture()
  const isComplete = (): boolean => picture === pictures.length
  return {
    isComplete,
    count: () => count,
    push: (bytes, start, end) => {
      for (let at = start; at < end && !isComplete();) {
        if (filter < 0) {
          filter = bytes[at++]!
          filled = 0
        }
        const taken = Math.min(end - at, row.length - filled)
        row.set(bytes.subarray(at, at + taken), filled)
        at += taken
        filled += taken
        if (filled < row.length) return
        unfilter(filter, row, above, step)
        onRow(row, picture, y)
        count++
        filter = -1
        ;[row, above] = [above, row]
        if (++y < pictures[picture]!.heightPx) continue
        picture++
        startPicture()
      }
    },
  }
}
