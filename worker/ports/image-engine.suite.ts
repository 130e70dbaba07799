import { describe, expect, test } from "vitest"
import { fromBase64 } from "../images/base64.ts"
import type { ImageFormat, ImageHeader, Size } from "../images/image.ts"
import { uprightSize } from "../images/image.ts"
import { parseHeader } from "../images/parse-header.ts"
import type { ImageEngine } from "./image-engine.ts"
import { CorruptImage } from "./image-engine.ts"

/**
 * What every image engine promises. The pictures are 24 × 16 px: red, green above blue, yellow; or, for alpha,
 * transparent black beside red.
 */
export const imageEngineSuite = (name: string, make: () => ImageEngine): void => {
  describe(`image engine ${name}`, () => {
    test.each([
      "png",
      "palette",
      "png16",
      "interlaced",
      "jpeg",
      "progressive",
      "webp",
      "gif",
      "animatedGif",
      "animatedWebp",
    ] as const)(
      "reads a picture as %s (the first, where there are more) and gives back its exact size and colors",
      async (picture) => {
        const engine = make()
        const result = await shrink(engine, bytesOf(picture), { widthPx: 12, heightPx: 8 }, "png")
        expect(parseHeader(result)).toMatchObject({ format: "png", widthPx: 12, heightPx: 8 })
        expect(await corners(result)).toEqual(["red", "green", "blue", "yellow"])
      },
    )

    test("shows a CMYK picture in the colors of its print, which are duller than a screen's", async () => {
      const engine = make()
      const result = await shrink(engine, bytesOf("cmyk"), { widthPx: 12, heightPx: 8 }, "png")
      expect(await corners(result, 65)).toEqual(["red", "green", "blue", "yellow"])
    })

    test.each([
      { widthPx: 24, heightPx: 16 },
      { widthPx: 23, heightPx: 15 },
      { widthPx: 7, heightPx: 16 },
      { widthPx: 2, heightPx: 1 },
      { widthPx: 1, heightPx: 1 },
    ])("makes a JPEG of exactly $widthPx × $heightPx px", async (target) => {
      const engine = make()
      const result = await shrink(engine, bytesOf("jpeg"), target, "jpeg")
      expect(parseHeader(result)).toMatchObject({ format: "jpeg", ...target, orientation: 1 })
    })

    test.each([
      [1, ["red", "green", "blue", "yellow"]],
      [2, ["green", "red", "yellow", "blue"]],
      [3, ["yellow", "blue", "green", "red"]],
      [4, ["blue", "yellow", "red", "green"]],
      [5, ["red", "blue", "green", "yellow"]],
      [6, ["blue", "red", "yellow", "green"]],
      [7, ["yellow", "green", "blue", "red"]],
      [8, ["green", "yellow", "red", "blue"]],
    ] as const)("turns a picture with EXIF orientation %i upright", async (orientation, expected) => {
      const engine = make()
      const turned = withOrientation(bytesOf("jpeg"), orientation)
      const target = orientation >= 5 ? { widthPx: 8, heightPx: 12 } : { widthPx: 12, heightPx: 8 }
      const result = await shrink(engine, turned, target, "png")
      expect(parseHeader(result)).toMatchObject({ ...target, orientation: 1 })
      expect(await corners(result)).toEqual(expected)
    })

    test.each(["alpha", "alphaWebp"] as const)("puts the transparent part of %s on white", async (picture) => {
      const engine = make()
      const result = await shrink(engine, bytesOf(picture), { widthPx: 6, heightPx: 4 }, "jpeg")
      const decoded = await shrink(engine, result, { widthPx: 6, heightPx: 4 }, "png")
      expect(await corners(decoded)).toEqual(["white", "red", "white", "red"])
    })

    test("does not let the color under transparent pixels bleed into its neighbors", async () => {
      const engine = make()
      const result = await shrink(engine, bytesOf("alpha"), { widthPx: 3, heightPx: 2 }, "png")
      const { pixels } = await readPng(result)
      // Half white, half red; black would pull red down to half of this.
      expect(pixels[3]).toBeGreaterThan(220)
    })

    test("encodes a JPEG smaller when the quality is lower", async () => {
      const engine = make()
      const sizes = await Promise.all(
        [10, 95].map(
          async (quality) =>
            (await shrink(engine, bytesOf("jpeg"), { widthPx: 23, heightPx: 15 }, "jpeg", quality)).length,
        ),
      )
      expect(sizes[0]).toBeLessThan(sizes[1] ?? 0)
    })

    test.each(["png", "palette", "jpeg", "progressive", "webp", "gif"] as const)(
      "says that %s is corrupt when its pixels are cut off or garbled, and reads the next picture",
      async (picture) => {
        const engine = make()
        const header = headerOf(bytesOf(picture))
        // A WebP states its length in its header, so one that is cut off never comes as far as an engine.
        const reachEngine = picture === "webp" ? [garbled] : [garbled, cutOff]
        for (const broken of reachEngine.map((damage) => damage(bytesOf(picture)))) {
          const job = {
            bytes: broken,
            header,
            target: { widthPx: 12, heightPx: 8 },
            formats: ["png"],
            quality: 85,
          } as const
          await expect(engine.transform(job)).rejects.toThrow(CorruptImage)
        }
        const next = await shrink(engine, bytesOf(picture), { widthPx: 12, heightPx: 8 }, "png")
        expect(await corners(next)).toEqual(["red", "green", "blue", "yellow"])
      },
    )

    test("says that a picture is corrupt when it is not as large as its header says", async () => {
      const engine = make()
      const header = { ...headerOf(bytesOf("png")), widthPx: 12 }
      const job = {
        bytes: bytesOf("png"),
        header,
        target: { widthPx: 6, heightPx: 8 },
        formats: ["png"],
        quality: 85,
      } as const
      await expect(engine.transform(job)).rejects.toThrow(CorruptImage)
    })

    test("does many pictures that are asked for at once", async () => {
      const engine = make()
      const results = await Promise.all(
        Array.from({ length: 12 }, (_, i) =>
          shrink(engine, bytesOf("jpeg"), { widthPx: 24 - i, heightPx: 16 - i }, "png"),
        ),
      )
      expect(results.map((result) => headerOf(result).widthPx)).toEqual(Array.from({ length: 12 }, (_, i) => 24 - i))
    })

    test("leaves the received bytes as they were", async () => {
      const engine = make()
      const bytes = bytesOf("jpeg")
      await shrink(engine, bytes, { widthPx: 12, heightPx: 8 }, "jpeg")
      expect(bytes).toEqual(bytesOf("jpeg"))
    })
  })
}

