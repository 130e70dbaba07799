import type { ImageFormat } from "../image.ts"
import type { Raster } from "../raster.ts"
import type { EncodedImage, ImageJob } from "../../ports/image-engine.ts"
import { mostColors } from "./encode-palette-png.ts"
import { isLineArt } from "./is-line-art.ts"

/** Formats that pictures are sent in. */
export type WrittenFormat = Extract<ImageFormat, "png" | "jpeg" | "webp">

/** How much of a picture is kept: a palette PNG obeys the colors, the lossy formats the quality. */
export interface Fineness {
  /** 1 to 100. */
  readonly quality: number
  readonly colors: number
}

/** How this host writes each format; the PNG has a palette of few colors, the others are lossy. */
export type Encoders = Readonly<
  Partial<Record<WrittenFormat, (raster: Raster, fineness: Fineness) => Promise<Uint8Array<ArrayBuffer>>>>
>

/** What came in with so few bytes holds hardly more than these keep: tried in turn while the result is larger than the input. */
const coarser: readonly Fineness[] = [
  { quality: 70, colors: 8 },
  { quality: 55, colors: 4 },
]
/** Below this the frame of a format weighs more than its pixels, and nobody waits for either. */
const worthCoarserBytes = 4_096

/** A drawing takes far less than this as a palette PNG; grain, as on a scan, takes more, and then a lossy format may win. */
const drawingBitsPerPixel = 0.5

/**
 * Writes a picture in the format that makes it smallest, among those that are taken and that suit it: few colors for line
 * art, whose edges JPEG would smear, and lossy formats for everything else. Where even that is larger than what came in, it
 * is written more coarsely.
 */
export const encodeSmallest = async (
  raster: Raster,
  { formats, quality, bytes }: Pick<ImageJob, "formats" | "quality" | "bytes">,
  encoders: Encoders,
): Promise<EncodedImage> => {
  const tried: Tried[] = []
  const more = bytes.length < worthCoarserBytes ? [] : coarser.filter((step) => step.quality < quality)
  const steps = [{ quality, colors: mostColors }, ...more]
  for (const fineness of steps) {
    tried.push(...(await writeOnce(raster, fineness, { formats, mostBytes: bytes.length }, encoders)))
    if (tried.some((each) => each.bytes.length <= bytes.length)) break
  }
  const [smallest] = tried.toSorted((a, b) => a.bytes.length - b.bytes.length)
  if (smallest === undefined) throw new Error("There is no encoder for any format that is taken.")
  return { ...smallest, considered: tried.map((each) => ({ format: each.format, sizeBytes: each.bytes.length })) }
}

interface Tried {
  readonly format: WrittenFormat
  readonly bytes: Uint8Array<ArrayBuffer>
}

const writeOnce = async (
  raster: Raster,
  fineness: Fineness,
  { formats, mostBytes }: { readonly formats: ImageJob["formats"]; readonly mostBytes: number },
  encoders: Encoders,
): Promise<readonly Tried[]> => {
  const tried: Tried[] = []
  const attempt = async (format: WrittenFormat): Promise<void> => {
    const encode = encoders[format]
    if (encode !== undefined && formats.includes(format)) tried.push({ format, bytes: await encode(raster, fineness) })
  }
  if (isLineArt(raster)) {
    await attempt("png")
    const most = Math.min(mostBytes, (raster.widthPx * raster.heightPx * drawingBitsPerPixel) / 8)
    if (tried[0] !== undefined && tried[0].bytes.length <= most) return tried
  }
  await attempt("jpeg")
  await attempt("webp")
  if (tried.length === 0) await attempt("png")
  return tried
}
