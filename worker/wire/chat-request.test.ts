import { describe, expect, test } from "vitest"
import { readPortableChat } from "./chat-request.ts"
import type { PortableChat } from "./portable-chat.ts"

const picture = (url: string, detail?: string) => ({
  type: "image_url",
  image_url: { url, ...(detail === undefined ? {} : { detail }) },
})
const read = (changes: Record<string, unknown> = {}) =>
  readPortableChat({ model: "auto", messages: [{ role: "user", content: "Which breaker?" }], ...changes })
const portable = (changes: Record<string, unknown> = {}): PortableChat => {
  const chat = read(changes)
  if ("notPortable" in chat) throw new Error(chat.notPortable.join())
  return chat
}

test("system and developer texts, turns and pictures keep their order", () => {
  const chat = portable({
    messages: [
      { role: "system", content: "Be brief." },
      { role: "user", content: [picture("data:a"), { type: "text", text: "What is it?" }] },
      { role: "assistant", content: "A breaker." },
      { role: "developer", content: "And kind." },
      {
        role: "user",
        content: [{ type: "text", text: "And this?" }, picture("data:b", "low"), picture("data:c", "high")],
      },
    ],
  })
  expect(chat).toMatchObject({
    query: "And this?",
    images: ["data:a", "data:b", "data:c"],
    detail: "high",
    conversation: {
      system: "Be brief.\n\nAnd kind.",
      turns: [
        { role: "user", parts: [{ type: "image", image: 0 }, { type: "text" }] },
        { role: "assistant" },
        { role: "user", parts: [{ type: "text" }, { type: "image", image: 1 }, { type: "image", image: 2 }] },
      ],
    },
  })
})

test("limits and sampling are read in old and new words", () => {
  expect(portable({ max_tokens: 5, temperature: 0.5, top_p: 0.9, stop: "END" })).toMatchObject({
    maxOutputTokens: 5,
    temperature: 0.5,
    conversation: { topP: 0.9, stop: ["END"] },
  })
  expect(portable({ max_tokens: 5, max_completion_tokens: 9 }).maxOutputTokens).toBe(9)
  expect(portable({ temperature: null, stream: null })).toMatchObject({ stream: false })
})

describe("what only OpenAI's format can say is named", () => {
  test.each<[string, Record<string, unknown>]>([
    ["tools", { tools: [] }],
    ["logprobs", { logprobs: true }],
    ["n", { n: 2 }],
    [
      "messages.1.role",
      {
        messages: [
          { role: "user", content: "a" },
          { role: "tool", content: "b", tool_call_id: "x" },
        ],
      },
    ],
    ["messages.0.role", { messages: [{ role: "assistant", content: "I say" }] }],
  ])("%s", (field, changes) => {
    const chat = read(changes)
    expect("notPortable" in chat ? chat.notPortable : []).toContain(field)
  })
})
