import type { ImageFormat } from "../image.ts"
import type { Raster } from "../raster.ts"
import type { EncodedImage, ImageJob } from "../../ports/image-engine.ts"
import { isLineArt } from "./is-line-art.ts"

/** Formats that pictures are sent in. */
export type WrittenFormat = Extract<ImageFormat, "png" | "jpeg" | "webp">

/** How this host writes each format; the PNG has a palette of few colors, the others are lossy. */
export type Encoders = Readonly<
  Partial<Record<WrittenFormat, (raster: Raster, quality: number) => Promise<Uint8Array<ArrayBuffer>>>>
>

/** A drawing takes far less than this as a palette PNG; grain, as on a scan, takes more, and then a lossy format may win. */
const drawingBitsPerPixel = 0.5

/**
 * Writes a picture in the format that makes it smallest, among those that are taken and that suit it: few colors for line
 * art, whose edges JPEG would smear, and lossy formats for everything else.
 */
export const encodeSmallest = async (
  raster: Raster,
  { formats, quality, bytes }: Pick<ImageJob, "formats" | "quality" | "bytes">,
  encoders: Encoders,
): Promise<EncodedImage> => {
  const tried: { format: WrittenFormat; bytes: Uint8Array<ArrayBuffer> }[] = []
  const attempt = async (format: WrittenFormat): Promise<void> => {
    const encode = encoders[format]
    if (encode !== undefined && formats.includes(format)) tried.push({ format, bytes: await encode(raster, quality) })
  }
  if (isLineArt(raster)) {
    await attempt("png")
    const most = Math.min(bytes.length, (raster.widthPx * raster.heightPx * drawingBitsPerPixel) / 8)
    if (tried[0] !== undefined && tried[0].bytes.length <= most) return result(tried)
  }
  await attempt("jpeg")
  await attempt("webp")
  if (tried.length === 0) await attempt("png")
  return result(tried)
}

const result = (tried: readonly { format: WrittenFormat; bytes: Uint8Array<ArrayBuffer> }[]): EncodedImage => {
  const [smallest] = tried.toSorted((a, b) => a.bytes.length - b.bytes.length)
  if (smallest === undefined) throw new Error("There is no encoder for any format that is taken.")
  return { ...smallest, considered: tried.map(({ format, bytes }) => ({ format, sizeBytes: bytes.length })) }
}
