import { expect, test } from "vitest"
import type { EncodedImage, ImageJob } from "../ports/image-engine.ts"
import { createResultCache } from "./result-cache.ts"
import { received } from "./tiny-images.suite.ts"

const picture = (seed: number) => {
  const image = received({ format: "png", widthPx: 640, heightPx: 480 }, 64)
  image.bytes.fill(seed)
  return image
}
const job = (changes: Partial<ImageJob> = {}, seed = 1): ImageJob => ({
  ...picture(seed),
  target: { widthPx: 320, heightPx: 240 },
  formats: ["png", "jpeg"],
  quality: 85,
  ...changes,
})
/** An engine that counts; each result is another one of 100 bytes. */
const counting = () => {
  let made = 0
  const transform = async (): Promise<EncodedImage> => ({
    bytes: new Uint8Array(100).fill(++made),
    format: "png",
    considered: [{ format: "png", sizeBytes: 100 }],
  })
  return { engine: { transform }, made: () => made }
}

test("makes a picture once for the same bytes and target, and says the second time that nothing was decoded", async () => {
  const cache = createResultCache({ maxBytes: 1_000 })
  const { engine, made } = counting()
  const first = await cache.transform("acme", job(), engine)
  const second = await cache.transform("acme", job(), engine)
  expect([first.isReused, second.isReused, made()]).toEqual([false, true, 1])
  expect(second).toEqual({ ...first, isReused: true })
})

test.each<[string, string, ImageJob]>([
  ["other bytes", "acme", job({}, 2)],
  ["another width", "acme", job({ target: { widthPx: 321, heightPx: 240 } })],
  ["another height", "acme", job({ target: { widthPx: 320, heightPx: 241 } })],
  ["other formats", "acme", job({ formats: ["jpeg"] })],
  ["another quality", "acme", job({ quality: 80 })],
  ["another tenant", "other", job()],
])("makes it anew for %s", async (_, tenant, other) => {
  const cache = createResultCache({ maxBytes: 1_000 })
  const { engine, made } = counting()
  await cache.transform("acme", job(), engine)
  expect((await cache.transform(tenant, other, engine)).isReused).toBe(false)
  expect(made()).toBe(2)
})

test("holds no more bytes than it may, and lets the longest unused go", async () => {
  const cache = createResultCache({ maxBytes: 250 })
  const { engine } = counting()
  for (const seed of [1, 2]) await cache.transform("acme", job({}, seed), engine)
  await cache.transform("acme", job({}, 1), engine)
  await cache.transform("acme", job({}, 3), engine)
  expect((await cache.transform("acme", job({}, 1), engine)).isReused).toBe(true)
  expect((await cache.transform("acme", job({}, 2), engine)).isReused).toBe(false)
})

test("does not keep what is larger than all it may hold, nor a failure", async () => {
  const cache = createResultCache({ maxBytes: 50 })
  const { engine, made } = counting()
  await cache.transform("acme", job(), engine)
  expect((await cache.transform("acme", job(), engine)).isReused).toBe(false)
  expect(made()).toBe(2)
  const failing = { transform: () => Promise.reject(new Error("broken")) }
  await expect(cache.transform("acme", job({}, 9), failing)).rejects.toThrow("broken")
  expect((await cache.transform("acme", job({}, 9), engine)).isReused).toBe(false)
})

test("gives each of many at once a whole result, and everyone afterwards the kept one", async () => {
  const cache = createResultCache({ maxBytes: 1_000 })
  const { engine, made } = counting()
  const all = await Promise.all(Array.from({ length: 10 }, () => cache.transform("acme", job(), engine)))
  expect(all.every(({ bytes }) => bytes.length === 100)).toBe(true)
  const before = made()
  expect((await cache.transform("acme", job(), engine)).isReused).toBe(true)
  expect(made()).toBe(before)
})