/** 24 × 16 px, made once with sharp. */
const pictures = {
  png: "iVBORw0KGgoAAAANSUhEUgAAABgAAAAQCAIAAACDRijCAAAACXBIWXMAAAPoAAAD6AG1e1JrAAAAKElEQVQ4y2O4o6FBEGlssSGIGEYNGtEGGbldIog+XNIgiEYNGtEGAQDefQ0fwTohKAAAAABJRU5ErkJggg==",
  palette:
    "iVBORw0KGgoAAAANSUhEUgAAABgAAAAQAgMAAABxSlcGAAAADFBMVEXcKCgotDwyRtLw0igp/1NnAAAACXBIWXMAAAPoAAAD6AG1e1JrAAAAGklEQVQImWNgYGAIDQ1lIJlatWrV////SaYA4eIv0bIqnfIAAAAASUVORK5CYII=",
  png16:
    "iVBORw0KGgoAAAANSUhEUgAAABgAAAAQEAIAAADT1vSBAAAACXBIWXMAAAPoAAAD6AG1e1JrAAAARUlEQVRIie2TsQ0AIAzDfE5m5s69mEuYewQncARdEFk8W5FDIcQ9xSQa2KBSFsILyQ3FQy8bJKuBm4UaaCF5IdxQ/vWyA8KnDR8YeGUeAAAAAElFTkSuQmCC",
  interlaced:
    "iVBORw0KGgoAAAANSUhEUgAAABgAAAAQCAIAAAH0QRhUAAAACXBIWXMAAAPoAAAD6AG1e1JrAAAAa0lEQVQ4jd2RsRHAMAgDGUe16tSeOJNQawiPkCJ2UuD4KJK7nFshHhAmQAD2zVicxavDTqFp1dE0detdvHqeXUo1csJSIAzompjY4XHKYANOTHptJ/3wOn6YkxKnIJPAMiCGIDPR1sxHVgEd4gsNH54BH6EAAAAASUVORK5CYII=",
  cmyk: "/9j/7gAOQWRvYmUAZAAAAAAA/9sAQwACAQEBAQECAQEBAgICAgIEAwICAgIFBAQDBAYFBgYGBQYGBgcJCAYHCQcGBggLCAkKCgoKCgYICwwLCgwJCgoK/8AAFAgAEAAYBEMRAE0RAFkRAEsRAP/EABkAAQADAQEAAAAAAAAAAAAAAAkDBgoACP/EACAQAQAABAcBAAAAAAAAAAAAAAAKSIbFAwYHREeDwkH/2gAOBEMATQBZAEsAAD8AfwGbP+bgV8TDwpUlrPJBJTNUZfUmB9WLIO76/QrzyJFieL2VNv0cbaDlmLpC9E+hv+ZaduYN4zuW6sbIp+q+w7fBtifA3U9//9k=",
  animatedGif:
    "R0lGODlhGAAQAIIAAExpcfDSKDJG0ii0PNwoKAAAAAAAAAAAACH5BAUAAAAALAAAAAAYABAAAAM4SLqs8zC+Rom8ozYsNeORt4CQ6JCZiabiKrxw/AZ0bdNyLtx8oMu92y8WtA1hxdpxlvQtm84jNAEAIfkEBQAAAAAsAAAAABgAEACATGlxgICAAhGMj6nL7Q+jnLTai7PevPuvFAA7",
  animatedWebp:
    "UklGRugAAABXRUJQVlA4WAoAAAACAAAAFwAADwAAQU5JTQYAAAD/////AQBBTk1GfAAAAAAAAAAAABcAAA8AAGQAAAJWUDggZAAAAFAEAJ0BKhgAEAA+bSyTRaQioZgEAEAGxLYATplBjBZAP4B0f4Dya3NZl7AA/uLdV3078zef942+4R/+QvKv/xpY9Tf/9pgrZ/+Htn/qb8qz6E23VOAkAxZD6lJbZ8LA6doIAABBTk1GOAAAAAAAAAAAABcAAA8AAGQAAABWUDggIAAAAFQCAJ0BKhgAEAA+bSyTRYMAgAAA2JaQAAlYgADkQAAA",
  jpeg: "/9j/2wBDAAMCAgMCAgMDAwMEAwMEBQgFBQQEBQoHBwYIDAoMDAsKCwsNDhIQDQ4RDgsLEBYQERMUFRUVDA8XGBYUGBIUFRT/2wBDAQMEBAUEBQkFBQkUDQsNFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBT/wAARCAAQABgDAREAAhEBAxEB/8QAFgAAAwAAAAAAAAAAAAAAAAAABgcI/8QAHBABAAAHAQAAAAAAAAAAAAAAAAYIREaChMLD/8QAFwEBAQEBAAAAAAAAAAAAAAAACAcECf/EAB4RAQAABQUAAAAAAAAAAAAAAAADCEWDwwZBQ4LC/9oADAMBAAIRAxEAPwBSJeeAogmtw6Z4uwbzEUq9iFDOG5FOka0KgklvPS9wlmUpF/Coekufr6VAEyhP/9k=",
  progressive:
    "/9j/2wBDAAMDAwMDAwQEBAQFBQUFBQcHBgYHBwsICQgJCAsRCwwLCwwLEQ8SDw4PEg8bFRMTFRsfGhkaHyYiIiYwLTA+PlT/2wBDAQMDAwMDAwQEBAQFBQUFBQcHBgYHBwsICQgJCAsRCwwLCwwLEQ8SDw4PEg8bFRMTFRsfGhkaHyYiIiYwLTA+PlT/wgARCAAQABgDASIAAhEBAxEB/8QAFwAAAwEAAAAAAAAAAAAAAAAAAAYHCP/EABcBAAMBAAAAAAAAAAAAAAAAAAEGBwj/2gAMAwEAAhADEAAAAJI0TLUBe1Q2WZWjf//EAB0QAAECBwAAAAAAAAAAAAAAABAABghERoOEwcP/2gAIAQEAAT8ATbmrezDdU2B1H//EACURAAACBwkAAAAAAAAAAAAAABITAAIDBgcRFAUVFhckMmWj4v/aAAgBAgEBPwCJEMsBOXabw3pW0RGnpyhmtlGW8a0pCTMHju/yn//EACYRAAACBgsAAAAAAAAAAAAAABETAAIGEhUXAQMEBQckMTJlpOP/2gAIAQMBAT8AavEqZtwWtlYZD4gXmjzyyF6K7Y4oIuBqkk+c6non/9k=",
  webp: "UklGRmIAAABXRUJQVlA4IFYAAAAQAwCdASoYABAALiUYjEYREREBABIlqALsOsABNgC/95AA/vkPniVjs5P/qBb//WV//8+Jf/+vMXP/uvGMJZ//vPR+X/+2Pbp/f/fTH+4oowcKG2gAAA==",
  gif: "R0lGODlhGAAQAIIAAExpcfDSKDJG0ii0PNwoKAAAAAAAAAAAACH5BAUAAAAALAAAAAAYABAAAAM4SLqs8zC+Rom8ozYsNeORt4CQ6JCZiabiKrxw/AZ0bdNyLtx8oMu92y8WtA1hxdpxlvQtm84jNAEAOw==",
  alpha:
    "iVBORw0KGgoAAAANSUhEUgAAABgAAAAQCAYAAAAMJL+VAAAACXBIWXMAAAPoAAAD6AG1e1JrAAAALklEQVQ4jWNgIBHc0dD4Twom1XyGUQsIgjujcUAI3BkNIkLgzmgQEQJ3RlwQAQDiSqBQOeD0TQAAAABJRU5ErkJggg==",
  alphaWebp: "UklGRigAAABXRUJQVlA4TBsAAAAvF8ADEA8wKMM9KPMf8BASEP6v9UC3IKL/gc0A",
} as const

