import sharp from "sharp"
import { greyOf } from "../../images/identity/grey.ts"
import { uprightSize } from "../../images/image.ts"
import type { ReceivedImage } from "../../images/image.ts"
import type { Raster } from "../../images/raster.ts"
import { CorruptImage } from "../../ports/image-engine.ts"
import type { PictureReader } from "../../ports/picture-reader.ts"
import { turn, turnsItself } from "./sharp-engine.ts"

/** A decoded picture is held whole: 150 MB at this size. */
const maxPixels = 50_000_000

/** Decodes pictures on Deno and Node. */
export const createSharpReader = (): PictureReader => ({
  name: "sharp",
  canRead: ({ header }) => header.format !== "heic" && header.widthPx * header.heightPx <= maxPixels,
  read: async (picture, target) => {
    const whole = await decode(picture)
    const isWhole = target.widthPx === whole.widthPx && target.heightPx === whole.heightPx
    // Averaged by us: sharp's own filter rings at the edges of lines, differently for each size that a copy may have.
    return isWhole ? whole : { ...target, channels: 1, pixels: greyOf(whole, target).luma }
  },
})

const decode = async ({ bytes, header }: Pick<ReceivedImage, "bytes" | "header">): Promise<Raster> => {
  try {
    const picture = sharp(bytes, { failOn: "error", limitInputPixels: maxPixels })
    const upright = turnsItself(header.format) ? picture : turn(picture, header.orientation)
    const flat = upright.flatten({ background: "#fff" }).toColourspace("srgb").removeAlpha()
    const { data, info } = await flat.raw().toBuffer({ resolveWithObject: true })
    const { widthPx, heightPx } = uprightSize(header)
    if (info.width !== widthPx || info.height !== heightPx) {
      throw new CorruptImage(
        `The header says ${widthPx} × ${heightPx} px, the pixels are ${info.width} × ${info.height}.`,
      )
    }
    return { widthPx, heightPx, channels: 3, pixels: new Uint8Array(data) }
  } catch (error) {
    if (error instanceof CorruptImage) throw error
    throw new CorruptImage("Sharp could not decode the picture.", { cause: error })
  }
}
