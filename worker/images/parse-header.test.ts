import { describe, expect, test } from "vitest"
import { parseGif } from "./gif.ts"
import { parseIsobmff } from "./isobmff.ts"
import { parseJpeg } from "./jpeg.ts"
import { parseHeader } from "./parse-header.ts"
import { parsePng } from "./png.ts"
import {
  alphaAuxiliary,
  animation,
  chunk,
  countingReads,
  depth,
  exifBlock,
  gif,
  gifFrame,
  gifs,
  isobmff,
  jpeg,
  jpegExif,
  jpegFrame,
  png,
  rotation,
  segment,
  webp,
} from "./tiny-images.suite.ts"
import { parseWebp } from "./webp.ts"

const plain = {
  widthPx: 640,
  heightPx: 480,
  bitDepth: 8,
  hasAlpha: false,
  frames: 1,
  progressive: false,
  orientation: 1,
}

const pictures = {
  "a PNG": [png(), { ...plain, format: "png" }],
  "an interlaced PNG of 16 bits with alpha": [
    png({ bitDepth: 16, colorType: 6, interlace: 1 }),
    { ...plain, format: "png", bitDepth: 16, hasAlpha: true, progressive: true },
  ],
  "a palette PNG with transparent colors": [
    png({ bitDepth: 4, colorType: 3, extra: [...chunk("PLTE", [0, 0, 0]), ...chunk("tRNS", [0])] }),
    { ...plain, format: "png", bitDepth: 4, hasAlpha: true },
  ],
  "an animated PNG": [png({ extra: animation(7) }), { ...plain, format: "png", frames: 7 }],
  "a PNG that lies on its side": [
    png({ extra: chunk("eXIf", exifBlock(8)) }),
    { ...plain, format: "png", orientation: 8 },
  ],
  "a JPEG": [jpeg(), { ...plain, format: "jpeg" }],
  "a progressive JPEG": [jpeg({ frameMarker: 0xc2 }), { ...plain, format: "jpeg", progressive: true }],
  "a CMYK JPEG": [jpeg({ components: 4 }), { ...plain, format: "jpeg", cmyk: true }],
  "a JPEG with EXIF of Motorola's byte order": [
    jpeg({ beforeFrame: jpegExif(6, "MM") }),
    { ...plain, format: "jpeg", orientation: 6 },
  ],
  "a JPEG with EXIF of Intel's byte order, behind the frame": [
    jpeg({ afterFrame: jpegExif(3, "II") }),
    { ...plain, format: "jpeg", orientation: 3 },
  ],
  "a JPEG with an orientation that does not exist": [
    jpeg({ beforeFrame: jpegExif(9, "II") }),
    { ...plain, format: "jpeg" },
  ],
  "a JPEG with fill bytes": [jpeg({ beforeFrame: [0xff, 0xff, 0xff] }), { ...plain, format: "jpeg" }],
  "a lossy WebP": [webp.lossy, { ...plain, format: "webp" }],
  "a lossless WebP with alpha": [webp.lossless, { ...plain, format: "webp", hasAlpha: true }],
  "an extended WebP with alpha that lies on its side": [
    webp.extended,
    { ...plain, format: "webp", hasAlpha: true, orientation: 6 },
  ],
  "an animated WebP": [webp.animated, { ...plain, format: "webp", frames: 2 }],
  "a GIF": [gifs.still, { ...plain, format: "gif" }],
  "an interlaced GIF": [gifs.interlaced, { ...plain, format: "gif", progressive: true }],
  "a transparent GIF": [gifs.transparent, { ...plain, format: "gif", hasAlpha: true }],
  "an animated GIF": [gifs.animated, { ...plain, format: "gif", frames: 2 }],
  "an AVIF with a smaller thumbnail": [isobmff(), { ...plain, format: "avif" }],
  "an AVIF with a larger picture of something else": [isobmff({ otherPx: 2_000 }), { ...plain, format: "avif" }],
  "an AVIF of 10 bits with alpha": [
    isobmff({ properties: [depth(10), alphaAuxiliary] }),
    { ...plain, format: "avif", bitDepth: 10, hasAlpha: true },
  ],
  "a HEIC from a phone that was held upright": [
    isobmff({ brand: "heic", properties: [rotation(3)] }),
    { ...plain, format: "heic", orientation: 6 },
  ],
  "an AVIF sequence": [isobmff({ brand: "avis" }), { ...plain, format: "avif", frames: 2 }],
} as const

