import { describe, expect, test } from "vitest"
import { fromBase64, toBase64 } from "./base64.ts"
import { seeded } from "./tiny-images.suite.ts"

describe.each([{ native: true }, { native: false }])("base64 (native: $native)", (options) => {
  test("gives back what was encoded, at every length", () => {
    const random = seeded(7)
    for (let length = 0; length < 200; length++) {
      const bytes = Uint8Array.from({ length }, () => random() * 256)
      const text = toBase64(bytes, options)
      expect(text).toBe(Buffer.from(bytes).toString("base64"))
      expect(fromBase64(text, options)).toEqual(bytes)
    }
  })

  test("gives back 10 MB", { timeout: 60_000 }, () => {
    const bytes = new Uint8Array(10_000_001).map((_, i) => (i * 7) >> 3)
    const text = toBase64(bytes, options)
    expect(text).toHaveLength(13_333_336)
    expect(Buffer.compare(fromBase64(text, options) ?? new Uint8Array(), bytes)).toBe(0)
  })

  test.each([
    ["without padding", "AP8Q"],
    ["without the padding it needs", "AP8QIA"],
    ["with line breaks and blanks", " AP8\r\nQ IA ==\n"],
    ["URL-safe", "AP8QIA_-"],
  ])("reads base64 %s", (_, text) => {
    const expected = Buffer.from(text.replaceAll(/\s/g, ""), "base64url")
    expect(fromBase64(text, options)).toEqual(new Uint8Array(expected))
  })

  test.each([
    ["a foreign letter", "AP8!"],
    ["a letter beyond ASCII", "AP8Ā"],
    ["one letter too many", "AP8QI"],
    ["letters behind the padding", "AP8=AP8="],
    ["too much padding", "AP8QIA==="],
    ["both alphabets at once", "AP+-"],
  ])("finds that %s is not base64", (_, text) => {
    expect(fromBase64(text, options)).toBeUndefined()
  })
})
