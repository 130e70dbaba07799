import { GatewayError } from "../errors.ts"
import type { ReceivedImage } from "./image.ts"
import { parseHeader } from "./parse-header.ts"

/** What we take in at all, whoever will look at it; checked before anything is decoded. */
export const imageLimits: { readonly sizeBytes: number; readonly edgePx: number; readonly pixels: number } = {
  sizeBytes: 20_000_000,
  edgePx: 12_000,
  pixels: 100_000_000,
}

/** How an error names a picture: its place in the request. */
export const imagePath = (index: number): string => `images[${index}]`

/**
 * A picture that may be worked on: its header is readable and within the limits. Refuses with `image_missing`,
 * `image_too_large`, `image_unsupported_type` or `image_corrupt`, naming the picture and what was measured.
 */
export const receiveImage = (index: number, bytes: Uint8Array<ArrayBuffer>): ReceivedImage => {
  const path = imagePath(index)
  if (bytes.length === 0) throw new GatewayError("image_missing", `${path} is empty.`)
  if (bytes.length > imageLimits.sizeBytes) {
    throw new GatewayError(
      "image_too_large",
      `${path} has ${inMegabytes(bytes.length)} MB; the limit is ${inMegabytes(imageLimits.sizeBytes)} MB. Send it smaller or compressed.`,
    )
  }
  const header = parseHeader(bytes)
  if (header === undefined) {
    throw new GatewayError(
      "image_unsupported_type",
      `${path} is no picture that we know: it begins with ${firstBytes(bytes)}. Send PNG, JPEG, WebP, GIF, AVIF or HEIC.`,
    )
  }
  if ("fault" in header) {
    throw new GatewayError(
      "image_corrupt",
      `${path} is damaged: its ${header.format.toUpperCase()} header ${header.fault}.`,
    )
  }
  const { widthPx, heightPx } = header
  if (widthPx > imageLimits.edgePx || heightPx > imageLimits.edgePx || widthPx * heightPx > imageLimits.pixels) {
    throw new GatewayError(
      "image_too_large",
      `${path} is ${widthPx} × ${heightPx} px (${inMegabytes(widthPx * heightPx)} megapixels); ` +
        `the limits are ${imageLimits.edgePx} px a side and ${inMegabytes(imageLimits.pixels)} megapixels. Scale it down.`,
    )
  }
  return { index, bytes, header }
}

/** Millions with at most two places, rounded up so that a refused size never reads like an allowed one. */
const inMegabytes = (count: number): number => Math.ceil(count / 10_000) / 100

const firstBytes = (bytes: Uint8Array): string =>
  Array.from(bytes.subarray(0, 8), (byte) => byte.toString(16).padStart(2, "0")).join(" ")
