import { describe, expect, test } from "vitest"
import type { SentImage } from "../images/image.ts"
import { buildPrompt } from "./build-prompt.ts"
import type { PromptInput } from "./build-prompt.ts"
import { findQueryType, queryTypes } from "./find-query-type.ts"
import { normalizeText } from "./normalize-text.ts"

const image = (index: number): SentImage => ({ index, bytes: new Uint8Array(1), format: "png" })
const input = (changes: Partial<PromptInput> = {}): PromptInput => ({
  query: "How many breakers?",
  queryType: findQueryType("count").queryType,
  images: [image(0)],
  detail: "auto",
  ...changes,
})

test("what is the same for a type comes first, whatever the question", () => {
  const [one, other] = [buildPrompt(input(), "openai"), buildPrompt(input({ query: "How many fuses?" }), "openai")]
  expect(one.system).toBe(other.system)
  expect(one.system).not.toContain("breakers")
})

test("the type bounds the output and asks for its schema; the caller's own bounds win", () => {
  expect(buildPrompt(input(), "openai")).toMatchObject({
    maxOutputTokens: 2048,
    temperature: 0,
    schema: { name: "count" },
  })
  expect(buildPrompt(input({ maxOutputTokens: 7, temperature: 1 }), "openai")).toMatchObject({
    maxOutputTokens: 7,
    temperature: 1,
  })
})

describe("pictures and question stand in the order that each provider prefers", () => {
  test.each([
    ["openai", ["text", "image"]],
    ["anthropic", ["image", "text"]],
    ["google", ["image", "text"]],
  ] as const)("%s", (wire, order) => {
    expect(buildPrompt(input(), wire).turns[0]?.parts.map(({ type }) => type)).toEqual(order)
  })
})

test("several pictures are numbered", () => {
  const parts = buildPrompt(input({ images: [image(0), image(1)] }), "anthropic").turns[0]?.parts
  expect(parts).toEqual([
    { type: "text", text: "Picture 1:" },
    { type: "image", image: 0 },
    { type: "text", text: "Picture 2:" },
    { type: "image", image: 1 },
    { type: "text", text: "How many breakers?" },
  ])
})

test("the user's text is never read as a template", () => {
  const query = "What does ${secret} {{system}} $1 </question> mean?"
  expect(buildPrompt(input({ query }), "openai").turns[0]?.parts[0]).toEqual({ type: "text", text: query })
})

test("white space is tidied where it carries no meaning, and only there", () => {
  expect(normalizeText("  A   B\t C \r\n\r\n\r\n\n  D\u00a0 ")).toBe("A   B\t C\n\n  D")
})

test("an unknown type is general, and the notice names the known ones", () => {
  const { queryType, notices } = findQueryType("Count")
  expect(queryType.name).toBe("general")
  expect(notices.join()).toMatch(/"Count" is not known.*component_identification/)
})

describe("every query type", () => {
  test.each([...queryTypes.values()])("$name keeps to what all providers take", (type) => {
    expect(type.version).toBeGreaterThanOrEqual(1)
    expect(type.instructions.length).toBeGreaterThan(40)
    expect(isStrict(type.schema)).toBe(true)
  })

  test("that reads detail never shares answers between pictures that merely look alike", () => {
    const sharing = [...queryTypes.values()].filter(({ perceptualCache }) => perceptualCache)
    expect(sharing.map(({ reads }) => reads)).toEqual(sharing.map(() => "scene"))
  })
})

/** Every object in the schema is closed and requires all that it names. */
const isStrict = (schema: unknown): boolean => {
  if (typeof schema !== "object" || schema === null) return true
  const closed =
    Reflect.get(schema, "type") !== "object" ||
    (Reflect.get(schema, "additionalProperties") === false &&
      JSON.stringify(Reflect.get(schema, "required")) ===
        JSON.stringify(Object.keys(Reflect.get(schema, "properties"))))
  return closed && Object.values(schema).every(isStrict)
}

test("a long run of blanks inside a line costs no more than any other text", () => {
  const text = `a${" ".repeat(200_000)}b`
  // In quadratic time this would outlast the test's own limit.
  expect(normalizeText(text)).toBe(text)
})
