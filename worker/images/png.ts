import { exifOrientation } from "./exif.ts"
import type { ImageHeader } from "./image.ts"
import type { HeaderFault, HeaderParser } from "./header-parser.ts"
import { fourLetters, orTruncated, startsWith } from "./read-bytes.ts"

const maxChunks = 512

/** The bit depths that each color type may have (PNG specification, table 11.1). */
const bitDepths: Readonly<Record<number, readonly number[]>> = {
  0: [1, 2, 4, 8, 16],
  2: [8, 16],
  3: [1, 2, 4, 8],
  4: [8, 16],
  6: [8, 16],
}

export const parsePng: HeaderParser = (view) =>
  startsWith(view, 0, "\x89PNG\r\n\x1a\n") ? orTruncated("png", () => parse(view)) : undefined

const parse = (view: DataView): ImageHeader | HeaderFault => {
  if (view.getUint32(8) !== 13 || fourLetters(view, 12) !== "IHDR") return fault("does not begin with IHDR")
  const widthPx = view.getUint32(16)
  const heightPx = view.getUint32(20)
  const bitDepth = view.getUint8(24)
  const colorType = view.getUint8(25)
  const interlace = view.getUint8(28)
  if (widthPx === 0 || heightPx === 0 || widthPx > 0x7fffffff || heightPx > 0x7fffffff) {
    return fault(`states the size ${widthPx} × ${heightPx} px`)
  }
  if (bitDepths[colorType]?.includes(bitDepth) !== true) {
    return fault(`states color type ${colorType} with bit depth ${bitDepth}, which PNG does not have`)
  }
  if (view.getUint8(26) !== 0 || view.getUint8(27) !== 0 || interlace > 1) {
    return fault("states an unknown compression, filter or interlace method")
  }
  const { transparency, frames, orientation } = ancillary(view, 33)
  const hasAlpha = colorType === 4 || colorType === 6 || transparency
  return { format: "png", widthPx, heightPx, bitDepth, hasAlpha, frames, progressive: interlace === 1, orientation }
}

interface Ancillary {
  readonly transparency: boolean
  readonly frames: number
  readonly orientation: number
}

/** What the chunks before the pixels add: transparency (tRNS), animation (acTL), orientation (eXIf). */
const ancillary = (view: DataView, start: number): Ancillary => {
  let [transparency, frames, orientation] = [false, 1, 1]
  let at = start
  for (let chunk = 0; chunk < maxChunks; chunk++) {
    const length = view.getUint32(at)
    const name = fourLetters(view, at + 4)
    if (name === "IDAT" || name === "IEND") break
    if (name === "tRNS") transparency = true
    if (name === "acTL") frames = Math.max(1, view.getUint32(at + 8))
    if (name === "eXIf") orientation = exifOrientation(view, at + 8, at + 8 + length)
    at += 12 + length
  }
  return { transparency, frames, orientation }
}

const fault = (what: string): HeaderFault => ({ format: "png", fault: what })
