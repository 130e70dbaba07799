import { expect, test } from "vitest"
import { readSource } from "./read-source.ts"
import { png } from "./tiny-images.suite.ts"

const base64 = Buffer.from(png()).toString("base64")

test.each([
  ["a data URL", `data:image/png;base64,${base64}`],
  ["a data URL with a wrong media type", `data:text/plain;charset=utf-8;base64,${base64}`],
  ["a data URL in capitals", `DATA:image/png;BASE64,${base64}`],
  ["a data URL with escapes", `data:image/png;base64,${encodeURIComponent(base64)}`],
  ["plain base64", base64],
  ["URL-safe base64 without padding", Buffer.from(png()).toString("base64url")],
  ["base64 in lines", base64.replaceAll(/.{60}/g, "$&\r\n")],
])("reads %s", (_, source) => {
  expect(readSource(0, source)).toEqual({ bytes: png() })
})

test("leaves an https address to be fetched", () => {
  expect(readSource(0, " https://example.com/a.png ")).toEqual({ url: "https://example.com/a.png" })
})

test.each([
  ["text that is not base64", "what is this?", "image_corrupt", "not valid base64"],
  ["a data URL that is not base64", "data:image/svg+xml,<svg/>", "image_corrupt", "not base64"],
  ["a data URL without data", "data:image/png;base64", "image_corrupt", "without a comma"],
  ["a data URL with broken escapes", "data:image/png;base64,%zz", "image_corrupt", "broken % escape"],
  ["an http address", "http://example.com/a.png", "image_fetch_refused", "http: address"],
  ["a file", "file:///etc/passwd", "image_fetch_refused", "file: address"],
  ["a path with a drive", "C:\\drawing.png", "image_fetch_refused", "c: address"],
  ["more base64 than a picture may have", "A".repeat(29_000_000), "image_too_large", "29000000 characters"],
])("refuses %s and says which picture it is", (_, source, code, words) => {
  expect(() => readSource(4, source)).toThrow(
    expect.objectContaining({ code, message: expect.stringContaining(words) }),
  )
  expect(() => readSource(4, source)).toThrow("images[4]")
})
