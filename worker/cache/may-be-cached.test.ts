import { expect, test } from "vitest"
import { mayBeCached } from "./may-be-cached.ts"

test("a whole answer is worth keeping", () => {
  expect(mayBeCached({ answer: "3", finishReason: "stop" })).toBe(true)
})

test.each([
  ["truncated", { answer: "3 and", finishReason: "length" }],
  ["refused", { answer: "I cannot help with that.", finishReason: "refusal" }],
  ["tool-using", { answer: "Let me look.", finishReason: "tool_use" }],
  ["empty", { answer: "", finishReason: "stop" }],
  ["blank", { answer: " \n", finishReason: "stop" }],
] as const)("a %s one is not", (_, answer) => {
  expect(mayBeCached(answer)).toBe(false)
})
