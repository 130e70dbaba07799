import sharp from "sharp"
import type { Sharp } from "sharp"
import { describe, expect, test } from "vitest"
import { sample } from "../../../dev/samples.ts"
import type { Size } from "../image.ts"
import { uprightSize } from "../image.ts"
import { createMemory } from "../memory.ts"
import { parseHeader } from "../parse-header.ts"
import type { Raster } from "../raster.ts"
import { seeded } from "../tiny-images.suite.ts"
import { predictReaderBytes } from "./predict-memory.ts"
import { rareJpeg } from "./rare-jpegs.suite.ts"
import { isReadable, readPicture } from "./read-picture.ts"

const size = { widthPx: 750, heightPx: 531 } as const

/** Color everywhere: slopes, edges as soft as a lens makes them, and grain. */
const scene = (): Sharp => {
  const random = seeded(11)
  const pixels = new Uint8Array(size.widthPx * size.heightPx * 3)
  for (let y = 0, at = 0; y < size.heightPx; y++) {
    for (let x = 0; x < size.widthPx; x++) {
      const isDark = (x - 300) ** 2 + (y - 200) ** 2 < 120 ** 2 || y > 400
      const grain = (random() - 0.5) * 12
      pixels[at++] = Math.max(0, (isDark ? 40 : 60 + x / 5) + grain)
      pixels[at++] = Math.max(0, (isDark ? 30 : 90 + y / 5) + grain)
      pixels[at++] = Math.max(0, (isDark ? 90 : 230 - x / 6) + grain)
    }
  }
  return sharp(pixels, { raw: { width: size.widthPx, height: size.heightPx, channels: 3 } }).blur(2)
}
const drawing = async (): Promise<Sharp> =>
  sharp(await sample("wiring-diagram.png")).extract({ left: 300, top: 200, width: 750, height: 531 })
const translucent = async (): Promise<Sharp> => {
  const alpha = await sharp({ create: { width: 750, height: 531, channels: 3, background: "#000" } })
    .composite([
      { input: { create: { width: 300, height: 300, channels: 3, background: "#fff" } } },
      { input: { create: { width: 100, height: 400, channels: 3, background: "#777" } } },
    ])
    .toColourspace("b-w")
    .raw()
    .toBuffer()
  return scene().joinChannel(alpha, { raw: { width: 750, height: 531, channels: 1 } })
}

const read = (bytes: Uint8Array, target: Size, memory = createMemory()): Raster => {
  const work = readPicture({ ...opened(bytes), target, memory })
  for (let step = work.next(); ; step = work.next()) if (step.done === true) return step.value
}

const opened = (bytes: Uint8Array) => {
  const header = parseHeader(bytes)
  if (header === undefined || "fault" in header || !isReadable(header)) throw new Error("Not readable.")
  return { bytes, header }
}

/** Mean difference to what sharp makes of the same bytes at the same size, in gray levels. */
const differenceToSharp = async (bytes: Uint8Array, target: Size): Promise<number> => {
  const ours = read(bytes, target)
  const isGray = ours.channels === 1
  const pixels = await sharp(bytes)
    .autoOrient()
    .flatten({ background: "#fff" })
    .resize(target.widthPx, target.heightPx, { fit: "fill" })
    .toColourspace(isGray ? "b-w" : "srgb")
    .raw({ depth: "uchar" })
    .toBuffer()
  expect(ours.pixels).toHaveLength(pixels.length)
  return ours.pixels.reduce((sum, value, i) => sum + Math.abs(value - (pixels[i] ?? 0)), 0) / pixels.length
}

const half = { widthPx: 375, heightPx: 266 }
const fifth = { widthPx: 150, heightPx: 106 }
const tenth = { widthPx: 75, heightPx: 53 }
const odd = { widthPx: 433, heightPx: 307 }
const targets = [size, odd, half, fifth, tenth]

