import type { ImageFormat, ImageHeader, ReceivedImage } from "./image.ts"

/** Headers of every format, byte by byte as their specifications have them, for tests; there are no pixels behind them. */

const ascii = (text: string): number[] => Array.from(text, (letter) => letter.charCodeAt(0))
const u16 = (value: number): number[] => [(value >> 8) & 255, value & 255]
const u32 = (value: number): number[] => [(value >>> 24) & 255, (value >>> 16) & 255, (value >>> 8) & 255, value & 255]
const little = (bytes: number[]): number[] => bytes.toReversed()
const bytesFrom = (...parts: readonly number[][]): Uint8Array<ArrayBuffer> => Uint8Array.from(parts.flat())

export const exifBlock = (orientation: number, byteOrder: "II" | "MM" = "MM"): number[] => {
  const order = (bytes: number[]): number[] => (byteOrder === "II" ? little(bytes) : bytes)
  const other = [...order(u16(0x010f)), ...order(u16(2)), ...order(u32(4)), ...ascii("acme")]
  const own = [...order(u16(0x0112)), ...order(u16(3)), ...order(u32(1)), ...order(u16(orientation)), 0, 0]
  return [...ascii(byteOrder), ...order(u16(42)), ...order(u32(8)), ...order(u16(2)), ...other, ...own, ...u32(0)]
}

export const chunk = (name: string, data: number[]): number[] => [
  ...u32(data.length),
  ...ascii(name),
  ...data,
  ...u32(0),
]

export interface PngOptions {
  readonly widthPx?: number
  readonly heightPx?: number
  readonly bitDepth?: number
  readonly colorType?: number
  readonly interlace?: number
  readonly extra?: number[]
}
export const png = ({
  widthPx = 640,
  heightPx = 480,
  bitDepth = 8,
  colorType = 2,
  interlace = 0,
  extra = [],
}: PngOptions = {}): Uint8Array<ArrayBuffer> => {
  const header = chunk("IHDR", [...u32(widthPx), ...u32(heightPx), bitDepth, colorType, 0, 0, interlace])
  return bytesFrom([0x89, ...ascii("PNG\r\n\x1a\n")], header, extra, chunk("IDAT", [1, 2, 3]), chunk("IEND", []))
}
export const animation = (frames: number): number[] => chunk("acTL", [...u32(frames), ...u32(0)])

export interface JpegOptions {
  readonly widthPx?: number
  readonly heightPx?: number
  readonly frameMarker?: number
  readonly components?: number
  readonly beforeFrame?: number[]
  readonly afterFrame?: number[]
}
export const segment = (marker: number, data: number[]): number[] => [0xff, marker, ...u16(data.length + 2), ...data]
export const jpegFrame = (marker: number, widthPx: number, heightPx: number, components = 3): number[] => {
  const parts = Array.from({ length: components }, (_, i) => [i + 1, 0x11, 0]).flat()
  return segment(marker, [8, ...u16(heightPx), ...u16(widthPx), components, ...parts])
}
export const jpeg = ({
  widthPx = 640,
  heightPx = 480,
  frameMarker = 0xc0,
  components = 3,
  beforeFrame = [],
  afterFrame = [],
}: JpegOptions = {}): Uint8Array<ArrayBuffer> => {
  const jfif = segment(0xe0, [...ascii("JFIF\0"), 1, 1, 0, 0, 1, 0, 1, 0, 0])
  const frame = jpegFrame(frameMarker, widthPx, heightPx, components)
  return bytesFrom(
    [0xff, 0xd8],
    jfif,
    beforeFrame,
    frame,
    afterFrame,
    segment(0xda, [1, 1, 0, 0, 63, 0]),
    [1, 2, 3, 0xff, 0xd9],
  )
}
export const jpegExif = (orientation: number, byteOrder: "II" | "MM"): number[] =>
  segment(0xe1, [...ascii("Exif\0\0"), ...exifBlock(orientation, byteOrder)])

const riffChunk = (name: string, data: number[]): number[] => {
  const padding = data.length % 2 === 1 ? [0] : []
  return [...ascii(name), ...little(u32(data.length)), ...data, ...padding]
}
const riff = (...chunks: readonly number[][]): Uint8Array<ArrayBuffer> => {
  const content = chunks.flat()
  return bytesFrom(ascii("RIFF"), little(u32(content.length + 4)), ascii("WEBP"), content)
}
const u24 = (value: number): number[] => little(u32(value)).slice(0, 3)
const vp8 = (widthPx: number, heightPx: number): number[] =>
  riffChunk("VP8 ", [0x10, 0, 0, 0x9d, 0x01, 0x2a, ...little(u16(widthPx)), ...little(u16(heightPx)), 0, 0])
const vp8l = (widthPx: number, heightPx: number, alpha: boolean): number[] =>
  riffChunk("VP8L", [
    0x2f,
    ...little(u32(((widthPx - 1) | ((heightPx - 1) << 14) | (alpha ? 1 << 28 : 0)) >>> 0)),
    0,
    0,
  ])
const vp8x = (flags: number, widthPx: number, heightPx: number): number[] =>
  riffChunk("VP8X", [flags, 0, 0, 0, ...u24(widthPx - 1), ...u24(heightPx - 1)])
