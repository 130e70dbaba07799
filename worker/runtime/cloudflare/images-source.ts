import { ownReader } from "../../images/engine/own-reader.ts"
import type { RasterHost, RasterSource } from "../../images/engine/raster-source.ts"
import type { ImageFormat, Size } from "../../images/image.ts"
import { parseHeader } from "../../images/parse-header.ts"
import type { EnginePicture } from "../../ports/image-engine.ts"
import { CorruptImage } from "../../ports/image-engine.ts"

const reads: readonly ImageFormat[] = ["jpeg", "png", "webp", "gif", "avif"]
/** The service's own limit. */
const maxPixels = 100_000_000
const waitMs = 10

/**
 * Cloudflare Images, for what the isolate cannot hold: it shrinks, and turns upright by EXIF itself; its PNG is then read
 * like any other, so alpha comes on white and formats are chosen as everywhere. The size asked for is exact, since the local
 * emulation knows few kinds of fitting.
 */
export const createImagesSource = (images: ImagesBinding): RasterSource => ({
  name: "cloudflare-images",
  predict: ({ header }, { widthPx, heightPx }) => {
    if (!reads.includes(header.format)) return { obstacle: `does not read ${header.format.toUpperCase()}` }
    if (header.widthPx * header.heightPx > maxPixels) return { obstacle: "takes at most 100 megapixels" }
    // The PNG that comes back, RGBA at worst, and what is read from it.
    return { peakBytes: widthPx * heightPx * 7 + 1_000_000 }
  },
  read: async (picture, target, host) => {
    const bytes = await pausingUntil(shrink(images, picture, target), host)
    host.memory.claim(bytes.length)
    const header = parseHeader(bytes)
    if (
      header === undefined ||
      "fault" in header ||
      header.widthPx !== target.widthPx ||
      header.heightPx !== target.heightPx
    ) {
      throw new Error(`Cloudflare Images gave no PNG of ${target.widthPx} × ${target.heightPx} px.`)
    }
    return ownReader.read({ bytes, header }, target, host)
  },
})

/** Who does not pause for long counts as gone, and waiting for the service may take long. */
const pausingUntil = async <T>(work: Promise<T>, { pause }: Pick<RasterHost, "pause">): Promise<T> => {
  for (;;) {
    const outcome = await Promise.race([work.then((value) => ({ value })), pause(waitMs)])
    if (outcome !== undefined) return outcome.value
  }
}

const shrink = async (
  images: ImagesBinding,
  { bytes }: EnginePicture,
  target: Size,
): Promise<Uint8Array<ArrayBuffer>> => {
  try {
    const result = await images
      .input(new Blob([bytes]).stream())
      .transform({ width: target.widthPx, height: target.heightPx, fit: "squeeze" })
      .output({ format: "image/png" })
    return new Uint8Array(await result.response().arrayBuffer())
  } catch (cause) {
    if (isUnreadable(cause)) throw new CorruptImage("Cloudflare Images could not decode the picture.", { cause })
    throw cause
  }
}

/** 9412: these bytes are no picture; 9520: of an unsupported kind. Other codes are the service's own trouble. */
const isUnreadable = (error: unknown): boolean =>
  error instanceof Error && "code" in error && (error.code === 9412 || error.code === 9520)
