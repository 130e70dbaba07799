import { expect, test } from "vitest"
import { resample } from "./resample.ts"
import { seeded } from "./tiny-images.suite.ts"

const picture = (widthPx: number, heightPx: number, pixel: (x: number, y: number) => readonly number[]) => ({
  widthPx,
  heightPx,
  rgba: Uint8Array.from({ length: widthPx * heightPx * 4 }, (_, i) => {
    const position = i >> 2
    return pixel(position % widthPx, Math.floor(position / widthPx))[i % 4] ?? 0
  }),
})

test("gives back the very same pixels when the size stays", () => {
  const random = seeded(3)
  const noise = picture(31, 17, () => [random() * 256, random() * 256, random() * 256, 255])
  expect(resample(noise, { widthPx: 31, heightPx: 17 }, 1)).toEqual(noise.rgba)
})

test.each([
  [100, 80, 99, 79],
  [100, 80, 50, 40],
  [100, 80, 7, 3],
  [100, 80, 1, 1],
  [100, 80, 100, 1],
  [1, 80, 1, 9],
])("keeps an even color even, from %i × %i to %i × %i px", (fromWidth, fromHeight, widthPx, heightPx) => {
  const even = picture(fromWidth, fromHeight, () => [200, 100, 50, 255])
  const result = resample(even, { widthPx, heightPx }, 1)
  expect(result).toEqual(picture(widthPx, heightPx, () => [200, 100, 50, 255]).rgba)
})

test("keeps the mean brightness of a fine pattern", () => {
  const checkered = picture(64, 64, (x, y) => ((x + y) % 2 === 0 ? [255, 255, 255, 255] : [0, 0, 0, 255]))
  const result = resample(checkered, { widthPx: 16, heightPx: 16 }, 1)
  for (let i = 0; i < result.length; i += 4) expect(Math.abs((result[i] ?? 0) - 127.5)).toBeLessThan(3)
})

test("keeps an edge where it was", () => {
  const edge = picture(400, 10, (x) => (x < 200 ? [0, 0, 0, 255] : [255, 255, 255, 255]))
  const result = resample(edge, { widthPx: 40, heightPx: 1 }, 1)
  const row = Array.from({ length: 40 }, (_, x) => result[x * 4] ?? 0)
  expect(row.slice(0, 19).every((value) => value === 0)).toBe(true)
  expect(row.slice(21).every((value) => value === 255)).toBe(true)
})

test("puts half-transparent pixels on white", () => {
  const veil = picture(4, 4, () => [0, 0, 0, 128])
  const result = resample(veil, { widthPx: 2, heightPx: 2 }, 1)
  expect([...result.subarray(0, 4)]).toEqual([127, 127, 127, 255])
})

test.each([
  [1, ["ab", "cd", "ef"]],
  [2, ["ba", "dc", "fe"]],
  [3, ["fe", "dc", "ba"]],
  [4, ["ef", "cd", "ab"]],
  [5, ["ace", "bdf"]],
  [6, ["eca", "fdb"]],
  [7, ["fdb", "eca"]],
  [8, ["bdf", "ace"]],
] as const)("turns a picture of orientation %i upright", (orientation, expected) => {
  const letters = "abcdef"
  const stored = picture(2, 3, (x, y) => [letters.charCodeAt(y * 2 + x), 0, 0, 255])
  const result = resample(stored, { widthPx: 2, heightPx: 3 }, orientation)
  const text = Array.from({ length: 6 }, (_, i) => String.fromCharCode(result[i * 4] ?? 0)).join("")
  expect(text).toBe(expected.join(""))
})
