import { expect, test } from "vitest"
import type { Raster } from "../raster.ts"
import { greyOf, greySize } from "./grey.ts"

const gray = (widthPx: number, heightPx: number, value: (x: number, y: number) => number): Raster => ({
  widthPx,
  heightPx,
  channels: 1,
  pixels: Uint8Array.from({ length: widthPx * heightPx }, (_, i) => value(i % widthPx, Math.floor(i / widthPx))),
})

test("averages each pixel of the result over all that it covers", () => {
  const quarters = gray(4, 4, (x, y) => (x < 2 ? 0 : 100) + (y < 2 ? 0 : 50) + (x % 2) * 10)
  expect([...greyOf(quarters, { widthPx: 2, heightPx: 2 }).luma]).toEqual([5, 105, 55, 155])
})

test("splits what lies between two pixels of the result by its share", () => {
  const three = gray(3, 1, (x) => [0, 90, 240][x] ?? 0)
  expect([...greyOf(three, { widthPx: 2, heightPx: 1 }).luma]).toEqual([30, 190])
  const standing = gray(1, 3, (_, y) => [0, 90, 240][y] ?? 0)
  expect([...greyOf(standing, { widthPx: 1, heightPx: 2 }).luma]).toEqual([30, 190])
})

test("keeps one flat value flat at any size", () => {
  for (const [widthPx, heightPx] of [
    [97, 61],
    [50, 1],
    [1, 1],
  ] as const) {
    expect(
      new Set(
        greyOf(
          gray(100, 61, () => 137),
          { widthPx, heightPx },
        ).luma,
      ),
    ).toEqual(new Set([137]))
  }
})

test("weighs red, green and blue as the eye does", () => {
  const colors: Raster = {
    widthPx: 3,
    heightPx: 1,
    channels: 3,
    pixels: Uint8Array.from([255, 0, 0, 0, 255, 0, 0, 0, 255]),
  }
  expect([...greyOf(colors, { widthPx: 3, heightPx: 1 }).luma]).toEqual([76, 150, 29])
})

test.each([
  [
    { widthPx: 4_200, heightPx: 2_970 },
    { widthPx: 1_024, heightPx: 724 },
  ],
  [
    { widthPx: 1_100, heightPx: 1_600 },
    { widthPx: 688, heightPx: 1_000 },
  ],
  [
    { widthPx: 640, heightPx: 400 },
    { widthPx: 400, heightPx: 250 },
  ],
  [
    { widthPx: 1, heightPx: 1 },
    { widthPx: 1, heightPx: 1 },
  ],
  [
    { widthPx: 12_000, heightPx: 1 },
    { widthPx: 1_024, heightPx: 1 },
  ],
])("judges %o at %o", (size, expected) => {
  expect(greySize(size)).toEqual(expected)
})