const bytesOf = (picture: keyof typeof pictures): Uint8Array<ArrayBuffer> => {
  const bytes = fromBase64(pictures[picture])
  if (bytes === undefined) throw new Error(`The sample ${picture} is not base64.`)
  return bytes
}

const headerOf = (bytes: Uint8Array): ImageHeader => {
  const header = parseHeader(bytes)
  if (header === undefined || "fault" in header) throw new Error(`No header: ${header?.fault ?? "unknown type"}`)
  return header
}

const shrink = async (
  engine: ImageEngine,
  bytes: Uint8Array<ArrayBuffer>,
  target: Size,
  format: ImageFormat,
  quality = 95,
): Promise<Uint8Array<ArrayBuffer>> => {
  const header = headerOf(bytes)
  expect(target.widthPx).toBeLessThanOrEqual(uprightSize(header).widthPx)
  expect(engine.choose({ bytes, header }, target)).toHaveProperty("engine")
  const result = await engine.transform({ bytes, header, target, formats: [format], quality })
  expect(result.format).toBe(format)
  expect(result.considered).toEqual([{ format, sizeBytes: result.bytes.length }])
  return result.bytes
}

/** The same JPEG with an EXIF block that states the orientation. */
const withOrientation = (jpeg: Uint8Array<ArrayBuffer>, orientation: number): Uint8Array<ArrayBuffer> => {
  const tiff = [0x4d, 0x4d, 0, 42, 0, 0, 0, 8, 0, 1, 0x01, 0x12, 0, 3, 0, 0, 0, 1, 0, orientation, 0, 0, 0, 0, 0, 0]
  const exif = [...new TextEncoder().encode("Exif\0\0"), ...tiff]
  return Uint8Array.from([0xff, 0xd8, 0xff, 0xe1, 0, exif.length + 2, ...exif, ...jpeg.subarray(2)])
}

