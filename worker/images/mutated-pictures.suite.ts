import sharp from "sharp"
import type { Sharp } from "sharp"
import { depth, gifs, isobmff, jpeg, jpegExif, png, rotation, webp } from "./tiny-images.suite.ts"

/** Files as real encoders write them, and the tiny ones, for a parser to be fuzzed with. */

type Bytes = Uint8Array<ArrayBuffer>

const [width, height] = [60, 40]

const drawn = (channels: 3 | 4 = 3): Sharp => {
  const pixels = Uint8Array.from({ length: width * height * channels }, (_, i) => (i * 37) & 255)
  return sharp(pixels, { raw: { width, height, channels } })
}

const animation = async (): Promise<Sharp> => {
  const frames = await Promise.all([drawn(), drawn().negate()].map((frame) => frame.png().toBuffer()))
  return sharp(frames, { join: { animated: true } })
}

/** By what they are, from encoders in use. */
export const encodedPictures = async (): Promise<Readonly<Record<string, Bytes>>> => {
  const encoders: Readonly<Record<string, Sharp>> = {
    png: drawn().png(),
    "png alpha": drawn(4).png(),
    "png palette": drawn().png({ palette: true }),
    "png 16 bit": drawn().toColourspace("rgb16").png(),
    "png interlaced": drawn().png({ progressive: true }),
    "png exif": drawn().withMetadata({ orientation: 8 }).png(),
    "jpeg baseline": drawn().jpeg(),
    "jpeg progressive": drawn().jpeg({ progressive: true }),
    "jpeg gray": drawn().toColourspace("b-w").jpeg(),
    "jpeg cmyk": drawn().toColourspace("cmyk").jpeg(),
    "jpeg exif": drawn().withMetadata({ orientation: 6 }).jpeg(),
    "webp lossy": drawn().webp(),
    "webp lossless": drawn().webp({ lossless: true }),
    "webp alpha": drawn(4).webp(),
    "webp exif": drawn().withMetadata({ orientation: 3 }).webp(),
    "webp animated": (await animation()).webp(),
    gif: drawn().gif(),
    "gif animated": (await animation()).gif(),
    avif: drawn().avif({ effort: 0 }),
    "avif alpha": drawn(4).avif({ effort: 0 }),
    "avif 10 bit": drawn().avif({ effort: 0, bitdepth: 10 }),
  }
  const written = await Promise.all(
    Object.entries(encoders).map(async ([name, encoder]) => [name, new Uint8Array(await encoder.toBuffer())] as const),
  )
  return Object.fromEntries(written)
}

/** Those, and handmade ones for what no encoder at hand writes. */
export const originalPictures = async (): Promise<readonly Bytes[]> => [
  ...Object.values(await encodedPictures()),
  png({ bitDepth: 16, colorType: 6, interlace: 1 }),
  jpeg({ beforeFrame: jpegExif(6, "MM"), components: 4 }),
  webp.animated,
  webp.extended,
  gifs.interlaced,
  isobmff({ brand: "heic", properties: [rotation(3), depth(10)] }),
  isobmff({ brand: "avis" }),
]

/** One to six harms, as transfers, bugs and attackers do them; the same for the same random numbers. */
export const mutated = (original: Uint8Array, random: () => number): Bytes => {
  let bytes = Uint8Array.from(original)
  const below = (limit: number): number => Math.floor(random() * limit)
  for (let harm = 0; harm <= below(6); harm++) bytes = harms[below(harms.length)]?.(bytes, below) ?? bytes
  return bytes
}

type Harm = (bytes: Bytes, below: (limit: number) => number) => Bytes

/** Values at which lengths and counts go wrong. */
const extremes = [0, 1, 2, 0x7f, 0x80, 0xff, 0x7fff, 0xffff, 0x7fffffff, 0x80000000, 0xfffffffe, 0xffffffff]
/** Most of what a header parser reads stands here. */
const headBytes = 200

const harms: readonly Harm[] = [
  function changeByte(bytes, below) {
    if (bytes.length > 0) bytes[below(Math.min(bytes.length, headBytes))] = below(256)
    return bytes
  },
  function flipBit(bytes, below) {
    const at = below(bytes.length)
    if (bytes.length > 0) bytes[at] = (bytes[at] ?? 0) ^ (1 << below(8))
    return bytes
  },
  function writeExtreme(bytes, below) {
    const size = [2, 4][below(2)] ?? 4
    if (bytes.length < size) return bytes
    const view = new DataView(bytes.buffer)
    const at = below(Math.min(bytes.length, headBytes) - size + 1)
    const value = extremes[below(extremes.length)] ?? 0
    if (size === 2) view.setUint16(at, value & 0xffff, below(2) === 0)
    else view.setUint32(at, value, below(2) === 0)
    return bytes
  },
  function cutOff(bytes, below) {
    return bytes.slice(0, below(bytes.length + 1))
  },
  function repeatPart(bytes, below) {
    const [from, length] = [below(bytes.length), below(60)]
    const part = bytes.subarray(from, from + length)
    const times = 1 + below(40)
    return joined(bytes.subarray(0, from), ...Array.from({ length: times }, () => part), bytes.subarray(from))
  },
  function dropPart(bytes, below) {
    const from = below(bytes.length)
    return joined(bytes.subarray(0, from), bytes.subarray(from + below(60)))
  },
  function insertNoise(bytes, below) {
    const from = below(Math.min(bytes.length, headBytes))
    const noise = Uint8Array.from({ length: below(40) }, () => below(256))
    return joined(bytes.subarray(0, from), noise, bytes.subarray(from))
  },
]

const joined = (...parts: readonly Uint8Array[]): Bytes => {
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0))
  let at = 0
  for (const part of parts) {
    whole.set(part, at)
    at += part.length
  }
  return whole
}