const jpegs: Readonly<Record<string, () => Promise<Buffer>>> = {
  "4:2:0": () => scene().jpeg({ quality: 90 }).toBuffer(),
  "4:4:4": () => scene().jpeg({ quality: 90, chromaSubsampling: "4:4:4" }).toBuffer(),
  progressive: () => scene().jpeg({ quality: 90, progressive: true }).toBuffer(),
  "progressive 4:4:4": () => scene().jpeg({ quality: 70, progressive: true, chromaSubsampling: "4:4:4" }).toBuffer(),
  "with shared Huffman tables": () => scene().jpeg({ quality: 90, optimiseCoding: false }).toBuffer(),
  gray: () => scene().toColourspace("b-w").jpeg({ quality: 90 }).toBuffer(),
  "gray progressive": () => scene().toColourspace("b-w").jpeg({ quality: 90, progressive: true }).toBuffer(),
  "mozjpeg's": () => scene().jpeg({ quality: 80, mozjpeg: true }).toBuffer(),
  drawing: async () => (await drawing()).jpeg({ quality: 90 }).toBuffer(),
}

describe("reads a JPEG as sharp does", { timeout: 60_000 }, () => {
  test.each(Object.keys(jpegs))("%s, at any size", async (kind) => {
    const bytes = new Uint8Array((await jpegs[kind]?.()) ?? [])
    for (const target of kind === "drawing" ? [size, odd, half] : targets) {
      expect(await differenceToSharp(bytes, target)).toBeLessThan(1.5)
    }
  })

  test.each([
    "4:2:2 with restart markers",
    "4:4:0 with restart markers",
    "4:1:1",
    "progressive with restart markers",
    "red, green and blue, not transformed",
    "each color in a scan of its own",
  ] as const)("%s", async (kind) => {
    for (const target of [
      { widthPx: 83, heightPx: 61 },
      { widthPx: 55, heightPx: 41 },
      { widthPx: 21, heightPx: 15 },
    ]) {
      expect(await differenceToSharp(rareJpeg(kind), target)).toBeLessThan(3)
    }
  })

  test("but for arithmetic coding, which it names", () => {
    expect(() => read(rareJpeg("arithmetic"), { widthPx: 10, heightPx: 10 })).toThrow("arithmetic")
  })

  test.each([1, 2, 3, 4, 5, 6, 7, 8])("turned by EXIF orientation %i", async (orientation) => {
    const bytes = new Uint8Array(await scene().withMetadata({ orientation }).jpeg({ quality: 90 }).toBuffer())
    const { header } = opened(bytes)
    const { widthPx, heightPx } = uprightSize(header)
    const target = { widthPx: Math.round(widthPx / 3), heightPx: Math.round(heightPx / 3) }
    expect(await differenceToSharp(bytes, target)).toBeLessThan(1.5)
  })
})

const pngs: Readonly<Record<string, () => Promise<Buffer>>> = {
  color: () => scene().png().toBuffer(),
  "color with all filters": () => scene().png({ adaptiveFiltering: true }).toBuffer(),
  "stored, not compressed": () => scene().png({ compressionLevel: 0 }).toBuffer(),
  interlaced: () => scene().png({ progressive: true }).toBuffer(),
  gray: () => scene().toColourspace("b-w").png().toBuffer(),
  "16 bit": () => scene().toColourspace("rgb16").png().toBuffer(),
  "16 bit gray": () => scene().toColourspace("grey16").png().toBuffer(),
  alpha: async () => (await translucent()).png().toBuffer(),
  "alpha, interlaced": async () => (await translucent()).png({ progressive: true }).toBuffer(),
  "palette of 256": () => scene().png({ palette: true, colours: 256 }).toBuffer(),
  "palette of 16": () => scene().png({ palette: true, colours: 16, dither: 0 }).toBuffer(),
  "palette of 4": () => scene().png({ palette: true, colours: 4, dither: 0 }).toBuffer(),
  "palette of 2, interlaced": () => scene().png({ palette: true, colours: 2, dither: 0, progressive: true }).toBuffer(),
  "palette with alpha": async () => (await translucent()).png({ palette: true, colours: 64 }).toBuffer(),
  drawing: async () => (await drawing()).png().toBuffer(),
}