/** All but the last third: whole headers, half the pixels. */
const cutOff = (bytes: Uint8Array<ArrayBuffer>): Uint8Array<ArrayBuffer> =>
  bytes.slice(0, Math.floor(bytes.length * 0.66))

/** The right magic bytes, then nothing that makes sense. */
const garbled = (bytes: Uint8Array<ArrayBuffer>): Uint8Array<ArrayBuffer> =>
  bytes.map((byte, i) => (i < 12 ? byte : (byte * 31 + i * 17) & 0xff))

const colors: Readonly<Record<string, readonly [number, number, number]>> = {
  red: [220, 40, 40],
  green: [40, 180, 60],
  blue: [50, 70, 210],
  yellow: [240, 210, 40],
  white: [255, 255, 255],
}

/** The colors of the four corners by name: top left, top right, bottom left, bottom right. */
const corners = async (png: Uint8Array<ArrayBuffer>, tolerance = 40): Promise<readonly string[]> => {
  const { widthPx, heightPx, channels, pixels } = await readPng(png)
  const right = widthPx - 1
  const bottom = (heightPx - 1) * widthPx
  return [0, right, bottom, bottom + right].map((position) =>
    nameOf(pixels.subarray(position * channels, position * channels + 3), tolerance),
  )
}

const nameOf = (pixel: Uint8Array, tolerance: number): string =>
  Object.entries(colors).find(([, color]) =>
    color.every((value, i) => Math.abs(value - (pixel[i] ?? -999)) <= tolerance),
  )?.[0] ?? [...pixel].join(",")

