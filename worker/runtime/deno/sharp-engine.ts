import sharp from "sharp"
import type { Sharp } from "sharp"
import { encodePalettePng } from "../../images/encode/encode-palette-png.ts"
import type { Encoders } from "../../images/encode/encode-smallest.ts"
import { encodeSmallest } from "../../images/encode/encode-smallest.ts"
import type { ImageFormat } from "../../images/image.ts"
import { uprightSize } from "../../images/image.ts"
import { createMemory } from "../../images/memory.ts"
import type { Raster } from "../../images/raster.ts"
import type { EncodedImage, ImageEngine, ImageJob } from "../../ports/image-engine.ts"
import { CorruptImage } from "../../ports/image-engine.ts"

const maxPixels = 100_000_000
/** HEIC is missing because the packaged libheif comes without its codec. */
const reads: readonly ImageFormat[] = ["png", "jpeg", "webp", "gif", "avif"]

/** The engine of Deno and Node: sharp decodes, resizes and writes lossy formats; palettes are chosen as in a Worker. */
export const createSharpEngine = (): ImageEngine => ({
  choose: ({ header }) =>
    reads.includes(header.format)
      ? { engine: "sharp", why: "reads it in native code, outside the heap" }
      : { obstacle: `sharp does not read ${header.format.toUpperCase()} here`, cure: "Send it as JPEG or PNG." },
  transform: async (job) => transform(job),
})

const transform = async (job: ImageJob): Promise<EncodedImage> => encodeSmallest(await read(job), job, encoders)

const encoders: Encoders = {
  png: (raster, { colors }) => encodePalettePng(raster, createMemory(), colors),
  jpeg: async (raster, { quality }) => toBytes(await asSharp(raster).jpeg({ quality }).toBuffer()),
  webp: async (raster, { quality }) => toBytes(await asSharp(raster).webp({ quality }).toBuffer()),
}

/** A copy: sharp's buffers may be parts of a larger one. */
const toBytes = (buffer: Uint8Array): Uint8Array<ArrayBuffer> => new Uint8Array(buffer)

const asSharp = ({ pixels, widthPx, heightPx, channels }: Raster): Sharp => {
  const picture = sharp(pixels, { raw: { width: widthPx, height: heightPx, channels } })
  return channels === 1 ? picture.toColourspace("b-w") : picture
}

const read = async ({ bytes, header, target }: ImageJob): Promise<Raster> => {
  try {
    const picture = sharp(bytes, { failOn: "error", limitInputPixels: maxPixels })
    const { width, height, channels } = await picture.metadata()
    const expected = turnsItself(header.format) ? uprightSize(header) : header
    if (width !== expected.widthPx || height !== expected.heightPx) {
      throw new CorruptImage(
        `The header says ${expected.widthPx} × ${expected.heightPx} px, the pixels are ${width} × ${height}.`,
      )
    }
    const upright = turnsItself(header.format) ? picture : turn(picture, header.orientation)
    const sized = upright.flatten({ background: "#fff" }).resize(target.widthPx, target.heightPx, { fit: "fill" })
    const isGray = channels <= 2
    const pixels = await sized
      .toColourspace(isGray ? "b-w" : "srgb")
      .raw({ depth: "uchar" })
      .toBuffer()
    return { ...target, channels: isGray ? 1 : 3, pixels: toBytes(pixels) }
  } catch (error) {
    if (error instanceof CorruptImage) throw error
    throw new CorruptImage("Sharp could not decode the picture.", { cause: error })
  }
}

/** The container's own rotation is part of decoding, unlike EXIF's. */
export const turnsItself = (format: ImageFormat): boolean => format === "avif" || format === "heic"

/**
 * By the header's orientation rather than by sharp's own reading of it, since the target was planned with that. Sharp
 * mirrors first and turns afterwards, in whatever order it is told.
 */
export const turn = (picture: Sharp, orientation: number): Sharp => {
  switch (orientation) {
    case 2:
      return picture.flop()
    case 3:
      return picture.rotate(180)
    case 4:
      return picture.flip()
    case 5:
      return picture.rotate(90).flip()
    case 6:
      return picture.rotate(90)
    case 7:
      return picture.rotate(90).flop()
    case 8:
      return picture.rotate(270)
    default:
      return picture
  }
}