const animationFrame = (widthPx: number, heightPx: number, innerWidthPx = widthPx): number[] =>
  riffChunk("ANMF", [
    ...u24(0),
    ...u24(0),
    ...u24(widthPx - 1),
    ...u24(heightPx - 1),
    ...u24(100),
    0,
    ...vp8(innerWidthPx, heightPx),
  ])

export const webp = {
  lossy: riff(vp8(640, 480)),
  lossless: riff(vp8l(640, 480, true)),
  extended: riff(vp8x(0x18, 640, 480), vp8(640, 480), riffChunk("EXIF", exifBlock(6, "II"))),
  animated: riff(
    vp8x(0x02, 640, 480),
    riffChunk("ANIM", [0, 0, 0, 0, 0, 0]),
    animationFrame(640, 480),
    animationFrame(10, 10),
  ),
  hidingSize: riff(vp8x(0, 640, 480), vp8(16_000, 16_000)),
  hidingFrame: riff(vp8x(0x02, 640, 480), animationFrame(640, 480, 16_000)),
} as const

export const gifFrame = (widthPx: number, heightPx: number, flags = 0): number[] => [
  0x2c,
  ...u16(0),
  ...u16(0),
  ...little(u16(widthPx)),
  ...little(u16(heightPx)),
  flags,
  // Code size, a block of three bytes, a block of two, the end.
  2,
  3,
  1,
  2,
  3,
  2,
  1,
  2,
  0,
]
const gifControl = (flags: number): number[] => [0x21, 0xf9, 4, flags, 0, 0, 0, 0]
export const gif = (...blocks: readonly number[][]): Uint8Array<ArrayBuffer> =>
  bytesFrom(ascii("GIF89a"), little(u16(640)), little(u16(480)), [0x80, 0, 0, 0, 0, 0, 255, 255, 255], ...blocks, [
    0x3b,
  ])
export const gifs = {
  still: gif(gifFrame(640, 480)),
  interlaced: gif(gifFrame(640, 480, 0x40)),
  transparent: gif(gifControl(1), gifFrame(640, 480)),
  animated: gif(gifControl(0), gifFrame(640, 480), gifControl(0), gifFrame(10, 10)),
  hidingFrame: gif(gifFrame(16_000, 480)),
} as const

const box = (name: string, ...content: readonly number[][]): number[] => {
  const data = content.flat()
  return [...u32(data.length + 8), ...ascii(name), ...data]
}
const size = (widthPx: number, heightPx: number): number[] => box("ispe", u32(0), u32(widthPx), u32(heightPx))
export interface IsobmffOptions {
  readonly brand?: string
  /** Side of the square that another item of the file has: a thumbnail, or a depth map. */
  readonly otherPx?: number
  /** Further property boxes of the primary item. */
  readonly properties?: readonly number[][]
}
export const isobmff = ({
  brand = "avif",
  otherPx = 160,
  properties = [],
}: IsobmffOptions = {}): Uint8Array<ArrayBuffer> => {
  const all = [size(otherPx, otherPx), size(640, 480), ...properties]
  const indexes = all.slice(1).map((_, i) => i + 2)
  const associations = box("ipma", u32(0), u32(2), u16(7), [1, 1], u16(1), [indexes.length, ...indexes])
  const meta = box("meta", u32(0), box("pitm", u32(0), u16(1)), box("iprp", box("ipco", ...all), associations))
  return bytesFrom(box("ftyp", ascii(brand), u32(0), ascii("mif1"), ascii(brand)), meta, box("mdat", [1, 2, 3]))
}
export const rotation = (quarterTurns: number): number[] => box("irot", [quarterTurns])
export const depth = (bits: number): number[] => box("pixi", u32(0), [3, bits, bits, bits])
export const alphaAuxiliary: number[] = box("auxC", u32(0), ascii("urn:mpeg:mpegB:cicp:systems:auxiliary:alpha\0"))

/** A picture with any header and as many bytes as asked for, for what never looks at the pixels. */
export const received = (
  header: Partial<ImageHeader> & { readonly format?: ImageFormat },
  sizeBytes = 1_000_000,
  index = 0,
): ReceivedImage => ({
  index,
  bytes: new Uint8Array(sizeBytes),
  header: {
    format: "jpeg",
    widthPx: 640,
    heightPx: 480,
    bitDepth: 8,
    hasAlpha: false,
    frames: 1,
    progressive: false,
    orientation: 1,
    ...header,
  },
})

/** A view that counts how often it is read, for what must give up in time. */
export const countingReads = (
  bytes: Uint8Array<ArrayBuffer>,
): { readonly view: DataView; readonly reads: () => number } => {
  let count = 0
  const view = new DataView(bytes.buffer)
  for (const name of ["getUint8", "getUint16", "getUint32"] as const) {
    const read = view[name].bind(view)
    Object.defineProperty(view, name, {
      value: (offset: number, littleEndian?: boolean): number => {
        count++
        return read(offset, littleEndian)
      },
    })
  }
  return { view, reads: () => count }
}

/** A seeded source of numbers below 1 (mulberry32), so that a failing case comes back. */
export const seeded = (seed: number): (() => number) => {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}
