import type { Memory } from "../memory.ts"
import { zigzag } from "../decode/jpeg/zigzag.ts"
import type { Raster } from "../raster.ts"
import type { ByteWriter } from "./byte-writer.ts"
import { createByteWriter } from "./byte-writer.ts"
import { aanFactors, forwardDct } from "./forward-dct.ts"
import type { JpegBits } from "./jpeg-bits.ts"
import { codesOf, createJpegBits } from "./jpeg-bits.ts"
import type { CodeTable } from "./jpeg-tables.ts"
import { chromaAc, chromaDc, chromaQuantizer, lumaAc, lumaDc, lumaQuantizer } from "./jpeg-tables.ts"
import { createMcuRow } from "./mcu-row.ts"

/**
 * Writes a baseline JPEG: gray with one component, color with chroma at half the size both ways. `quality` from 1 to 100
 * means what it does in libjpeg. Yields the number of pixels done since the last time.
 */
export function* encodeJpeg(
  raster: Raster,
  quality: number,
  memory: Memory,
): Generator<number, Uint8Array<ArrayBuffer>> {
  const { widthPx, heightPx, channels } = raster
  const isGray = channels === 1
  const luma = createPart(lumaQuantizer, quality, lumaDc, lumaAc)
  const chroma = createPart(chromaQuantizer, quality, chromaDc, chromaAc)
  const writer = createByteWriter(memory, 4_096 + (widthPx * heightPx) / 5)
  writeHeaders(writer, raster, luma, chroma)
  const bits = createJpegBits(writer)
  const mcuPx = isGray ? 8 : 16
  const mcuRow = createMcuRow(raster, mcuPx, memory)
  const block = new Float32Array(64)
  const quantized = new Int16Array(64)
  const predictions = new Int32Array(3)

  const writeBlock = (part: Part, component: number): void => {
    forwardDct(block)
    quantize(block, part.scales, quantized)
    const mean = quantized[0]!
    quantized[0] = mean - predictions[component]!
    predictions[component] = mean
    bits.block(quantized, part.dcCodes, part.acCodes)
  }

  for (let top = 0; top < heightPx; top += mcuPx) {
    mcuRow.fill(top)
    for (let left = 0; left < mcuRow.widthPx; left += mcuPx) {
      for (let y = 0; y < mcuPx; y += 8) {
        for (let x = 0; x < mcuPx; x += 8) {
          mcuRow.takeLuma(left + x, y, block)
          writeBlock(luma, 0)
        }
      }
      if (isGray) continue
      for (const component of [1, 2] as const) {
        mcuRow.takeChroma(component, left >> 1, block)
        writeBlock(chroma, component)
      }
    }
    yield widthPx * mcuPx
  }
  finish(bits, writer)
  return writer.finish()
}

/** What luma and chroma have of their own. */
interface Part {
  readonly quantizer: Uint8Array
  /** What a transformed coefficient is multiplied with, at its place in the block. */
  readonly scales: Float32Array
  readonly dcTable: CodeTable
  readonly acTable: CodeTable
  readonly dcCodes: Int32Array
  readonly acCodes: Int32Array
}

const createPart = (suggested: readonly number[], quality: number, dcTable: CodeTable, acTable: CodeTable): Part => {
  const percent = quality < 50 ? 5_000 / quality : 200 - 2 * quality
  const quantizer = Uint8Array.from(suggested, (step) =>
    Math.min(255, Math.max(1, Math.floor((step * percent + 50) / 100))),
  )
  const scales = new Float32Array(64)
  for (let k = 0; k < 64; k++) {
    const place = zigzag[k] ?? 0
    scales[k] = 1 / ((quantizer[k] ?? 1) * 8 * (aanFactors[place >> 3] ?? 1) * (aanFactors[place & 7] ?? 1))
  }
  return { quantizer, scales, dcTable, acTable, dcCodes: codesOf(dcTable), acCodes: codesOf(acTable) }
}

const places = Uint8Array.from(zigzag)

const quantize = (block: Float32Array, scales: Float32Array, quantized: Int16Array): void => {
  for (let k = 0; k < 64; k++) {
    const value = block[places[k]!]! * scales[k]!
    quantized[k] = value < 0 ? value - 0.5 : value + 0.5
  }
}

const writeHeaders = (writer: ByteWriter, { widthPx, heightPx, channels }: Raster, luma: Part, chroma: Part): void => {
  const parts = channels === 1 ? [luma] : [luma, chroma]
  writer.put(0xff, 0xd8)
  // JFIF 1.1, with no statement about the size of a pixel.
  writer.put(0xff, 0xe0, 0, 16, 0x4a, 0x46, 0x49, 0x46, 0, 1, 1, 0, 0, 1, 0, 1, 0, 0)
  for (const [i, { quantizer }] of parts.entries()) writer.put(0xff, 0xdb, 0, 67, i, ...quantizer)
  writer.put(0xff, 0xc0, 0, 8 + 3 * channels, 8)
  writer.put16(heightPx)
  writer.put16(widthPx)
  writer.put(channels, 1, channels === 1 ? 0x11 : 0x22, 0)
  if (channels === 3) writer.put(2, 0x11, 1, 3, 0x11, 1)
  for (const [i, { dcTable, acTable }] of parts.entries()) {
    writeCodeTable(writer, i, dcTable)
    writeCodeTable(writer, 0x10 | i, acTable)
  }
  writer.put(0xff, 0xda, 0, 6 + 2 * channels, channels, 1, 0)
  if (channels === 3) writer.put(2, 0x11, 3, 0x11)
  writer.put(0, 63, 0)
}

const writeCodeTable = (writer: ByteWriter, kind: number, { counts, symbols }: CodeTable): void => {
  writer.put(0xff, 0xc4)
  writer.put16(19 + symbols.length)
  writer.put(kind, ...counts, ...symbols)
}

const finish = (bits: JpegBits, writer: ByteWriter): void => {
  bits.finish()
  writer.put(0xff, 0xd9)
}
