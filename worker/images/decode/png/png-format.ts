import { CorruptImage } from "../../../ports/image-engine.ts"
import { crc32 } from "./crc32.ts"
import type { NextChunk } from "./compressed-data.ts"

/** How pixels are stored (PNG specification, 11.2.2, 11.2.3 and 11.3.2.1). */
export interface PngFormat {
  readonly widthPx: number
  readonly heightPx: number
  readonly bitDepth: number
  readonly colorType: ColorType
  readonly isInterlaced: boolean
  /** Red, green and blue of each entry. */
  readonly palette: Uint8Array
  /** Alpha of palette entries, or the gray or color that is transparent, as two bytes a sample. */
  readonly transparency: Uint8Array | undefined
}

export const gray = 0
export const color = 2
export const indexed = 3
export const grayAlpha = 4
export const colorAlpha = 6
export type ColorType = typeof gray | typeof color | typeof indexed | typeof grayAlpha | typeof colorAlpha

const samplesOf: Readonly<Record<ColorType, number>> = { 0: 1, 2: 3, 3: 1, 4: 2, 6: 4 }
const isColorType = (value: number): value is ColorType => value in samplesOf

export const bitsPerPixel = ({ bitDepth, colorType }: PngFormat): number => bitDepth * samplesOf[colorType]

export interface Png {
  readonly format: PngFormat
  /** Goes through the chunks that hold the pixels. */
  readonly nextChunk: NextChunk
}

const IHDR = 0x49484452
const PLTE = 0x504c5445
const tRNS = 0x74524e53
const IDAT = 0x49444154
const IEND = 0x49454e44

interface Chunk {
  readonly name: number
  readonly start: number
  readonly end: number
}

/** Reads up to the pixels. Chunks that matter are checked by their checksum. */
export const openPng = (bytes: Uint8Array): Png => {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  let position = 8
  let pixels: Chunk | undefined
  let palette = new Uint8Array(0)
  let transparency: Uint8Array | undefined
  const header = readChunk(view, bytes, position)
  if (header?.name !== IHDR || header.end - header.start !== 13) throw new CorruptImage("It does not begin with IHDR.")
  position = header.end + 4
  while (pixels === undefined) {
    const chunk = readChunk(view, bytes, position)
    if (chunk === undefined || chunk.name === IEND) throw new CorruptImage("There are no pixels in it.")
    if (chunk.name === PLTE) palette = bytes.slice(chunk.start, chunk.end)
    if (chunk.name === tRNS) transparency = bytes.slice(chunk.start, chunk.end)
    if (chunk.name === IDAT) pixels = chunk
    position = chunk.end + 4
  }
  const colorType = view.getUint8(header.start + 9)
  if (!isColorType(colorType)) throw new CorruptImage(`It has color type ${colorType}.`)
  let next: Chunk | undefined = pixels
  return {
    format: {
      widthPx: view.getUint32(header.start),
      heightPx: view.getUint32(header.start + 4),
      bitDepth: view.getUint8(header.start + 8),
      colorType,
      isInterlaced: view.getUint8(header.start + 12) === 1,
      palette,
      transparency,
    },
    nextChunk: () => {
      const chunk = next
      if (chunk === undefined) return undefined
      const following = readChunk(view, bytes, chunk.end + 4)
      next = following?.name === IDAT ? following : undefined
      return chunk
    },
  }
}

/** The chunk at `position`; `undefined` behind the last. Throws when it is cut off, or damaged where it matters. */
const readChunk = (view: DataView, bytes: Uint8Array, position: number): Chunk | undefined => {
  if (position + 12 > bytes.length) return undefined
  const length = view.getUint32(position)
  const name = view.getUint32(position + 4)
  const end = position + 8 + length
  if (end + 4 > bytes.length) throw new CorruptImage("A chunk is cut off.")
  const matters = name === IHDR || name === PLTE || name === tRNS || name === IDAT
  if (matters && crc32(bytes.subarray(position + 4, end)) !== view.getInt32(end)) {
    throw new CorruptImage("A chunk contradicts its checksum.")
  }
  return { name, start: position + 8, end }
}
