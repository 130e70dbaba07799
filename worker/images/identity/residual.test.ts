import { expect, test } from "vitest"
import type { Grey } from "./grey.ts"
import { residualOf } from "./residual.ts"

const flat = (widthPx: number, heightPx: number, value = 100): Grey => ({
  widthPx,
  heightPx,
  luma: new Uint8Array(widthPx * heightPx).fill(value),
})
const withDot = (grey: Grey, x: number, y: number, value: number): Grey => {
  const luma = grey.luma.slice()
  luma[y * grey.widthPx + x] = value
  return { ...grey, luma }
}

test("finds nothing between equal pictures, and an even change everywhere", () => {
  expect(residualOf(flat(50, 40), flat(50, 40)).worstWindow(8)).toBe(0)
  expect(residualOf(flat(50, 40), flat(50, 40, 93)).worstWindow(8)).toBe(7)
})

test.each([
  [0, 0],
  [49, 0],
  [0, 39],
  [49, 39],
  [25, 20],
  [7, 8],
])("sees a changed pixel at %i, %i, whichever way it changed", (x, y) => {
  const original = flat(50, 40)
  for (const value of [36, 164]) {
    expect(residualOf(original, withDot(original, x, y, value)).worstWindow(8)).toBe(1)
    expect(residualOf(original, withDot(original, x, y, value)).worstWindow(4)).toBe(4)
  }
})

test("sees a change whole that lies on the seam of four windows", () => {
  const original = flat(32, 32)
  const changed = [
    [15, 15],
    [16, 15],
    [15, 16],
    [16, 16],
  ].reduce((grey, [x = 0, y = 0]) => withDot(grey, x, y, 164), original)
  expect(residualOf(original, changed).worstWindow(8)).toBe(4)
})

test("takes a picture smaller than a window for one window", () => {
  const tiny = flat(2, 2)
  expect(residualOf(tiny, withDot(tiny, 1, 1, 140)).worstWindow(8)).toBe(10)
})