interface PngPixels extends Size {
  readonly channels: number
  readonly pixels: Uint8Array
}

/** Decodes a PNG of the kinds that engines write by the specification, so that an engine is not checked with its own decoder. */
const readPng = async (bytes: Uint8Array<ArrayBuffer>): Promise<PngPixels> => {
  const { widthPx, heightPx } = headerOf(bytes)
  const view = new DataView(bytes.buffer, bytes.byteOffset)
  const [bitDepth, colorType] = [view.getUint8(24), view.getUint8(25)]
  const channels = { 2: 3, 3: 1, 6: 4 }[colorType]
  if (channels === undefined || (colorType !== 3 && bitDepth !== 8)) throw new Error(`Color type ${colorType}?`)
  const stride = Math.ceil((widthPx * channels * bitDepth) / 8)
  const inflated = new Blob([...chunksOf(bytes, "IDAT")]).stream().pipeThrough(new DecompressionStream("deflate"))
  const filtered = new Uint8Array(await new Response(inflated).arrayBuffer())
  const pixels = unfilter(filtered, stride, heightPx, channels)
  if (colorType !== 3) return { widthPx, heightPx, channels, pixels }
  const [palette] = chunksOf(bytes, "PLTE")
  const indexAt = (x: number, y: number): number => {
    const byte = pixels[y * stride + Math.floor((x * bitDepth) / 8)] ?? 0
    return (byte >> (8 - bitDepth - ((x * bitDepth) % 8))) & ((1 << bitDepth) - 1)
  }
  const colorsOf = Array.from({ length: widthPx * heightPx }, (_, i) => {
    const entry = indexAt(i % widthPx, Math.floor(i / widthPx)) * 3
    return Array.from(palette?.subarray(entry, entry + 3) ?? [])
  })
  return { widthPx, heightPx, channels: 3, pixels: Uint8Array.from(colorsOf.flat()) }
}

const chunksOf = (bytes: Uint8Array<ArrayBuffer>, name: string): readonly Uint8Array<ArrayBuffer>[] => {
  const view = new DataView(bytes.buffer, bytes.byteOffset)
  const found: Uint8Array<ArrayBuffer>[] = []
  for (let at = 8; at + 8 <= bytes.length; at += 12 + view.getUint32(at)) {
    const own = new TextDecoder().decode(bytes.subarray(at + 4, at + 8))
    if (own === name) found.push(bytes.slice(at + 8, at + 8 + view.getUint32(at)))
  }
  return found
}

const unfilter = (filtered: Uint8Array, stride: number, rows: number, channels: number): Uint8Array => {
  const pixels = new Uint8Array(stride * rows)
  for (let row = 0; row < rows; row++) {
    const filter = filtered[row * (stride + 1)] ?? 0
    for (let i = 0; i < stride; i++) {
      const at = row * stride + i
      const left = i >= channels ? (pixels[at - channels] ?? 0) : 0
      const above = row > 0 ? (pixels[at - stride] ?? 0) : 0
      const corner = row > 0 && i >= channels ? (pixels[at - stride - channels] ?? 0) : 0
      const guess = [0, left, above, (left + above) >> 1, paeth(left, above, corner)][filter] ?? 0
      pixels[at] = (filtered[row * (stride + 1) + 1 + i] ?? 0) + guess
    }
  }
  return pixels
}

const paeth = (left: number, above: number, corner: number): number => {
  const estimate = left + above - corner
  const [toLeft, toAbove, toCorner] = [
    Math.abs(estimate - left),
    Math.abs(estimate - above),
    Math.abs(estimate - corner),
  ]
  if (toLeft <= toAbove && toLeft <= toCorner) return left
  return toAbove <= toCorner ? above : corner
}
