import { describe, expect, test } from "vitest"
import { findTopLevelString, replaceString } from "./find-top-level-string.ts"

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text)

describe("finds the member wherever it stands", () => {
  test.each([
    ['{"model":"gpt-4o","messages":[]}', "gpt-4o"],
    ['{ "messages" : [ {"model":"inner"} ] , "model" : "outer" }', "outer"],
    ['{"a":"quote \\" and \\\\","model":"m"}', "m"],
    ['{"a":"ends in backslash \\\\\\\\","model":"m"}', "m"],
    ['{"a":{"b":[1,{"c":"}]"}]},"n":-1.5e3,"t":true,"z":null,"model":"m"}', "m"],
    ['{"mode":"x","model":"caf\\u00e9 ü"}', "café ü"],
    ['\n\t{"model":"m"}', "m"],
  ])("%s", (json, expected) => {
    expect(findTopLevelString(bytes(json), "model")?.value).toBe(expected)
  })
})

describe("finds nothing in what is not a plain object with that string", () => {
  test.each([
    "",
    "[]",
    "{}",
    '{"model":5}',
    '{"messages":[{"model":"inner"}]}',
    '{"model"',
    '{"model":"cut',
    '{"a":[1,2,"model":"x"',
    '{"a" "model":"x"}',
    '{"model":"bad \\u12"}',
    "not json at all",
  ])("%s", (json) => {
    expect(findTopLevelString(bytes(json), "model")).toBeUndefined()
  })
})

test("never runs away on bytes that are not JSON", () => {
  let seed = 7
  for (let round = 0; round < 20_000; round++) {
    const json = Uint8Array.from({ length: 24 }, () => {
      seed = (seed * 1_103_515_245 + 12_345) & 0x7fffffff
      return '{}[]",:\\modela1 '.charCodeAt(seed % 16)
    })
    expect(() => findTopLevelString(json, "model")).not.toThrow()
  }
})

test("agrees with a full parse on generated objects", () => {
  for (let round = 0; round < 200; round++) {
    const value = { a: "x\\".repeat(round % 5), b: [{ model: "no" }, '"'], model: `m-${round}`, c: round }
    const found = findTopLevelString(bytes(JSON.stringify(value, null, round % 3)), "model")
    expect(found?.value).toBe(value.model)
  }
})

test("puts another string in its place and leaves every other byte alone", () => {
  const json = bytes('{"x":"ü","model":"old","y":[1]}')
  const found = findTopLevelString(json, "model")
  if (found === undefined) throw new Error("not found")
  expect(new TextDecoder().decode(replaceString(json, found, 'ne"w'))).toBe('{"x":"ü","model":"ne\\"w","y":[1]}')
})
