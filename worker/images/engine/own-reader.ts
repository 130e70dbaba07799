import { inTurns } from "../decode/in-turns.ts"
import { UnsupportedJpeg } from "../decode/jpeg/unsupported-jpeg.ts"
import { predictReaderBytes } from "../decode/predict-memory.ts"
import { isReadable, readPicture } from "../decode/read-picture.ts"
import type { RasterSource } from "./raster-source.ts"
import { CorruptImage } from "../../ports/image-engine.ts"

/** Our own streaming reader of JPEG and PNG: a few rows at a time, whatever the size of the picture. */
export const ownReader: RasterSource = {
  name: "voltgate",
  predict: ({ bytes, header }, target) => {
    if (!isReadable(header)) return { obstacle: `does not read ${header.format.toUpperCase()}` }
    try {
      return { peakBytes: predictReaderBytes(bytes, header, target) }
    } catch (error) {
      if (error instanceof UnsupportedJpeg) return { obstacle: `does not read this JPEG: ${error.message}` }
      // Reading it will say what is wrong; it takes no memory before that.
      if (error instanceof CorruptImage) return { peakBytes: 0 }
      throw error
    }
  },
  read: async ({ bytes, header }, target, { memory, pause }) => {
    if (!isReadable(header)) throw new Error(`${header.format} is not read here.`)
    return inTurns(readPicture({ bytes, header, target, memory }), pause)
  },
}