describe("parseHeader", () => {
  test.each(Object.entries(pictures))("reads %s", (_, [bytes, header]) => {
    expect(parseHeader(bytes)).toEqual(header)
  })

  test.each([
    ["nothing", []],
    ["one byte", [0x89]],
    ["text", [...new TextEncoder().encode("<svg xmlns='http://www.w3.org/2000/svg'/>")]],
    ["a PDF", [...new TextEncoder().encode("%PDF-1.7 and more to come")]],
    ["an MP4", [0, 0, 0, 16, ...new TextEncoder().encode("ftypisom"), 0, 0, 0, 0, 0, 0]],
    ["a WAV", [...new TextEncoder().encode("RIFF\x10\0\0\0WAVEfmt ")]],
  ])("does not know %s", (_, bytes) => {
    expect(parseHeader(Uint8Array.from(bytes))).toBeUndefined()
  })

  test.each([
    ["a PNG without size", png({ widthPx: 0 }), "0 × 480"],
    ["a PNG with an impossible bit depth", png({ bitDepth: 3 }), "bit depth 3"],
    ["a PNG with an unknown color type", png({ colorType: 5 }), "color type 5"],
    ["a PNG that ends in its header", png().slice(0, 20), "ends too early"],
    ["a PNG that ends before its pixels", png().slice(0, 35), "ends too early"],
    ["a JPEG without a frame", Uint8Array.from([0xff, 0xd8, ...segment(0xe0, [1]), 0xff, 0xda, 0, 2]), "no size"],
    ["a JPEG without height", jpeg({ heightPx: 0 }), "640 × 0"],
    ["a JPEG with an impossible depth", jpeg().map((byte, i) => (i === 24 ? 154 : byte)), "154 bits"],
    ["a JPEG with two sizes", jpeg({ beforeFrame: jpegFrame(0xc0, 9_000, 9_000) }), "twice"],
    ["a JPEG that ends before its pixels", jpeg().slice(0, 30), "ends too early"],
    ["a JPEG of garbage", Uint8Array.from([0xff, 0xd8, 0xff, 0xe0, 0, 4, 1, 2, 3, 4, 5, 6]), "no marker"],
    ["a WebP that is cut off", webp.lossy.slice(0, -3), "ends too early"],
    ["a WebP with a large picture in a small frame", webp.hidingSize, "two different sizes"],
    ["a WebP animation with a large picture in a small frame", webp.hidingFrame, "broken"],
    ["a GIF with a large frame in a small picture", gifs.hidingFrame, "larger than the picture"],
    ["a GIF that ends before its first frame", gifs.still.slice(0, 19), "ends too early"],
    ["an AVIF without a description", isobmff().slice(0, 30), "no description"],
  ])("says what is wrong with %s", (_, bytes, fault) => {
    const result = parseHeader(bytes)
    expect(result).toHaveProperty("fault", expect.stringContaining(fault))
  })

  test("reads a picture from the middle of a larger buffer", () => {
    const whole = new Uint8Array(1_000)
    whole.set(png(), 100)
    expect(parseHeader(whole.subarray(100, 100 + png().length))).toMatchObject({ format: "png", widthPx: 640 })
  })

  test("takes a GIF for animated whose blocks are too many to count", () => {
    const blocks = Array.from({ length: 120_000 }, () => [1, 7]).flat()
    expect(parseHeader(gif(gifFrame(640, 480), [0x21, 0xfe, ...blocks, 0]))).toMatchObject({ format: "gif", frames: 2 })
  })

  test.each([
    ["fill bytes", parseJpeg, Uint8Array.from([0xff, 0xd8]), 0xff],
    ["empty PNG chunks", parsePng, png().slice(0, 33), 0],
    ["GIF blocks of one byte", parseGif, gifs.still.slice(0, 31), 1],
    ["empty boxes", parseIsobmff, isobmff().slice(0, 24), 0],
    ["empty WebP chunks", parseWebp, webp.extended.slice(0, 30), 0],
  ])("gives up on 20 MB of %s after few of its bytes", (_, parse, head, filler) => {
    const bytes = new Uint8Array(20_000_000).fill(filler)
    bytes.set(head)
    const { view, reads } = countingReads(bytes)
    parse(view)
    expect(reads()).toBeLessThan(1_000_000)
  })
})
