import { describe, expect, test } from "vitest"
import { createCacheKeys, sha256Hex, stableJson } from "./cache-key.ts"
import type { PurgeTarget } from "../../contract/purge.ts"
import type { CacheScope } from "./cache-key.ts"

const scope = (changes: Partial<CacheScope> = {}): CacheScope => ({
  pictureTier: "pixels",
  tenant: "acme",
  modelPolicy: "auto",
  prompt: "count@1",
  queryType: "count",
  parameters: { temperature: 0, detail: "auto" },
  conversation: undefined,
  pictures: ["aa", "bb"],
  embedder: "lexical-1",
  ...changes,
})
const asked = "Which breaker is it?"
const addressOf = (changes: Partial<CacheScope> = {}, query = asked, secret = "a secret") =>
  createCacheKeys(secret).addressOf(scope(changes), query)

test("one question about the same pictures has one address, however it is worded", async () => {
  expect(await addressOf({}, "which breaker is it")).toEqual(await addressOf())
})

test("another question about the same pictures lies in the same group", async () => {
  const [one, other] = [await addressOf(), await addressOf({}, "How many breakers are there?")]
  expect(other).toEqual({ ...one, entry: other.entry })
  expect(other.entry).not.toBe(one.entry)
})

describe("whatever changes the answer changes group and entry", () => {
  test.each<[string, Partial<CacheScope>]>([
    ["tenant", { tenant: "other" }],
    ["model policy", { modelPolicy: "openai/gpt-4o" }],
    ["prompt version", { prompt: "count@2" }],
    ["query type", { queryType: "ocr" }],
    ["schema", { schema: { type: "object" } }],
    ["parameter", { parameters: { temperature: 1, detail: "auto" } }],
    ["conversation", { conversation: { system: "Be rude." } }],
    ["embedder", { embedder: "lexical-2" }],
    ["namespace", { namespace: "staging" }],
    ["chosen key", { key: "report-7" }],
    ["picture", { pictures: ["aa", "bc"] }],
    ["order of pictures", { pictures: ["bb", "aa"] }],
    ["number of pictures", { pictures: ["aa"] }],
  ])("%s", async (_, changes) => {
    const [one, other] = [await addressOf(), await addressOf(changes)]
    expect(other.group).not.toBe(one.group)
    expect(other.entry).not.toBe(one.entry)
  })

  test("the secret", async () => {
    const [one, other] = [await addressOf(), await addressOf({}, asked, "another secret")]
    for (const part of ["tenant", "group", "entry"] as const) expect(other[part]).not.toBe(one[part])
  })
})

test("the order in which parameters were written changes nothing", async () => {
  expect(await addressOf({ parameters: { detail: "auto", temperature: 0 } })).toEqual(await addressOf())
})

test("an address says nothing about the question, the tenant or the picture", async () => {
  for (const part of Object.values(await addressOf())) expect(part).toMatch(/^[0-9a-f]{32}$/)
})

test("a tenant's book has the name that its addresses say", async () => {
  expect(await createCacheKeys("a secret").bookOf("acme")).toBe((await addressOf()).tenant)
})

describe("a label", () => {
  const hide = async (tenant: string, label: PurgeTarget) =>
    (await createCacheKeys("a secret").hideLabels(tenant, [label])).join()
  const label: PurgeTarget = { kind: "model", value: "openai/gpt-4o" }

  test("is the same for its tenant, and says nothing", async () => {
    expect(await hide("acme", label)).toMatch(/^[0-9a-f]{32}$/)
    expect(await hide("acme", label)).toBe(await hide("acme", { ...label }))
  })

  test.each<[string, string, PurgeTarget]>([
    ["tenant", "other", label],
    ["kind", "acme", { ...label, kind: "prompt" }],
    ["value", "acme", { ...label, value: "openai/gpt-4" }],
  ])("is another for another %s", async (_, tenant, other) => {
    expect(await hide(tenant, other)).not.toBe(await hide("acme", label))
  })
})

test("stable JSON sorts keys at every depth and keeps the order of lists", () => {
  expect(stableJson({ b: [{ d: 1, c: 2 }, 1], a: null })).toBe('{"a":null,"b":[{"c":2,"d":1},1]}')
})

test("a picture's identity is its SHA-256", async () => {
  const ofNothing = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
  expect(await sha256Hex(new Uint8Array(0))).toBe(ofNothing)
})
