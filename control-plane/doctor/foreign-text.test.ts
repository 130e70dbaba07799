import { expect, test } from "vitest"
import { showForeign } from "./foreign-text.ts"

test("secrets are masked as they are and percent-encoded, the longer first", () => {
  expect(showForeign("pass p@ss and p%40ss and p@ss-word", ["p@ss", "", "p@ss-word"])).toBe("pass ••• and ••• and •••")
})

test("what a terminal obeys becomes a space, and so does every line's end", () => {
  expect(showForeign("a\u001B[2Jb\r\nc\u202Ed\u0000", [])).toBe("a [2Jb c d")
})

test("long text is cut", () => {
  expect(showForeign("a".repeat(1000), [])).toBe(`${"a".repeat(300)} …`)
})
