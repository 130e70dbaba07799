import { expect, test } from "vitest"
import { modelId, parseModelRef } from "./model-ref.ts"

test.each([
  ["openai/gpt-4o", { provider: "openai", model: "gpt-4o" }],
  ["workshop/meta-llama/llama-4", { provider: "workshop", model: "meta-llama/llama-4" }],
])("reads %s, and writes it back as it was", (text, ref) => {
  expect(parseModelRef(text)).toEqual(ref)
  expect(modelId(ref)).toBe(text)
})

test.each(["gpt-4o", "", "/", "/gpt-4o", "openai/"])("%j is no provider and model", (text) => {
  expect(parseModelRef(text)).toBeUndefined()
})
