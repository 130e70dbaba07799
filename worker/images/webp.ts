import { exifOrientation } from "./exif.ts"
import type { ImageHeader, Size } from "./image.ts"
import type { HeaderFault, HeaderParser } from "./header-parser.ts"
import { fourLetters, orTruncated, startsWith } from "./read-bytes.ts"

const maxChunks = 1_000

export const parseWebp: HeaderParser = (view) =>
  startsWith(view, 0, "RIFF") && startsWith(view, 8, "WEBP") ? orTruncated("webp", () => parse(view)) : undefined

const parse = (view: DataView): ImageHeader | HeaderFault => {
  if (view.getUint32(4, true) + 8 > view.byteLength) return fault("ends too early: the file was cut off")
  if (fourLetters(view, 12) === "VP8X") return parseExtended(view)
  const bitstream = readBitstream(view, 12)
  if (bitstream === undefined) return fault("holds no VP8 picture")
  return header(bitstream, bitstream.hasAlpha, 1, 1)
}

interface Bitstream extends Size {
  readonly hasAlpha: boolean
}

/** The size in a `VP8 ` (lossy) or `VP8L` (lossless) chunk; `undefined` when the chunk is neither, or broken. */
const readBitstream = (view: DataView, chunk: number): Bitstream | undefined => {
  const name = fourLetters(view, chunk)
  const at = chunk + 8
  if (name === "VP8 ") {
    const isKeyFrame = (view.getUint8(at) & 1) === 0
    if (!isKeyFrame || !startsWith(view, at + 3, "\x9d\x01\x2a")) return undefined
    const widthPx = view.getUint16(at + 6, true) & 0x3fff
    const heightPx = view.getUint16(at + 8, true) & 0x3fff
    return widthPx === 0 || heightPx === 0 ? undefined : { widthPx, heightPx, hasAlpha: false }
  }
  if (name === "VP8L" && view.getUint8(at) === 0x2f) {
    const bits = view.getUint32(at + 1, true)
    return { widthPx: (bits & 0x3fff) + 1, heightPx: ((bits >>> 14) & 0x3fff) + 1, hasAlpha: ((bits >>> 28) & 1) === 1 }
  }
  return undefined
}

const alphaFlag = 0x10
const exifFlag = 0x08
const animationFlag = 0x02

const parseExtended = (view: DataView): ImageHeader | HeaderFault => {
  const flags = view.getUint8(20)
  const canvas: Size = { widthPx: readUint24(view, 24) + 1, heightPx: readUint24(view, 27) + 1 }
  let frames = 0
  let orientation = 1
  let at = 12
  for (let chunk = 0; chunk < maxChunks && at + 8 <= view.byteLength; chunk++) {
    const name = fourLetters(view, at)
    const length = view.getUint32(at + 4, true)
    if (name === "ANMF" || name === "VP8 " || name === "VP8L") {
      const size = name === "ANMF" ? readAnimationFrame(view, at) : readBitstream(view, at)
      if (size === undefined) return fault("holds a broken picture")
      // A decoder may allocate for the picture inside before it compares the sizes, past our limits on the outer one.
      if (name === "ANMF" ? exceeds(size, canvas) : differs(size, canvas)) return fault("states two different sizes")
      frames++
    }
    if (name === "EXIF" && (flags & exifFlag) !== 0) {
      const start = at + 8 + (startsWith(view, at + 8, "Exif\0\0") ? 6 : 0)
      orientation = exifOrientation(view, start, at + 8 + length)
    }
    at += 8 + length + (length & 1)
  }
  if (frames === 0) return fault("holds no picture")
  const animated = (flags & animationFlag) !== 0 && frames > 1
  return header(canvas, (flags & alphaFlag) !== 0, animated ? frames : 1, orientation)
}

/** The size of one animation frame, if the picture inside it has the very same. */
const readAnimationFrame = (view: DataView, chunk: number): Size | undefined => {
  const size: Size = { widthPx: readUint24(view, chunk + 14) + 1, heightPx: readUint24(view, chunk + 17) + 1 }
  const first = chunk + 24
  const hasAlphaChunk = fourLetters(view, first) === "ALPH"
  const length = view.getUint32(first + 4, true)
  const inner = readBitstream(view, hasAlphaChunk ? first + 8 + length + (length & 1) : first)
  return inner === undefined || differs(inner, size) ? undefined : size
}

const differs = (a: Size, b: Size): boolean => a.widthPx !== b.widthPx || a.heightPx !== b.heightPx
const exceeds = (a: Size, b: Size): boolean => a.widthPx > b.widthPx || a.heightPx > b.heightPx

const readUint24 = (view: DataView, at: number): number => view.getUint16(at, true) | (view.getUint8(at + 2) << 16)

const header = ({ widthPx, heightPx }: Size, hasAlpha: boolean, frames: number, orientation: number): ImageHeader => ({
  format: "webp",
  widthPx,
  heightPx,
  bitDepth: 8,
  hasAlpha,
  frames,
  progressive: false,
  orientation,
})

const fault = (what: string): HeaderFault => ({ format: "webp", fault: what })
