import sharp from "sharp"
import type { Sharp } from "sharp"
import { describe, expect, test } from "vitest"
import { sample } from "../../../dev/samples.ts"
import { createMemory } from "../memory.ts"
import type { Raster } from "../raster.ts"
import { encodeJpeg } from "./encode-jpeg.ts"
import { encodePalettePng } from "./encode-palette-png.ts"
import type { Fineness, WrittenFormat } from "./encode-smallest.ts"
import { encodeSmallest } from "./encode-smallest.ts"
import { isLineArt } from "./is-line-art.ts"

const rasterOf = async (picture: Sharp): Promise<Raster> => {
  const { data, info } = await picture.flatten({ background: "#fff" }).raw().toBuffer({ resolveWithObject: true })
  const channels = info.channels === 1 ? 1 : 3
  return { widthPx: info.width, heightPx: info.height, channels, pixels: new Uint8Array(data) }
}
const asSharp = ({ pixels, widthPx, heightPx, channels }: Raster): Sharp =>
  sharp(pixels, { raw: { width: widthPx, height: heightPx, channels } })

const jpegOf = (raster: Raster, quality: number): Uint8Array<ArrayBuffer> => {
  const work = encodeJpeg(raster, quality, createMemory())
  for (let step = work.next(); ; step = work.next()) if (step.done === true) return step.value
}

const difference = (one: Uint8Array, other: Uint8Array): number => {
  expect(one).toHaveLength(other.length)
  return one.reduce((sum, value, i) => sum + Math.abs(value - (other[i] ?? 0)), 0) / one.length
}

const photo = async (): Promise<Raster> => rasterOf(sharp(await sample("cabinet-photo.jpg")).resize(301, 403))
const drawing = async (): Promise<Raster> => rasterOf(sharp(await sample("wiring-diagram.png")).resize(1_568))

describe("JPEG", { timeout: 60_000 }, () => {
  test.each([30, 60, 85, 95])("has the bytes and the faults of sharp's at quality %i", async (quality) => {
    const raster = await photo()
    const ours = jpegOf(raster, quality)
    const theirs = await asSharp(raster).jpeg({ quality, optimiseCoding: false }).toBuffer()
    const [seen, expected] = [await sharp(ours).raw().toBuffer(), await sharp(theirs).raw().toBuffer()]
    expect(ours.length / theirs.length).toBeCloseTo(1, 1)
    expect(difference(seen, raster.pixels)).toBeLessThan(difference(expected, raster.pixels) * 1.05)
  })

  test.each([
    [1, 1],
    [7, 9],
    [16, 16],
    [17, 33],
    [640, 3],
  ])("may have any size, such as %i × %i px", async (width, height) => {
    for (const channels of [1, 3] as const) {
      const pixels = Uint8Array.from({ length: width * height * channels }, (_, i) => 90 + (i % channels) * 60)
      const jpeg = jpegOf({ widthPx: width, heightPx: height, channels, pixels }, 95)
      const seen = sharp(jpeg).toColourspace(channels === 1 ? "b-w" : "srgb")
      const { data, info } = await seen.raw().toBuffer({ resolveWithObject: true })
      expect(info).toMatchObject({ width, height, channels })
      expect(difference(data, pixels)).toBeLessThan(2)
    }
  })
})

describe("palette PNG", { timeout: 60_000 }, () => {
  test("shows a drawing in 16 colors with hardly a difference, in under 30 % of a JPEG's bytes", async () => {
    const raster = await drawing()
    const png = await encodePalettePng(raster, createMemory())
    const { data, info } = await sharp(png).raw().toBuffer({ resolveWithObject: true })
    expect(info).toMatchObject({ width: raster.widthPx, height: raster.heightPx })
    expect(difference(data, raster.pixels)).toBeLessThan(1.5)
    expect(new Set(colorsOf(data)).size).toBeLessThanOrEqual(16)
    expect(png.length).toBeLessThan(jpegOf(raster, 85).length * 0.3)
  })

  test.each([
    [2, 1],
    [3, 2],
    [4, 2],
    [5, 4],
    [16, 4],
  ])("keeps a picture of %i colors to the pixel, in %i bits each", async (count, bitDepth) => {
    const pixels = Uint8Array.from({ length: 61 * 17 * 3 }, (_, i) => (((i / 3) | 0) % count) * 15 + (i % 3) * 9)
    const png = await encodePalettePng({ widthPx: 61, heightPx: 17, channels: 3, pixels }, createMemory())
    expect(png[24]).toBe(bitDepth)
    expect(difference(await sharp(png).raw().toBuffer(), pixels)).toBe(0)
  })

  test("does not turn a colored wire gray, however few its pixels are", async () => {
    const raster = await rasterOf(sharp(await sample("wiring-diagram.png")).resize(1_024))
    const seen = await sharp(await encodePalettePng(raster, createMemory()))
      .raw()
      .toBuffer()
    const spread = (pixels: Uint8Array, i: number): number =>
      Math.max(...pixels.subarray(i, i + 3)) - Math.min(...pixels.subarray(i, i + 3))
    const colored = Array.from({ length: seen.length / 3 }, (_, i) => i * 3).filter(
      (i) => spread(raster.pixels, i) > 50,
    )
    const lost = colored.filter((i) => spread(seen, i) < spread(raster.pixels, i) / 3)
    expect(colored.length).toBeGreaterThan(5_000)
    expect(lost.length).toBeLessThan(colored.length / 200)
  })

  test("does not lose a thin red line among a thousand grays", async () => {
    const pixels = Uint8Array.from({ length: 400 * 300 * 3 }, (_, i) => {
      const [x, y] = [Math.floor(i / 3) % 400, Math.floor(i / 1_200)]
      if (y === 150) return [220, 30, 30][i % 3] ?? 0
      return 255 - ((x * y) % 40) * 3
    })
    const png = await encodePalettePng({ widthPx: 400, heightPx: 300, channels: 3, pixels }, createMemory())
    const seen = await sharp(png).raw().toBuffer()
    expect([...seen.subarray(150 * 1_200, 150 * 1_200 + 3)]).toEqual([220, 30, 30])
  })
})

