import { expect, test } from "vitest"
import { seeded } from "../tiny-images.suite.ts"
import type { Grey } from "./grey.ts"
import { looksSame, mayLookSame, sameShape } from "./look.ts"

const random = seeded(4)
const drawing: Grey = {
  widthPx: 200,
  heightPx: 120,
  luma: Uint8Array.from({ length: 200 * 120 }, (_, i) => (i % 17 === 0 ? 40 : 240)),
}
const changedBy = (change: (value: number, i: number) => number): Grey => ({
  ...drawing,
  luma: drawing.luma.map(change),
})

test("takes an encoder's noise for nothing", () => {
  expect(
    looksSame(
      drawing,
      changedBy((value) => value + random() * 14 - 7),
    ),
  ).toBe(true)
})

test.each([
  ["a stroke of 1 × 3 px that is new", (i: number) => [5_050, 5_250, 5_450].includes(i)],
  ["a dot of 2 × 2 px that is gone", (i: number) => [9_010, 9_011, 9_210, 9_211].includes(i)],
])("does not take %s for nothing", (_, isChanged) => {
  expect(
    looksSame(
      drawing,
      changedBy((value, i) => (isChanged(i) ? 255 - value : value)),
    ),
  ).toBe(false)
})

test("compares what rounding made a pixel higher, and nothing at different edges", () => {
  const smooth = (widthPx: number, heightPx: number): Grey => ({
    widthPx,
    heightPx,
    luma: Uint8Array.from({ length: widthPx * heightPx }, (_, i) => (200 * Math.floor(i / widthPx)) / heightPx),
  })
  expect(looksSame(smooth(200, 120), smooth(200, 121))).toBe(true)
  expect(looksSame(smooth(200, 120), smooth(199, 120))).toBe(false)
})

test.each([
  [4_200, 2_970, 2_100, 1_485, true],
  [4_200, 2_970, 1_024, 724, true],
  [1_000, 1_000, 1_005, 1_000, true],
  [1_000, 1_000, 1_006, 1_000, false],
  [1_000, 700, 700, 1_000, false],
])("%i × %i and %i × %i px are of one shape: %s", (w1, h1, w2, h2, same) => {
  expect(sameShape({ widthPx: w1, heightPx: h1 }, { widthPx: w2, heightPx: h2 })).toBe(same)
})

test("asks for both a near hash and one shape before any pixel is compared", () => {
  const size = { widthPx: 1_000, heightPx: 700 }
  const hash = new Uint8Array(32)
  const bits = (count: number): Uint8Array => hash.map((_, i) => (i < count ? 1 : 0))
  expect(mayLookSame({ size, hash }, { size, hash: bits(10) })).toBe(true)
  expect(mayLookSame({ size, hash }, { size, hash: bits(11) })).toBe(false)
  expect(mayLookSame({ size, hash }, { size: { ...size, widthPx: 1_010 }, hash })).toBe(false)
})
