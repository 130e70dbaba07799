import photonWasm from "@cf-wasm/photon/photon.wasm"
import { describe, expect, test } from "vitest"
import { createMemory } from "../../images/memory.ts"
import { encodeJpeg } from "../../images/encode/encode-jpeg.ts"
import { encodePalettePng } from "../../images/encode/encode-palette-png.ts"
import type { ImageHeader, Size } from "../../images/image.ts"
import { parseHeader } from "../../images/parse-header.ts"
import type { Raster } from "../../images/raster.ts"
import { imageEngineSuite } from "../../ports/image-engine.suite.ts"
import type { ImageJob } from "../../ports/image-engine.ts"
import { CorruptImage } from "../../ports/image-engine.ts"
import { openPhoton } from "./photon-instance.ts"
import { createPhotonSource } from "./photon-source.ts"
import { createPictureEngine } from "./picture-engine.ts"

imageEngineSuite("of a Worker", () => createPictureEngine({ photon: photonWasm }))

describe("the engine of a Worker", () => {
  test("takes its own reader for JPEG and PNG of any size, and photon for WebP and GIF up to 4 megapixels", () => {
    const engine = createPictureEngine({ photon: photonWasm })
    const chosen = (format: ImageHeader["format"], widthPx: number, heightPx: number) =>
      engine.choose({ bytes: new Uint8Array(1_000), header: { ...plain, format, widthPx, heightPx } }, small)
    expect(chosen("png", 12_000, 8_000)).toMatchObject({ engine: "voltgate" })
    expect(chosen("webp", 2_000, 2_000)).toMatchObject({ engine: "photon" })
    expect(chosen("webp", 2_001, 2_000)).toEqual({
      obstacle: "voltgate does not read WEBP; photon holds 4 megapixels, not 2001 × 2000 px",
      cure: "Send it smaller, as baseline JPEG or PNG without interlacing.",
    })
    expect(chosen("avif", 100, 100)).toMatchObject({ obstacle: expect.stringContaining("photon does not read AVIF") })
  })

  test("makes 12 megapixels of photo and of drawing small, and takes little memory for it", async () => {
    const peaks: number[] = []
    const engine = createPictureEngine({ photon: photonWasm, onDone: (memory) => peaks.push(memory.peakBytes()) })
    const size = { widthPx: 4_000, heightPx: 3_000 }
    const photo = await engine.transform(jobOf(jpegOf(soft(size)), { widthPx: 1_024, heightPx: 768 }))
    const drawing = await engine.transform(jobOf(await pngOf(striped(size)), { widthPx: 1_024, heightPx: 768 }))
    expect(headerOf(photo.bytes)).toMatchObject({ format: "jpeg", widthPx: 1_024, heightPx: 768 })
    expect(headerOf(drawing.bytes)).toMatchObject({ format: "png", widthPx: 1_024, heightPx: 768 })
    expect(peaks[0]).toBeLessThan(5_000_000)
    expect(peaks[1]).toBeLessThan(5_000_000)
  }, 60_000)

  test("does not hold more for a picture than was predicted", async () => {
    let peakBytes = 0
    const engine = createPictureEngine({ photon: photonWasm, onDone: (memory) => (peakBytes = memory.peakBytes()) })
    const bytes = jpegOf(soft({ widthPx: 2_500, heightPx: 1_600 }))
    const job = jobOf(bytes, { widthPx: 2_496, heightPx: 1_597 })
    const choice = engine.choose(job, job.target)
    await engine.transform(job)
    const [predictedMb] = ("why" in choice ? choice.why : "").match(/\d+/) ?? []
    expect(peakBytes).toBeGreaterThan(2_496 * 1_597)
    expect(peakBytes).toBeLessThanOrEqual(Number(predictedMb) * 1_000_000)
  })

  test("refuses an interlaced picture that it could only hold whole, and says what to send", () => {
    const header = { ...plain, format: "png", widthPx: 8_000, heightPx: 6_000, progressive: true } as const
    expect(createPictureEngine({ photon: photonWasm }).choose({ bytes: new Uint8Array(9), header }, small)).toEqual({
      obstacle: expect.stringMatching(/^voltgate would need 15\d MB of memory, of 80 MB; photon holds 4 megapixels/),
      cure: "Send it smaller, as baseline JPEG or PNG without interlacing.",
    })
  })

  test("lets other requests run while a picture is decoded", async () => {
    const engine = createPictureEngine({ photon: photonWasm })
    const bytes = jpegOf(soft({ widthPx: 4_000, heightPx: 3_000 }))
    let turns = 0
    const timer = setInterval(() => turns++, 0)
    await engine.transform(jobOf(bytes, { widthPx: 1_000, heightPx: 750 }))
    clearInterval(timer)
    expect(turns).toBeGreaterThan(5)
  }, 60_000)
})

describe("with the Images binding", () => {
  const avif = {
    bytes: new Uint8Array(1_000),
    header: { ...plain, format: "avif", widthPx: 4_000, heightPx: 3_000 },
  } as const

  test("hands on what neither reader takes, and asks for the exact size", async () => {
    const asked: unknown[] = []
    const engine = createPictureEngine({ photon: photonWasm, images: imagesThat({ asked }) })
    expect(engine.choose(avif, small)).toMatchObject({ engine: "cloudflare-images" })
    const result = await engine.transform({ ...avif, target: small, formats: ["png", "jpeg"], quality: 85 })
    expect(headerOf(result.bytes)).toMatchObject({ ...small, format: "png" })
    expect(asked).toEqual([squeezedTo(small), { format: "image/png" }])
  })

  test("leaves it what is free to do", () => {
    const engine = createPictureEngine({ photon: photonWasm, images: imagesThat({ asked: [] }) })
    const png = { ...avif, header: { ...avif.header, format: "png" } } as const
    expect(engine.choose(png, small)).toMatchObject({ engine: "voltgate" })
  })

  test("says that a picture is corrupt which the service cannot read, and not when the service fails", async () => {
    const job = { ...avif, target: small, formats: ["jpeg"], quality: 85 } as const
    const corrupt = createPictureEngine({ photon: photonWasm, images: imagesThat({ asked: [], code: 9412 }) })
    await expect(corrupt.transform(job)).rejects.toThrow(CorruptImage)
    const down = createPictureEngine({ photon: photonWasm, images: imagesThat({ asked: [], code: 9523 }) })
    await expect(down.transform(job)).rejects.not.toBeInstanceOf(CorruptImage)
  })
})

