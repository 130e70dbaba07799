import { expect, test } from "vitest"
import { GatewayError } from "../errors.ts"
import { receiveImage } from "./limits.ts"
import { png } from "./tiny-images.suite.ts"

test("takes in a picture within the limits, with its header", () => {
  const bytes = png({ widthPx: 12_000, heightPx: 8_000 })
  expect(receiveImage(3, bytes)).toEqual({
    index: 3,
    bytes,
    header: expect.objectContaining({ widthPx: 12_000, heightPx: 8_000 }),
  })
})

test.each([
  ["is empty", new Uint8Array(0), "image_missing", 400, ["images[2]"]],
  [
    "is no picture",
    Uint8Array.of(0x25, 0x50, 0x44, 0x46),
    "image_unsupported_type",
    415,
    ["images[2]", "25 50 44 46", "PNG, JPEG"],
  ],
  ["has over 20 MB", new Uint8Array(20_000_001), "image_too_large", 413, ["images[2]", "20.01 MB", "20 MB"]],
  [
    "is too wide",
    png({ widthPx: 12_001, heightPx: 10 }),
    "image_too_large",
    413,
    ["images[2]", "12001 × 10 px", "12000 px"],
  ],
  ["is too high", png({ widthPx: 10, heightPx: 12_001 }), "image_too_large", 413, ["images[2]", "10 × 12001 px"]],
  [
    "has too many pixels",
    png({ widthPx: 10_001, heightPx: 10_000 }),
    "image_too_large",
    413,
    ["images[2]", "100.01 megapixels"],
  ],
  ["is damaged", png().slice(0, 20), "image_corrupt", 422, ["images[2]", "PNG header ends too early"]],
] as const)("refuses a picture that %s, naming it and what was measured", (_, bytes, code, status, words) => {
  const error = thrownBy(() => receiveImage(2, bytes))
  expect(error).toMatchObject({ code, status })
  for (const word of words) expect(error.message).toContain(word)
})

const thrownBy = (work: () => unknown): GatewayError => {
  try {
    work()
  } catch (error) {
    if (error instanceof GatewayError) return error
    throw error
  }
  throw new Error("Nothing was thrown.")
}
