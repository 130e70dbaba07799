import { describe, expect, test } from "vitest"
import { cacheKey, sha256Hex, stableJson } from "./cache-key.ts"
import type { CacheScope } from "./cache-key.ts"

const scope = (changes: Partial<CacheScope> = {}): CacheScope => ({
  tenant: "acme",
  modelPolicy: "auto",
  prompt: "count@1",
  parameters: { temperature: 0, detail: "auto" },
  conversation: undefined,
  pictures: ["aa", "bb"],
  ...changes,
})
const keyOf = async (changes: Partial<CacheScope> = {}, query = "Which breaker is it?"): Promise<string> =>
  (await cacheKey("a secret", scope(changes), query)).key

test("one question about the same pictures has one key, and its wording is told apart", async () => {
  const one = await cacheKey("a secret", scope(), "Which breaker is it?")
  const other = await cacheKey("a secret", scope(), "which breaker is it")
  expect(other.key).toBe(one.key)
  expect(other.questionHash).not.toBe(one.questionHash)
})

describe("whatever changes the answer changes the key", () => {
  test.each<[string, Partial<CacheScope>]>([
    ["tenant", { tenant: "other" }],
    ["model policy", { modelPolicy: "openai/gpt-4o" }],
    ["prompt version", { prompt: "count@2" }],
    ["schema", { schema: { type: "object" } }],
    ["parameter", { parameters: { temperature: 1, detail: "auto" } }],
    ["conversation", { conversation: { system: "Be rude." } }],
    ["picture", { pictures: ["aa", "bc"] }],
    ["order of pictures", { pictures: ["bb", "aa"] }],
    ["number of pictures", { pictures: ["aa"] }],
  ])("%s", async (_, changes) => {
    expect(await keyOf(changes)).not.toBe(await keyOf())
  })

  test("the secret", async () => {
    expect((await cacheKey("another secret", scope(), "Which breaker is it?")).key).not.toBe(await keyOf())
  })
})

test("the order in which parameters were written changes nothing", async () => {
  expect(await keyOf({ parameters: { detail: "auto", temperature: 0 } })).toBe(await keyOf())
})

test("a key says nothing about the question, the tenant or the picture", async () => {
  expect(await keyOf()).toMatch(/^voltgate:answer:1:[0-9a-f]{64}$/)
})

test("stable JSON sorts keys at every depth and keeps the order of lists", () => {
  expect(stableJson({ b: [{ d: 1, c: 2 }, 1], a: null })).toBe('{"a":null,"b":[{"c":2,"d":1},1]}')
})

test("a picture's identity is its SHA-256", async () => {
  const ofNothing = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
  expect(await sha256Hex(new Uint8Array(0))).toBe(ofNothing)
})
