import { describe, expect, test } from "vitest"
import { readPurgeRequest } from "./read-purge-request.ts"

const read = (query: string) => readPurgeRequest(new URL(`https://gate.example/v1/cache${query}`))
const hash = "0a".repeat(32)

test("each kind may be named, any number of times", () => {
  const query = `?picture=${hash.toUpperCase()}&tag=a&tag=b:1&queryType=ocr&model=openai/gpt-4o&prompt=count@1&prompt=verbatim`
  expect(read(query)).toEqual([
    { kind: "picture", value: hash },
    { kind: "tag", value: "a" },
    { kind: "tag", value: "b:1" },
    { kind: "queryType", value: "ocr" },
    { kind: "model", value: "openai/gpt-4o" },
    { kind: "prompt", value: "count@1" },
    { kind: "prompt", value: "verbatim" },
  ])
})

test("all is all", () => {
  expect(read("?all=true")).toBe("all")
})

describe("what would purge nothing, or too much, is refused with the cure", () => {
  test.each([
    ["", /Say what to purge: \?picture=…/],
    ["?all=yes", /stands alone/],
    ["?all=true&tag=a", /stands alone/],
    ["?tenant=other", /cannot be purged by "tenant"/],
    ["?constructor=x", /cannot be purged by "constructor"/],
    ["?picture=panel.png", /SHA-256/],
    ["?tag=", /A tag is/],
    ["?queryType=orc", /There are: .*ocr/],
    ["?model=gpt-4o", /provider\/model/],
    ["?prompt=count", /count@1/],
    [`?${Array.from({ length: 65 }, (_, index) => `tag=t${index}`).join("&")}`, /at most 64/],
  ])("%s", (query, cure) => {
    expect(() => read(query)).toThrow(cure)
    expect(() => read(query)).toThrow(expect.objectContaining({ code: "invalid_request" }))
  })
})
