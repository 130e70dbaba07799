import { expect, test } from "vitest"
import { embedderSuite } from "../../ports/embedder.suite.ts"
import { createLexicalEmbedder, lexicalDimensions } from "./lexical-embedder.ts"
import { cosine } from "./vector.ts"

embedderSuite("lexical", createLexicalEmbedder)

const similarity = async (one: string, other: string): Promise<number> => {
  const [a, b] = await createLexicalEmbedder().embed([one, other], new AbortController().signal)
  return cosine(a ?? new Int8Array(), b ?? new Int8Array())
}

test("puts other forms of the same words closer than other words", async () => {
  const question = "Which breakers feed the pump?"
  expect(await similarity(question, "Which breaker feeds the pump?")).toBeGreaterThan(
    await similarity(question, "Which relay stops the fan?"),
  )
})

test("a text without words has no direction, and resembles nothing", async () => {
  expect(await similarity("???", "Which breaker?")).toBe(0)
  expect(await similarity("", "")).toBe(0)
})

test("long texts are no problem", async () => {
  const [vector] = await createLexicalEmbedder().embed(["breaker ".repeat(4_000)], new AbortController().signal)
  expect(vector).toHaveLength(lexicalDimensions)
})
