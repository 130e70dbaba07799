import { CorruptImage } from "../../../ports/image-engine.ts"
import type { Component, Frame } from "./frame.ts"
import { readFrame } from "./frame.ts"
import type { HuffmanTable } from "./huffman-table.ts"
import { createHuffmanTable } from "./huffman-table.ts"

/** What the segments before a scan have said so far. */
export interface Tables {
  /** In zigzag order. */
  readonly quantizers: (Uint16Array | undefined)[]
  readonly dc: (HuffmanTable | undefined)[]
  readonly ac: (HuffmanTable | undefined)[]
  restartInterval: number
  frame: Frame | undefined
  /** Of the Adobe segment: 0 no transform, 1 YCbCr, 2 YCCK. */
  adobeTransform: number | undefined
  hasJfif: boolean
}

export interface ScanComponent {
  /** Its place in the frame. */
  readonly index: number
  readonly component: Component
  readonly dc: HuffmanTable | undefined
  readonly ac: HuffmanTable | undefined
}

/** A scan header (T.81, B.2.3). */
export interface Scan {
  readonly components: readonly ScanComponent[]
  readonly spectralStart: number
  readonly spectralEnd: number
  /** Successive approximation: the bit before, 0 in a first scan, and the lowest bit of this scan. */
  readonly high: number
  readonly low: number
  /** Where its entropy-coded data begins. */
  readonly position: number
}

export const createTables = (): Tables => ({
  quantizers: [],
  dc: [],
  ac: [],
  restartInterval: 0,
  frame: undefined,
  adobeTransform: undefined,
  hasJfif: false,
})

const startOfScan = 0xda
const endOfImage = 0xd9
const quantization = 0xdb
const huffman = 0xc4
const restart = 0xdd
const app0 = 0xe0
const app14 = 0xee
const arithmeticConditioning = 0xcc
const jpegExtension = 0xc8

/**
 * Reads segments from `position` on until a scan begins; `undefined` where the picture ends. Each turn goes forward, so it
 * takes no more turns than there are bytes.
 */
export const readToScan = (data: Uint8Array, start: number, tables: Tables): Scan | undefined => {
  let position = start
  for (;;) {
    // Between scans there may be fill bytes, and what a careless encoder left over.
    while (position < data.length && !(data[position] === 0xff && isMarker(data[position + 1]))) position++
    const marker = data[position + 1]
    if (marker === undefined) throw new CorruptImage("The data ends before the picture does.")
    position += 2
    if (marker === endOfImage) return undefined
    if (marker === 0x01 || (marker >= 0xd0 && marker <= 0xd8)) continue
    const length = ((data[position] ?? 0) << 8) | (data[position + 1] ?? 0)
    if (length < 2 || position + length > data.length) throw new CorruptImage("A segment is cut off.")
    const segment = data.subarray(position + 2, position + length)
    position += length
    if (marker === startOfScan) return readScan(segment, tables, position)
    try {
      readTable(marker, segment, tables)
    } catch (cause) {
      if (cause instanceof RangeError) throw new CorruptImage("A segment is too short.", { cause })
      throw cause
    }
  }
}

const isMarker = (byte: number | undefined): boolean => byte !== undefined && byte !== 0 && byte !== 0xff

const readTable = (marker: number, segment: Uint8Array, tables: Tables): void => {
  if (marker === quantization) readQuantizers(segment, tables)
  else if (marker === huffman) readHuffmanTables(segment, tables)
  else if (marker === restart) tables.restartInterval = ((segment[0] ?? 0) << 8) | (segment[1] ?? 0)
  else if (marker === app0 && hasName(segment, "JFIF\0")) tables.hasJfif = true
  else if (marker === app14 && hasName(segment, "Adobe")) tables.adobeTransform = segment[11] ?? 0
  else if (marker >= 0xc0 && marker <= 0xcf && marker !== arithmeticConditioning && marker !== jpegExtension) {
    if (tables.frame !== undefined) throw new CorruptImage("It states its size twice.")
    tables.frame = readFrame(marker, segment)
  }
}

const hasName = (segment: Uint8Array, name: string): boolean =>
  Array.from(name).every((letter, i) => segment[i] === letter.charCodeAt(0))

const readQuantizers = (segment: Uint8Array, { quantizers }: Tables): void => {
  for (let at = 0; at < segment.length;) {
    const kind = segment[at++] ?? 0
    const entryBytes = kind >> 4 === 0 ? 1 : 2
    if ((kind & 15) > 3 || kind >> 4 > 1 || at + 64 * entryBytes > segment.length) {
      throw new CorruptImage("A quantization table is damaged.")
    }
    const table = new Uint16Array(64)
    for (let k = 0; k < 64; k++, at += entryBytes) {
      table[k] = entryBytes === 1 ? segment[at]! : (segment[at]! << 8) | segment[at + 1]!
    }
    quantizers[kind & 15] = table
  }
}

const readHuffmanTables = (segment: Uint8Array, { dc, ac }: Tables): void => {
  for (let at = 0; at < segment.length;) {
    const kind = segment[at++] ?? 0
    const counts = segment.subarray(at, at + 16)
    const total = counts.reduce((sum, count) => sum + count, 0)
    at += 16
    if ((kind & 15) > 3 || kind >> 4 > 1 || total > 256 || at + total > segment.length) {
      throw new CorruptImage("A Huffman table is damaged.")
    }
    const tables = kind >> 4 === 0 ? dc : ac
    tables[kind & 15] = createHuffmanTable(counts, segment.slice(at, at + total))
    at += total
  }
}

const readScan = (segment: Uint8Array, { frame, dc, ac }: Tables, position: number): Scan => {
  if (frame === undefined) throw new CorruptImage("A scan comes before the size.")
  const count = segment[0] ?? 0
  if (count < 1 || count > 4 || segment.length < 4 + count * 2) throw new CorruptImage("A scan header is damaged.")
  const components = Array.from({ length: count }, (_, i): ScanComponent => {
    const index = frame.components.findIndex(({ id }) => id === segment[1 + i * 2])
    const component = frame.components[index]
    if (component === undefined) throw new CorruptImage("A scan has a color that the frame does not have.")
    const selectors = segment[2 + i * 2] ?? 0
    return { index, component, dc: dc[selectors >> 4], ac: ac[selectors & 15] }
  })
  if (new Set(components.map(({ index }) => index)).size < count) throw new CorruptImage("A scan has a color twice.")
  const [spectralStart = 0, spectralEnd = 0, approximation = 0] = segment.subarray(1 + count * 2)
  const scan = { components, spectralStart, spectralEnd, high: approximation >> 4, low: approximation & 15, position }
  if (!frame.progressive) return { ...scan, spectralStart: 0, spectralEnd: 63, high: 0, low: 0 }
  if (
    spectralEnd > 63 ||
    spectralStart > spectralEnd ||
    scan.low > 13 ||
    (spectralStart === 0 && spectralEnd !== 0) ||
    (spectralStart > 0 && count > 1)
  ) {
    throw new CorruptImage("A scan has an impossible range.")
  }
  return scan
}
