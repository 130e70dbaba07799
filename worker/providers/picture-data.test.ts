import { expect, test } from "vitest"
import { question } from "./fake-upstream.suite.ts"
import { toBase64 } from "../images/base64.ts"
import { pictureData } from "./picture-data.ts"

const bytesOf = (length: number): Uint8Array<ArrayBuffer> =>
  Uint8Array.from({ length }, (_, index) => (index * 31) % 256)

test.each([0, 1, 2, 3, 24_575, 24_576, 24_577, 100_000])("encodes %i bytes as base64", (length) => {
  const bytes = bytesOf(length)

  expect(toBase64(bytes)).toBe(Buffer.from(bytes).toString("base64"))
})

test("encodes a part of a larger buffer as that part alone", () => {
  expect(toBase64(bytesOf(100).subarray(10, 20))).toBe(Buffer.from(bytesOf(100).subarray(10, 20)).toString("base64"))
})

test("names a format that the wire does not take, and those that it does", () => {
  expect(() => pictureData(question(), 0, ["jpeg", "webp"])).toThrow(
    "Picture 1 is png; this provider takes jpeg, webp.",
  )
})

test("takes a picture that is not there for a mistake of ours", () => {
  expect(() => pictureData(question(), 3, ["png"])).toThrow("The prompt names picture 3, but has 1.")
})