const squeezedTo = ({ widthPx, heightPx }: Size) => ({ width: widthPx, height: heightPx, fit: "squeeze" })

/** Answers with a drawing of the size asked for, or with an error. */
const imagesThat = ({ asked, code }: { asked: unknown[]; code?: number }): ImagesBinding => {
  const binding = {
    input: () => ({
      transform: (options: { width: number; height: number }) => {
        asked.push(options)
        return {
          output: async (format: unknown) => {
            if (code !== undefined) throw Object.assign(new Error("IMAGES_TRANSFORM_ERROR"), { code })
            asked.push(format)
            const png = await pngOf(striped({ widthPx: options.width, heightPx: options.height }))
            return { response: () => new Response(png) }
          },
        }
      },
    }),
  }
  return binding as unknown as ImagesBinding
}

describe("photon", () => {
  const whole = { widthPx: 2_000, heightPx: 2_000 }

  test("takes no more memory for 4 megapixels than was predicted", async () => {
    const source = createPhotonSource(photonWasm)
    const bytes = photonPng(whole)
    const picture = { bytes, header: headerOf(bytes) }
    const memory = createMemory()
    await source.read(picture, { widthPx: 1_000, heightPx: 1_000 }, { memory, pause: never })
    const prediction = source.predict(picture, { widthPx: 1_000, heightPx: 1_000 })
    expect(prediction).toHaveProperty("peakBytes")
    expect(memory.peakBytes()).toBeLessThanOrEqual("peakBytes" in prediction ? prediction.peakBytes : 0)
  })

  test("gives every picture a fresh memory and lets go of it, over 200 pictures, damaged ones among them", async () => {
    const source = createPhotonSource(photonWasm)
    const good = photonPng({ widthPx: 160, heightPx: 120 })
    const peaks = new Set<number>()
    const outcomes: unknown[] = []
    for (let i = 0; i < 200; i++) {
      const bytes = i % 10 === 9 ? good.slice(0, good.length / 2) : good
      const memory = createMemory()
      const read = source.read(
        { bytes, header: headerOf(good) },
        { widthPx: 80, heightPx: 60 },
        { memory, pause: never },
      )
      outcomes.push(
        await read.then(
          ({ widthPx }) => widthPx,
          (error: unknown) => (error instanceof CorruptImage ? "corrupt" : error),
        ),
      )
      peaks.add(memory.peakBytes())
    }
    expect(outcomes).toEqual(Array.from({ length: 200 }, (_, i) => (i % 10 === 9 ? "corrupt" : 80)))
    // All good pictures need the same, and so do all damaged ones: nothing is left over from the one before.
    expect(peaks.size).toBeLessThanOrEqual(2)
  }, 60_000)
})

const never = (): Promise<void> => Promise.reject(new Error("Photon works in one go."))
const small: Size = { widthPx: 512, heightPx: 384 }
const plain = { bitDepth: 8, hasAlpha: false, frames: 1, progressive: false, orientation: 1 } as const

const headerOf = (bytes: Uint8Array): ImageHeader => {
  const header = parseHeader(bytes)
  if (header === undefined || "fault" in header) throw new Error(`No header: ${header?.fault ?? "unknown type"}`)
  return header
}

const jobOf = (bytes: Uint8Array<ArrayBuffer>, target: Size): ImageJob => ({
  bytes,
  header: headerOf(bytes),
  target,
  formats: ["png", "jpeg"],
  quality: 85,
})

const drawn = ({ widthPx, heightPx }: Size, shade: (x: number, y: number) => number): Raster => {
  const pixels = new Uint8Array(widthPx * heightPx)
  for (let y = 0, at = 0; y < heightPx; y++) for (let x = 0; x < widthPx; x++) pixels[at++] = shade(x, y)
  return { widthPx, heightPx, channels: 1, pixels }
}
const soft = (size: Size): Raster => drawn(size, (x, y) => ((x >> 4) + (y >> 3) + ((x * y) & 7)) & 255)
const striped = (size: Size): Raster => drawn(size, (x, y) => (x % 97 < 4 || y % 131 < 4 ? 20 : 255))

const jpegOf = (raster: Raster): Uint8Array<ArrayBuffer> => {
  const work = encodeJpeg(raster, 90, createMemory())
  for (let step = work.next(); ; step = work.next()) if (step.done === true) return step.value
}
const pngOf = (raster: Raster): Promise<Uint8Array<ArrayBuffer>> => encodePalettePng(raster, createMemory())

/** RGBA, encoded by photon itself. */
const photonPng = (size: Size): Uint8Array<ArrayBuffer> => {
  const rgba = new Uint8Array(size.widthPx * size.heightPx * 4)
  for (let i = 0; i < rgba.length; i++) rgba[i] = i % 4 === 3 ? 255 : (i >> 6) & 0xff
  return openPhoton(photonWasm).encode(rgba, size, "png", 100)
}
