import { crc32 } from "../decode/png/crc32.ts"
import type { Memory } from "../memory.ts"
import type { Raster } from "../raster.ts"
import type { Palette } from "./choose-palette.ts"
import { choosePalette } from "./choose-palette.ts"
import { cellAt, countColors } from "./color-counts.ts"

/** What four bits tell apart: a picture of so few colors keeps them all. */
export const mostColors = 16
/** More shades of an edge cost an eighth of the bytes at 1,024 px, and no label more is read (`npm run bench -- pictures`). */
const enoughColors = 14

/** Rows are compressed in portions of about this size. */
const portionBytes = 65_536

/**
 * Writes a PNG of at most so many colors, 16 or fewer: four bits a pixel, or fewer, no row filter (filters help photos and harm what has few
 * colors), compressed by the platform.
 */
export const encodePalettePng = async (
  raster: Raster,
  memory: Memory,
  colors: number = mostColors,
): Promise<Uint8Array<ArrayBuffer>> => {
  const counted = countColors(raster, memory)
  const palette = choosePalette(counted, counted.used.length <= colors ? colors : Math.min(colors, enoughColors))
  counted.release()
  const count = palette.colors.length
  const bitDepth = count <= 2 ? 1 : count <= 4 ? 2 : 4
  const compressor = new CompressionStream("deflate")
  const compressed = new Response(compressor.readable).arrayBuffer()
  // Should a write fail, the reader fails with it: that is where it is reported.
  await Promise.allSettled([writeRows(compressor, raster, palette, bitDepth, memory)])
  return concatenate([
    signature,
    chunk("IHDR", headerOf(raster, bitDepth)),
    chunk("PLTE", Uint8Array.from(palette.colors.flat())),
    chunk("IDAT", new Uint8Array(await compressed)),
    chunk("IEND", new Uint8Array(0)),
  ])
}

const writeRows = async (
  compressor: CompressionStream,
  raster: Raster,
  palette: Palette,
  bitDepth: number,
  memory: Memory,
): Promise<void> => {
  const writer = compressor.writable.getWriter()
  const rowBytes = 1 + Math.ceil((raster.widthPx * bitDepth) / 8)
  const perPortion = Math.max(1, Math.floor(portionBytes / rowBytes))
  const portion = memory.allocate(Uint8Array, rowBytes * perPortion)
  for (let top = 0; top < raster.heightPx; top += perPortion) {
    const rows = Math.min(perPortion, raster.heightPx - top)
    portion.fill(0)
    for (let y = 0; y < rows; y++) packRow(raster, palette.ofCell, bitDepth, top + y, portion, y * rowBytes + 1)
    await writer.write(portion.slice(0, rows * rowBytes))
  }
  await writer.close()
  memory.release(portion)
}

/** Pixels come first in the higher bits. */
const packRow = (
  { pixels, channels, widthPx }: Raster,
  ofCell: Uint8Array,
  bitDepth: number,
  y: number,
  portion: Uint8Array,
  start: number,
): void => {
  let from = y * widthPx * channels
  let to = start
  let shift = 8
  for (let x = 0; x < widthPx; x++, from += channels) {
    shift -= bitDepth
    portion[to] = portion[to]! | (ofCell[cellAt(pixels, from, channels)]! << shift)
    if (shift > 0) continue
    shift = 8
    to++
  }
}

const signature = Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a)

const headerOf = ({ widthPx, heightPx }: Raster, bitDepth: number): Uint8Array => {
  const header = new DataView(new ArrayBuffer(13))
  header.setUint32(0, widthPx)
  header.setUint32(4, heightPx)
  header.setUint8(8, bitDepth)
  // Indexed color; compression, filter and interlace method stay 0.
  header.setUint8(9, 3)
  return new Uint8Array(header.buffer)
}

const chunk = (name: string, data: Uint8Array): Uint8Array => {
  const bytes = new Uint8Array(data.length + 12)
  const view = new DataView(bytes.buffer)
  view.setUint32(0, data.length)
  bytes.set(new TextEncoder().encode(name), 4)
  bytes.set(data, 8)
  view.setInt32(bytes.length - 4, crc32(bytes.subarray(4, bytes.length - 4)))
  return bytes
}

const concatenate = (parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> => {
  const whole = new Uint8Array(parts.reduce((total, { length }) => total + length, 0))
  let at = 0
  for (const part of parts) {
    whole.set(part, at)
    at += part.length
  }
  return whole
}
