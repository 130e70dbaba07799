import sharp from "sharp"
import type { Sharp } from "sharp"
import type { ImageFormat } from "../../images/image.ts"
import { uprightSize } from "../../images/image.ts"
import type { ImageEngine, ImageJob } from "../../ports/image-engine.ts"
import { CorruptImage } from "../../ports/image-engine.ts"

const maxPixels = 100_000_000
const writes: readonly ImageFormat[] = ["png", "jpeg", "webp"]

/** The engine of Deno and Node. HEIC is missing because the packaged libheif comes without its codec. */
export const createSharpEngine = (): ImageEngine => ({
  name: "sharp",
  maxPixels,
  reads: ["png", "jpeg", "webp", "gif", "avif"],
  writes,
  transform,
})

const transform = async (job: ImageJob): Promise<Uint8Array<ArrayBuffer>> => {
  const { bytes, header, target, format, quality } = job
  if (!writes.includes(format)) throw new Error(`Sharp does not write ${format} here.`)
  try {
    const picture = sharp(bytes, { failOn: "error", limitInputPixels: maxPixels })
    const { width, height } = await picture.metadata()
    const expected = turnsItself(header.format) ? uprightSize(header) : header
    if (width !== expected.widthPx || height !== expected.heightPx) {
      throw new CorruptImage(
        `The header says ${expected.widthPx} × ${expected.heightPx} px, the pixels are ${width} × ${height}.`,
      )
    }
    const upright = turnsItself(header.format) ? picture : turn(picture, header.orientation)
    const sized = upright.flatten({ background: "#fff" }).resize(target.widthPx, target.heightPx, { fit: "fill" })
    return new Uint8Array(await encode(sized, format, quality).toBuffer())
  } catch (error) {
    if (error instanceof CorruptImage) throw error
    throw new CorruptImage("Sharp could not decode the picture.", { cause: error })
  }
}

/** The container's own rotation is part of decoding, unlike EXIF's. */
const turnsItself = (format: ImageFormat): boolean => format === "avif" || format === "heic"

/**
 * By the header's orientation rather than by sharp's own reading of it, since the target was planned with that. Sharp
 * mirrors first and turns afterwards, in whatever order it is told.
 */
const turn = (picture: Sharp, orientation: number): Sharp => {
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

const encode = (picture: Sharp, format: ImageFormat, quality: number): Sharp => {
  if (format === "png") return picture.png()
  return format === "webp" ? picture.webp({ quality }) : picture.jpeg({ quality })
}
