import { expect, test } from "vitest"
import { parseSettings } from "../settings.ts"
import { chooseEmbedder } from "./choose-embedder.ts"

const never: typeof fetch = () => Promise.reject(new Error("nobody is asked"))
const ai = { run: () => Promise.reject(new Error("nobody is asked")) }
const choose = (environment: Record<string, string>, withAi = false) =>
  chooseEmbedder(parseSettings({ ANTHROPIC_API_KEY: "sk-other", ...environment }), {
    fetch: never,
    ...(withAi ? { ai } : {}),
  }).embedder?.id

test.each([
  [{}, undefined],
  [{ VOLTGATE_EMBEDDER: "openai", OPENAI_API_KEY: "sk" }, "openai/text-embedding-3-small@512"],
  [{ VOLTGATE_EMBEDDER: "workers-ai/bge-m3" }, "workers-ai/bge-m3@1024"],
  [{ VOLTGATE_EMBEDDER: "workers-ai/bge-small" }, "workers-ai/bge-small@384"],
])("%j", (environment, id) => {
  expect(choose(environment, true)).toBe(id)
})

test("what the embedder needs and does not have is told, with the cure", () => {
  expect(() => choose({ VOLTGATE_EMBEDDER: "openai" })).toThrow("needs OPENAI_API_KEY")
  expect(() => choose({ VOLTGATE_EMBEDDER: "workers-ai/bge-m3" })).toThrow("AI binding: add [ai]")
  expect(() => choose({ VOLTGATE_EMBEDDER: "word2vec" })).toThrow("VOLTGATE_EMBEDDER: must be lexical, openai, ")
})
