import { expect, test } from "vitest"
import { seeded } from "../tiny-images.suite.ts"
import type { Grey } from "./grey.ts"
import { hashDistance, pdqHash } from "./pdq.ts"

/** Boxes over boxes: edges in all places, so that every frequency has something to say. */
const picture = (seed: number, widthPx = 300, heightPx = 200): Grey => {
  const random = seeded(seed)
  const boxes = Array.from({ length: 40 }, () => ({
    x: random(),
    y: random(),
    edge: random() / 2,
    level: random() * 255,
  }))
  const luma = Uint8Array.from({ length: widthPx * heightPx }, (_, i) => {
    const [x, y] = [(i % widthPx) / widthPx, Math.floor(i / widthPx) / heightPx]
    return (
      boxes.findLast((box) => x >= box.x && x < box.x + box.edge && y >= box.y && y < box.y + box.edge)?.level ?? 128
    )
  })
  return { widthPx, heightPx, luma }
}
const changed = (grey: Grey, change: (value: number, i: number) => number): Grey => ({
  ...grey,
  luma: grey.luma.map((value, i) => Math.min(255, Math.max(0, change(value, i)))),
})

test("sets half of its 256 bits, because the median divides them", () => {
  expect(hashDistance(pdqHash(picture(1)), new Uint8Array(32))).toBe(128)
})

test("stays close when the picture is lit otherwise, or noisy", () => {
  const original = picture(2)
  const random = seeded(9)
  expect(hashDistance(pdqHash(original), pdqHash(changed(original, (value) => value * 0.9 + 8)))).toBeLessThanOrEqual(
    10,
  )
  expect(
    hashDistance(pdqHash(original), pdqHash(changed(original, (value) => value + random() * 8))),
  ).toBeLessThanOrEqual(10)
})

test("stays close at another resolution", () => {
  expect(hashDistance(pdqHash(picture(3)), pdqHash(picture(3, 900, 600)))).toBeLessThanOrEqual(16)
})

test("is far from another picture's, from a mirrored and from a negative one's", () => {
  const original = picture(4)
  const { widthPx } = original
  const mirrored = changed(original, (_, i) => original.luma[i - (i % widthPx) + (widthPx - 1 - (i % widthPx))] ?? 0)
  for (const other of [picture(5), mirrored]) {
    expect(hashDistance(pdqHash(original), pdqHash(other))).toBeGreaterThan(60)
  }
  expect(hashDistance(pdqHash(original), pdqHash(changed(original, (value) => 255 - value)))).toBeGreaterThan(200)
})

test("hashes pictures of any size, the smallest as well", () => {
  for (const [widthPx, heightPx] of [
    [1, 1],
    [3, 500],
    [700, 2],
  ] as const) {
    expect(pdqHash(picture(6, widthPx, heightPx))).toHaveLength(32)
  }
})
