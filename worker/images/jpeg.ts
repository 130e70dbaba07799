import { exifOrientation } from "./exif.ts"
import type { ImageHeader } from "./image.ts"
import type { HeaderFault, HeaderParser } from "./header-parser.ts"
import { orTruncated, startsWith } from "./read-bytes.ts"

const maxSegments = 1_000
const maxFillBytes = 1_000

const startOfScan = 0xda
const endOfImage = 0xd9
const app1 = 0xe1

/** SOF0 to SOF15 without DHT (C4), JPG (C8) and DAC (CC), which share their range. */
const isFrame = (marker: number): boolean =>
  marker >= 0xc0 && marker <= 0xcf && marker !== 0xc4 && marker !== 0xc8 && marker !== 0xcc

/** SOF2, 6, 10 and 14 are the progressive ones. */
const isProgressive = (marker: number): boolean => (marker & 3) === 2

/** Markers that stand alone: TEM and the restart markers. */
const hasNoLength = (marker: number): boolean => marker === 0x01 || (marker >= 0xd0 && marker <= 0xd8)

export const parseJpeg: HeaderParser = (view) =>
  startsWith(view, 0, "\xff\xd8\xff") ? orTruncated("jpeg", () => parse(view)) : undefined

const parse = (view: DataView): ImageHeader | HeaderFault => {
  let frame: ImageHeader | undefined
  let orientation = 1
  let fillBytes = 0
  let at = 2
  for (let segment = 0; segment < maxSegments; segment++) {
    if (view.getUint8(at) !== 0xff) return fault(`has no marker at byte ${at}`)
    while (view.getUint8(at + 1) === 0xff) {
      if (++fillBytes > maxFillBytes) return fault("holds nothing but fill bytes")
      at++
    }
    const marker = view.getUint8(at + 1)
    at += 2
    if (hasNoLength(marker)) continue
    if (marker === startOfScan || marker === endOfImage) break
    const length = view.getUint16(at)
    if (length < 2) return fault(`has a segment of ${length} bytes at byte ${at}`)
    if (isFrame(marker)) {
      // A decoder may allocate for the second one, so a small first size would hide a large picture from our limits.
      if (frame !== undefined) return fault("states its size twice")
      frame = readFrame(view, at, marker)
      const { widthPx, heightPx, bitDepth } = frame
      if (widthPx === 0 || heightPx === 0) return fault(`states the size ${widthPx} × ${heightPx} px`)
      if (bitDepth < 2 || bitDepth > 16) return fault(`states a depth of ${bitDepth} bits, which JPEG does not have`)
    }
    if (marker === app1 && startsWith(view, at + 2, "Exif\0\0"))
      orientation = exifOrientation(view, at + 8, at + length)
    at += length
  }
  return frame === undefined ? fault("states no size") : { ...frame, orientation }
}

const readFrame = (view: DataView, at: number, marker: number): ImageHeader => ({
  format: "jpeg",
  widthPx: view.getUint16(at + 5),
  heightPx: view.getUint16(at + 3),
  bitDepth: view.getUint8(at + 2),
  hasAlpha: false,
  frames: 1,
  progressive: isProgressive(marker),
  orientation: 1,
  ...(view.getUint8(at + 7) === 4 ? { cmyk: true } : {}),
})

const fault = (what: string): HeaderFault => ({ format: "jpeg", fault: what })
