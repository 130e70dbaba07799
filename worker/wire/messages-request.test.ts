import { describe, expect, test } from "vitest"
import { MessagesBody, readPortableMessages } from "./messages-request.ts"
import { safeParse } from "valibot"

const question = [{ role: "user", content: "Which breaker?" }]
const body = { model: "auto", max_tokens: 99, messages: question }
const read = (changes: Record<string, unknown> = {}) => readPortableMessages({ ...body, ...changes })

test("system text, turns and pictures keep their order, and marks for a prompt cache change nothing", () => {
  const marked = { cache_control: { type: "ephemeral" } }
  const chat = read({
    system: [
      { type: "text", text: "Be brief." },
      { type: "text", text: "And kind.", ...marked },
    ],
    messages: [
      { role: "user", content: [{ type: "image", source: { type: "base64", media_type: "image/png", data: "QUJD" } }] },
      { role: "assistant", content: "A breaker." },
      {
        role: "user",
        content: [
          { type: "text", text: "And this?" },
          { type: "image", source: { type: "url", url: "https://a.example/b.png" }, ...marked },
        ],
      },
    ],
  })
  expect(chat).toMatchObject({
    query: "And this?",
    images: ["data:image/png;base64,QUJD", "https://a.example/b.png"],
    maxOutputTokens: 99,
    stream: false,
    conversation: {
      system: "Be brief.\nAnd kind.",
      turns: [
        { role: "user", parts: [{ type: "image", image: 0 }] },
        { role: "assistant", parts: [{ type: "text", text: "A breaker." }] },
        { role: "user", parts: [{ type: "text" }, { type: "image", image: 1 }] },
      ],
    },
  })
})

test("limits, sampling and the answer's schema are read", () => {
  const schema = { type: "object", properties: {} }
  expect(
    read({
      temperature: 0.5,
      top_p: 0.9,
      stop_sequences: ["END"],
      stream: true,
      metadata: { user_id: "someone" },
      output_config: { format: { type: "json_schema", schema } },
    }),
  ).toMatchObject({
    temperature: 0.5,
    stream: true,
    conversation: { topP: 0.9, stop: ["END"], schema: { schema } },
  })
})

describe("what only Anthropic's format can say is named", () => {
  test.each<[string, Record<string, unknown>]>([
    ["tools", { tools: [] }],
    ["thinking", { thinking: { type: "enabled", budget_tokens: 1024 } }],
    ["top_k", { top_k: 5 }],
    ["messages.0.content", { messages: [{ role: "user", content: [{ type: "document", source: {} }] }] }],
    ["messages.1.role", { messages: [...question, { role: "assistant", content: "The answer is" }] }],
  ])("%s", (field, changes) => {
    const chat = read(changes)
    const named = "notPortable" in chat ? chat.notPortable : []
    expect(named.some((path) => path.startsWith(field))).toBe(true)
  })
})

test("a body without a bound on the answer is refused, as Anthropic refuses it", () => {
  expect(safeParse(MessagesBody, { model: "auto", messages: question }).success).toBe(false)
})
