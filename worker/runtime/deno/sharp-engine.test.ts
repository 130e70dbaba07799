import sharp from "sharp"
import { expect, test } from "vitest"
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
    format: "jpeg",
    quality: 85,
  })
  expect(parseHeader(result)).toMatchObject({ format: "jpeg", widthPx: 30, heightPx: 20 })
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
    format: "webp",
    quality: 85,
  })
  expect(parseHeader(result)).toMatchObject({ format: "webp", widthPx: 1_024, heightPx: 768 })
})

test("refuses to write a format that it does not promise, without calling the picture corrupt", async () => {
  const bytes = new Uint8Array(
    await sharp({ create: { width: 4, height: 4, channels: 3, background: "#fff" } })
      .png()
      .toBuffer(),
  )
  const header = parseHeader(bytes)
  if (header === undefined || "fault" in header) throw new Error("No PNG header.")
  const job = { bytes, header, target: { widthPx: 2, heightPx: 2 }, format: "gif", quality: 85 } as const
  await expect(createSharpEngine().transform(job)).rejects.toThrow("does not write gif")
})
