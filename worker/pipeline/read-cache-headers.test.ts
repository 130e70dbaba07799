import { describe, expect, test } from "vitest"
import { readCacheHeaders } from "./read-cache-headers.ts"

const read = (headers: Record<string, string>) => readCacheHeaders(new Headers(headers))

test("without any, answers are read and kept as the settings say", () => {
  expect(read({})).toEqual({ read: true, write: true, tags: [] })
})

test("all of them are read, and tags are told once", () => {
  const wishes = read({
    "cache-control": "max-age=60",
    "x-voltgate-cache-ttl": " 300 ",
    "x-voltgate-cache-key": "report-7/page:1",
    "x-voltgate-cache-namespace": "staging",
    "x-voltgate-tags": "customer:42, plant-7,customer:42",
  })
  expect(wishes).toEqual({
    read: true,
    write: true,
    maxAgeS: 60,
    ttlS: 300,
    key: "report-7/page:1",
    namespace: "staging",
    tags: ["customer:42", "plant-7"],
  })
})

test.each([
  ["true", { read: false, write: false }],
  ["false", { read: true, write: true }],
])("skip %s", (skip, expected) => {
  expect(read({ "x-voltgate-cache-skip": skip })).toMatchObject(expected)
})

describe("what cannot be read is refused, with the header's name and the cure", () => {
  test.each([
    ["x-voltgate-cache-skip", "yes", /true or false/],
    ["x-voltgate-cache-ttl", "soon", /whole seconds/],
    ["x-voltgate-cache-ttl", "0", /at least 1 second/],
    ["x-voltgate-cache-ttl", "86401", /a day at most/],
    ["x-voltgate-cache-ttl", "", /whole seconds/],
    ["x-voltgate-cache-key", "two words", /visible ASCII/],
    ["x-voltgate-cache-key", "k".repeat(257), /1 to 256/],
    ["x-voltgate-cache-namespace", "a/b", /letters, digits/],
    ["x-voltgate-tags", "a,,b", /A tag is/],
    ["x-voltgate-tags", Array.from({ length: 17 }, (_, index) => `t${index}`).join(","), /at most 16/],
  ])("%s: %s", (name, value, cure) => {
    let thrown: unknown
    try {
      read({ [name]: value })
    } catch (error) {
      thrown = error
    }
    expect(thrown).toMatchObject({ code: "invalid_request", message: expect.stringMatching(cure) })
    expect(thrown).toMatchObject({ problems: [{ path: expect.stringContaining(name) }] })
  })
})
