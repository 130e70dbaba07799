import sharp from "sharp"
import { uprightSize } from "../../images/image.ts"
import { CorruptImage } from "../../ports/image-engine.ts"
import type { PictureReader } from "../../ports/picture-reader.ts"
import { turn, turnsItself } from "./sharp-engine.ts"

/** Sharp shrinks as it reads, in the memory of its own threads. */
const maxPixels = 100_000_000

/** Decodes pictures on Deno and Node. */
export const createSharpReader = (): PictureReader => ({
  name: "sharp",
  canRead: ({ header }) => header.format !== "heic" && header.widthPx * header.heightPx <= maxPixels,
  read: async ({ bytes, header }, target) => {
    try {
      const picture = sharp(bytes, { failOn: "error", limitInputPixels: maxPixels })
      const upright = turnsItself(header.format) ? picture : turn(picture, header.orientation)
      const flat = upright.flatten({ background: "#fff" }).toColourspace("srgb").removeAlpha()
      const { widthPx, heightPx } = uprightSize(header)
      const isWhole = target.widthPx === widthPx && target.heightPx === heightPx
      const sized = isWhole ? flat : flat.resize(target.widthPx, target.heightPx, { fit: "fill" })
      const { data, info } = await sized.raw().toBuffer({ resolveWithObject: true })
      if (info.width !== target.widthPx || info.height !== target.heightPx) {
        throw new CorruptImage(
          `The header says ${widthPx} × ${heightPx} px, the pixels are ${info.width} × ${info.height}.`,
        )
      }
      return { ...target, channels: 3, pixels: new Uint8Array(data) }
    } catch (error) {
      if (error instanceof CorruptImage) throw error
      throw new CorruptImage("Sharp could not decode the picture.", { cause: error })
    }
  },
})