const colorsOf = (data: Uint8Array): readonly number[] =>
  Array.from({ length: data.length / 3 }, (_, i) => (data[i * 3]! << 16) | (data[i * 3 + 1]! << 8) | data[i * 3 + 2]!)

test.each([
  ["wiring-diagram.png", true],
  ["panel-schedule.png", true],
  ["scanned-page.jpg", true],
  ["cabinet-photo.jpg", false],
  ["nameplate.webp", false],
] as const)("takes %s for line art: %s", async (name, expected) => {
  expect(isLineArt(await rasterOf(sharp(await sample(name)).resize(800)))).toBe(expected)
})

describe("the smallest", () => {
  const art: Raster = { widthPx: 100, heightPx: 100, channels: 1, pixels: new Uint8Array(10_000).fill(255) }
  const grain: Raster = { ...art, pixels: art.pixels.map((_, i) => (i * 37) & 255) }
  const encodersOf = (sizes: Readonly<Partial<Record<WrittenFormat, number>>>) =>
    Object.fromEntries(Object.entries(sizes).map(([format, size]) => [format, async () => new Uint8Array(size)]))
  const encode = async (
    raster: Raster,
    sizes: Readonly<Partial<Record<WrittenFormat, number>>>,
    formats: readonly WrittenFormat[] = ["png", "jpeg", "webp"],
  ) => {
    const { format, considered } = await encodeSmallest(
      raster,
      { formats, quality: 85, bytes: new Uint8Array(5_000) },
      encodersOf(sizes),
    )
    return [format, ...considered.map((one) => `${one.format} ${one.sizeBytes}`)]
  }

  test("is a PNG for line art, without a look at the others", async () => {
    expect(await encode(art, { png: 600, jpeg: 100 })).toEqual(["png", "png 600"])
  })
  test("is sought among all for line art whose grain makes a PNG large", async () => {
    expect(await encode(art, { png: 700, jpeg: 650, webp: 690 })).toEqual(["jpeg", "png 700", "jpeg 650", "webp 690"])
    expect(await encode(art, { png: 700, jpeg: 900 })).toEqual(["png", "png 700", "jpeg 900"])
  })
  test("is a lossy one for everything else", async () => {
    expect(await encode(grain, { png: 10, jpeg: 900, webp: 800 })).toEqual(["webp", "jpeg 900", "webp 800"])
  })
  test("has a format that is taken, whatever suits the picture", async () => {
    expect(await encode(grain, { png: 10, jpeg: 900, webp: 800 }, ["jpeg"])).toEqual(["jpeg", "jpeg 900"])
    expect(await encode(grain, { png: 10, jpeg: 900 }, ["png"])).toEqual(["png", "png 10"])
    await expect(encode(grain, { jpeg: 900 }, ["webp"])).rejects.toThrow("no encoder")
  })
  test("is written more coarsely while it is larger than what came in, and then as small as that gets", async () => {
    const asked: (readonly [WrittenFormat, number, number])[] = []
    const writing =
      (format: WrittenFormat, sizeOf: (fineness: Fineness) => number) => async (_: Raster, fineness: Fineness) => {
        asked.push([format, fineness.quality, fineness.colors])
        return new Uint8Array(sizeOf(fineness))
      }
    const job = { formats: ["png", "jpeg"], quality: 85, bytes: new Uint8Array(5_000) } as const
    const jpeg = writing("jpeg", ({ quality }) => quality * 80)
    expect((await encodeSmallest(grain, job, { jpeg })).bytes).toHaveLength(55 * 80)
    expect(asked.map(([, quality]) => quality)).toEqual([85, 70, 55])
    asked.length = 0
    const png = writing("png", ({ colors }) => colors * 500)
    expect((await encodeSmallest(art, { ...job, formats: ["png"] }, { png })).bytes).toHaveLength(8 * 500)
    expect(asked.map(([, , colors]) => colors)).toEqual([16, 8])
  })
  test("of a few bytes stays as fine as it is", async () => {
    const sizes: number[] = []
    const jpeg = async (_: Raster, { quality }: Fineness) => {
      sizes.push(quality)
      return new Uint8Array(900)
    }
    await encodeSmallest(grain, { formats: ["jpeg"], quality: 85, bytes: new Uint8Array(500) }, { jpeg })
    expect(sizes).toEqual([85])
  })
})
