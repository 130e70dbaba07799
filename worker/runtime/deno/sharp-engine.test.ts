import sharp from "sharp"
import { expect, test } from "vitest"
import { sample } from "../../../dev/samples.ts"
import { parseHeader } from "../../images/parse-header.ts"
import { imageEngineSuite } from "../../ports/image-engine.suite.ts"
import { createSharpEngine } from "./sharp-engine.ts"

imageEngineSuite("sharp", createSharpEngine)

test("reads AVIF, which the container itself may turn", async () => {
  const size = { width: 60, height: 40, channels: 3 } as const
  const avif = await sharp({ create: { ...size, background: "#28b43c" } })
    .avif()
    .toBuffer()
  const bytes = new Uint8Array(avif)
  const header = parseHeader(bytes)
  if (header === undefined || "fault" in header) throw new Error("No AVIF header.")
  const result = await createSharpEngine().transform({
    bytes,
    header,
    target: { widthPx: 30, heightPx: 20 },
    formats: ["jpeg"],
    quality: 85,
  })
  expect(parseHeader(result.bytes)).toMatchObject({ format: "jpeg", widthPx: 30, heightPx: 20 })
})

test("holds a picture of 12 megapixels, far beyond what a Worker can", async () => {
  const size = { width: 4_000, height: 3_000, channels: 3 } as const
  const bytes = new Uint8Array(
    await sharp({ create: { ...size, background: "#dc2828" } })
      .jpeg()
      .toBuffer(),
  )
  const header = parseHeader(bytes)
  if (header === undefined || "fault" in header) throw new Error("No JPEG header.")
  const engine = createSharpEngine()
  const result = await engine.transform({
    bytes,
    header,
    target: { widthPx: 1_024, heightPx: 768 },
    formats: ["webp"],
    quality: 85,
  })
  expect(parseHeader(result.bytes)).toMatchObject({ format: "webp", widthPx: 1_024, heightPx: 768 })
})

test("writes a photo as WebP or JPEG, the smaller of those that are taken, and names both", async () => {
  const bytes = await sample("cabinet-photo.jpg")
  const header = parseHeader(bytes)
  if (header === undefined || "fault" in header) throw new Error("No JPEG header.")
  const job = { bytes, header, target: { widthPx: 600, heightPx: 800 }, quality: 85 } as const
  const both = await createSharpEngine().transform({ ...job, formats: ["png", "jpeg", "webp", "gif"] })
  expect(both.considered.map(({ format }) => format)).toEqual(["jpeg", "webp"])
  expect(both.bytes.length).toBe(Math.min(...both.considered.map(({ sizeBytes }) => sizeBytes)))
  expect(both.format).toBe("webp")
  const jpegOnly = await createSharpEngine().transform({ ...job, formats: ["png", "jpeg"] })
  expect(jpegOnly).toMatchObject({ format: "jpeg", considered: [{ format: "jpeg" }] })
})