describe("reads a PNG as sharp does", { timeout: 60_000 }, () => {
  test.each(Object.keys(pngs))("%s, to the very pixel at its own size", async (kind) => {
    const bytes = new Uint8Array((await pngs[kind]?.()) ?? [])
    // Rounding of 16 bits, and of alpha, may differ.
    expect(await differenceToSharp(bytes, size)).toBeLessThan(
      kind.includes("16 bit") || kind.includes("alpha") ? 0.6 : 1e-9,
    )
  })

  test.each(Object.keys(pngs))("%s, made smaller", async (kind) => {
    const bytes = new Uint8Array((await pngs[kind]?.()) ?? [])
    for (const target of kind === "drawing" ? [odd, half] : [odd, half, fifth, tenth]) {
      // Where a palette was dithered, each filter makes something else of the dots.
      expect(await differenceToSharp(bytes, target)).toBeLessThan(kind.startsWith("palette") ? 2.5 : 1.5)
    }
  })
})

test.each(["cabinet-photo.jpg", "scanned-page.jpg", "wiring-diagram.png", "panel-schedule.png"] as const)(
  "reads the sample %s as sharp does",
  { timeout: 60_000 },
  async (name) => {
    const bytes = await sample(name)
    const { widthPx, heightPx } = uprightSize(opened(bytes).header)
    const target = { widthPx: Math.round(widthPx * 0.64), heightPx: Math.round(heightPx * 0.64) }
    expect(await differenceToSharp(bytes, target)).toBeLessThan(1.5)
  },
)

test.each(["baseline", "progressive"])(
  "says that a %s JPEG ends before its picture, wherever its pixels are cut off",
  async (kind) => {
    const bytes = new Uint8Array(
      await scene()
        .jpeg({ quality: 90, progressive: kind === "progressive" })
        .toBuffer(),
    )
    for (const share of [0.3, 0.6, 0.9, 0.97]) {
      expect(() => read(bytes.subarray(0, bytes.length * share), half)).toThrow(
        "The data ends before the picture does.",
      )
    }
  },
)

describe("memory", { timeout: 60_000 }, () => {
  const target = { widthPx: 512, heightPx: 384 }
  const big = (picture: Sharp): Sharp => picture.resize(2_048, 1_536, { fit: "fill", kernel: "nearest" })

  test.each([
    ["a baseline JPEG", async () => big(scene()).jpeg().toBuffer(), 1.5],
    ["a progressive JPEG", async () => big(scene()).jpeg({ progressive: true }).toBuffer(), 2.5],
    ["a PNG", async () => big(scene()).png().toBuffer(), 1.5],
    ["an interlaced PNG", async () => big(scene()).png({ progressive: true }).toBuffer(), 12],
  ] as const)("%s of 3 megapixels takes no more than predicted, and little", async (_, make, mostMb) => {
    const bytes = new Uint8Array(await make())
    const memory = createMemory()
    read(bytes, target, memory)
    expect(memory.peakBytes()).toBeLessThanOrEqual(predictReaderBytes(bytes, opened(bytes).header, target))
    expect(memory.peakBytes()).toBeLessThan(mostMb * 1_000_000)
  })

  test.each(["png", "jpeg"] as const)("a %s of 12,000 px across takes no more than predicted", async (format) => {
    const bytes = new Uint8Array(await scene().resize(12_000, 40, { fit: "fill" }).toFormat(format).toBuffer())
    const memory = createMemory()
    const wide = { widthPx: 3_000, heightPx: 10 }
    read(bytes, wide, memory)
    expect(memory.peakBytes()).toBeGreaterThan(300_000)
    expect(memory.peakBytes()).toBeLessThanOrEqual(predictReaderBytes(bytes, opened(bytes).header, wide))
  })

  test("is refused before it is allocated when it would be more than the limit", async () => {
    const bytes = new Uint8Array(await scene().png().toBuffer())
    expect(() => read(bytes, size, createMemory(500_000))).toThrow("bytes would be held at once; the limit is 500000.")
  })
})
