import { expect, test } from "vitest"
import { seeded } from "../tiny-images.suite.ts"
import type { Grey } from "./grey.ts"
import { packGrey, unpackGrey } from "./packed-grey.ts"

const noisy: Grey = {
  widthPx: 90,
  heightPx: 61,
  luma: Uint8Array.from(
    { length: 90 * 61 },
    (
      (random) => () =>
        random() * 256
    )(seeded(2)),
  ),
}

test("comes back with its size, each pixel off by 4 levels at most, black and white not at all", async () => {
  const back = await unpackGrey(await packGrey(noisy))
  expect(back).toMatchObject({ widthPx: 90, heightPx: 61 })
  const off = noisy.luma.map((value, i) => Math.abs(value - (back?.luma[i] ?? 0)))
  expect(Math.max(...off)).toBeLessThanOrEqual(4)
  const extremes: Grey = { widthPx: 2, heightPx: 1, luma: Uint8Array.from([0, 255]) }
  expect((await unpackGrey(await packGrey(extremes)))?.luma).toEqual(extremes.luma)
})

test("makes a drawing small", async () => {
  const lines = noisy.luma.map((_, i) => (i % 30 === 0 ? 0 : 255))
  expect((await packGrey({ ...noisy, luma: lines })).length).toBeLessThan(lines.length / 20)
})

test("is nothing when it was damaged, cut off, or unfolds into more than its size", async () => {
  const packed = await packGrey(noisy)
  const claimsLess = packed.slice()
  claimsLess[1] = 2
  for (const damaged of [
    packed.slice(0, packed.length / 2),
    claimsLess,
    new Uint8Array(3),
    packed.map((byte, i) => (i > 4 ? ~byte : byte)),
  ]) {
    expect(await unpackGrey(damaged)).toBeUndefined()
  }
})
