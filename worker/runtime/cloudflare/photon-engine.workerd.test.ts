import photonWasm from "@cf-wasm/photon/photon.wasm"
import { expect, test } from "vitest"
import type { ImageHeader } from "../../images/image.ts"
import { parseHeader } from "../../images/parse-header.ts"
import { imageEngineSuite } from "../../ports/image-engine.suite.ts"
import { CorruptImage } from "../../ports/image-engine.ts"
import { createPhotonEngine } from "./photon-engine.ts"
import { openPhoton } from "./photon-instance.ts"

imageEngineSuite("photon", () => createPhotonEngine(photonWasm))

test(
  "gives every picture a fresh memory and lets go of it, over 200 pictures, damaged ones among them",
  { timeout: 60_000 },
  async () => {
    const memories: WeakRef<WebAssembly.Memory>[] = []
    const peaks = new Set<number>()
    const engine = createPhotonEngine(photonWasm, {
      onDone: (memory) => {
        memories.push(new WeakRef(memory))
        peaks.add(memory.buffer.byteLength)
      },
    })
    const good = jpegOf(160, 120)
    const header = headerOf(good)
    const damaged = good.slice(0, good.length / 2)
    const outcomes: unknown[] = []
    for (let i = 0; i < 200; i++) {
      const bytes = i % 10 === 9 ? damaged : good
      const job = { bytes, header, target: { widthPx: 80, heightPx: 60 }, format: "jpeg", quality: 85 } as const
      outcomes.push(
        await engine.transform(job).then(
          (result) => headerOf(result).widthPx,
          (error: unknown) => (error instanceof CorruptImage ? "corrupt" : error),
        ),
      )
      // A turn of the event loop, as between two requests: what WeakRefs saw in this turn stays alive through it.
      await new Promise((resolve) => setTimeout(resolve, 0))
    }
    expect(outcomes).toEqual(Array.from({ length: 200 }, (_, i) => (i % 10 === 9 ? "corrupt" : 80)))
    expect(memories).toHaveLength(200)
    expect(
      new Set(memories.map((memory) => memory.deref()).filter((memory) => memory !== undefined)).size,
    ).toBeLessThan(100)
    // All good pictures need the same, and so do all damaged ones: nothing is left over from the one before.
    expect(peaks.size).toBeLessThanOrEqual(2)
  },
)

test("stays far below an isolate's 128 MB with 4 megapixels that hardly shrink", { timeout: 60_000 }, async () => {
  let peakBytes = 0
  const engine = createPhotonEngine(photonWasm, { onDone: (memory) => (peakBytes = memory.buffer.byteLength) })
  const bytes = jpegOf(2_500, 1_600)
  const result = await engine.transform({
    bytes,
    header: headerOf(bytes),
    target: { widthPx: 2_496, heightPx: 1_597 },
    format: "jpeg",
    quality: 85,
  })
  expect(headerOf(result)).toMatchObject({ widthPx: 2_496, heightPx: 1_597 })
  expect(peakBytes).toBeLessThan(64_000_000)
})

test("refuses to write a format that it does not promise, without calling the picture corrupt", async () => {
  const bytes = jpegOf(8, 8)
  const job = {
    bytes,
    header: headerOf(bytes),
    target: { widthPx: 4, heightPx: 4 },
    format: "webp",
    quality: 85,
  } as const
  await expect(createPhotonEngine(photonWasm).transform(job)).rejects.toThrow("does not write webp")
})

/** A JPEG of soft gradients, encoded by photon itself. */
const jpegOf = (widthPx: number, heightPx: number): Uint8Array<ArrayBuffer> => {
  const rgba = new Uint8Array(widthPx * heightPx * 4)
  for (let i = 0; i < rgba.length; i++) rgba[i] = i % 4 === 3 ? 255 : (i >> 6) & 0xff
  return openPhoton(photonWasm).encode(rgba, { widthPx, heightPx }, "jpeg", 90)
}

const headerOf = (bytes: Uint8Array): ImageHeader => {
  const header = parseHeader(bytes)
  if (header === undefined || "fault" in header) throw new Error(`No header: ${header?.fault ?? "unknown type"}`)
  return header
}
