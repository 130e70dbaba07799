import { checkSize } from "../../images/decode/check-size.ts"
import { createRowAverager, paddedLength } from "../../images/decode/row-averager.ts"
import { createRasterBuilder } from "../../images/decode/upright-raster.ts"
import { turnedSize } from "../../images/decode/upright.ts"
import type { RasterSource } from "../../images/engine/raster-source.ts"
import type { Size } from "../../images/image.ts"
import type { Memory } from "../../images/memory.ts"
import type { Raster } from "../../images/raster.ts"
import { CorruptImage } from "../../ports/image-engine.ts"
import type { DecodedPicture } from "./photon-instance.ts"
import { openPhoton } from "./photon-instance.ts"

/** Of wasm memory for each pixel, measured with photos as WebP: pixels as decoded, as RGBA, and a copy of those. */
const bytesPerPixel = 13
/** The module's own memory, and what the compressed bytes take again in it. */
const fixedBytes = 3_000_000

const reads = ["webp", "gif", "png", "jpeg"]
const maxPixels = 4_000_000

/**
 * Photon decodes what our own reader does not: WebP and GIF. One instance per picture, dropped afterwards, since each
 * error in it leaks its input and in the end kills the instance; and nothing but decoding, because its own resize takes as
 * much memory again and knows neither EXIF orientation nor alpha.
 *
 * `module` is the default export of `@cf-wasm/photon/photon.wasm`.
 */
export const createPhotonSource = (module: WebAssembly.Module): RasterSource => ({
  name: "photon",
  predict: ({ bytes, header }, target) => {
    if (!reads.includes(header.format)) return { obstacle: `does not read ${header.format.toUpperCase()}` }
    const pixels = header.widthPx * header.heightPx
    if (pixels > maxPixels) {
      return { obstacle: `holds ${maxPixels / 1_000_000} megapixels, not ${header.widthPx} × ${header.heightPx} px` }
    }
    // 16 bits take twice as much.
    const perPixel = bytesPerPixel * (header.bitDepth > 8 ? 2 : 1)
    return { peakBytes: fixedBytes + bytes.length + pixels * perPixel + target.widthPx * target.heightPx * 3 }
  },
  // async, so that a trap rejects instead of throwing.
  read: async ({ bytes, header }, target, { memory }) => {
    const photon = openPhoton(module)
    try {
      const decoded = decode(() => photon.decode(bytes))
      checkSize(decoded, header)
      return toRaster(decoded, turnedSize(target, header.orientation), header.orientation, memory)
    } finally {
      memory.claim(photon.memory.buffer.byteLength)
    }
  },
})

/** Photon has no errors: what it cannot decode ends in a trap, whatever the cause. */
const decode = <T>(work: () => T): T => {
  try {
    return work()
  } catch (cause) {
    if (!(cause instanceof WebAssembly.RuntimeError)) throw cause
    throw new CorruptImage("Photon could not decode the picture.", { cause })
  }
}

const toRaster = (decoded: DecodedPicture, stored: Size, orientation: number, memory: Memory): Raster => {
  const { sink, finish } = createRasterBuilder(stored, orientation, memory)
  const averager = createRowAverager({
    rowPx: decoded.widthPx,
    span: decoded,
    target: stored,
    channels: 3,
    memory,
    onRow: sink,
  })
  const flat = memory.allocate(Uint8Array, paddedLength(decoded.widthPx * 3))
  for (let y = 0; y < decoded.heightPx; y++) {
    flattenRow(decoded, y, flat)
    averager.push(flat, 0)
  }
  const raster = finish()
  if (raster === undefined) throw new CorruptImage("Rows are missing.")
  return raster
}

/** On white, before the mean is taken: the color under transparent pixels would otherwise bleed into the edges. */
const flattenRow = ({ rgba, widthPx }: DecodedPicture, y: number, flat: Uint8Array): void => {
  let from = y * widthPx * 4
  for (let to = 0; to < widthPx * 3; to += 3, from += 4) {
    const alpha = rgba[from + 3]! / 255
    const white = 255.5 - 255 * alpha
    flat[to] = rgba[from]! * alpha + white
    flat[to + 1] = rgba[from + 1]! * alpha + white
    flat[to + 2] = rgba[from + 2]! * alpha + white
  }
}
