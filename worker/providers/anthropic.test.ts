import { expect, test, vi } from "vitest"
import { createAnthropicProvider } from "./anthropic.ts"
import { collect, namedSse, pictureBase64, question, streaming, upstream } from "./fake-upstream.suite.ts"
import type { Part, Prompt } from "./provider.ts"
import { describeProvider } from "./provider.suite.ts"

const model = "claude-sonnet-5-5"
const start = {
  type: "message_start",
  message: {
    id: "msg_01",
    type: "message",
    role: "assistant",
    content: [],
    model,
    stop_reason: null,
    stop_sequence: null,
    usage: { input_tokens: 100, cache_creation_input_tokens: 60, cache_read_input_tokens: 1000, output_tokens: 3 },
  },
}
const thought = [
  { type: "content_block_start", index: 0, content_block: { type: "thinking", thinking: "", signature: "" } },
  { type: "content_block_delta", index: 0, delta: { type: "thinking_delta", thinking: "A label…" } },
  { type: "content_block_delta", index: 0, delta: { type: "signature_delta", signature: "c2ln" } },
  { type: "content_block_stop", index: 0 },
]
const text = (words: string) => ({ type: "content_block_delta", index: 1, delta: { type: "text_delta", text: words } })
const end = (reason: string) => [
  { type: "content_block_stop", index: 1 },
  {
    type: "message_delta",
    delta: { stop_reason: reason, stop_sequence: null, stop_details: null },
    usage: { input_tokens: null, cache_creation_input_tokens: null, cache_read_input_tokens: null, output_tokens: 42 },
  },
  { type: "message_stop" },
]
const opened = { type: "content_block_start", index: 1, content_block: { type: "text", text: "" } }
const beginning = namedSse(start, { type: "ping" }, ...thought, opened, text("The breaker is "))
const stream = beginning + namedSse(text("Q3 – 16 A."), ...end("end_turn"))
const errorBody = (message: string, type = "invalid_request_error", details?: object) => ({
  type: "error",
  error: { type, message, ...(details === undefined ? {} : { details }) },
  request_id: "req_011",
})

describeProvider("anthropic", {
  create: createAnthropicProvider,
  model,
  stream,
  usage: { inputTokens: 1160, outputTokens: 42, cachedInputTokens: 1000 },
  beginning,
  overloadedEvent: namedSse(errorBody("Overloaded", "overloaded_error")),
  errorBody,
  keyHeader: "authorization",
  errors: [
    { name: "a wrong request", status: 400, kind: "caller_fault" },
    {
      name: "a picture too large",
      status: 400,
      body: errorBody("Too wide.", "invalid_request_error", { error_code: "image_dimensions_too_large" }),
      kind: "image_not_accepted",
    },
    {
      name: "an empty account",
      status: 400,
      body: errorBody("Your credit balance is too low to access the Anthropic API."),
      kind: "unauthorized",
    },
    {
      name: "a wrong key",
      status: 401,
      body: errorBody("invalid x-api-key", "authentication_error"),
      kind: "unauthorized",
    },
    { name: "an unpaid bill", status: 402, body: errorBody("Pay.", "billing_error"), kind: "unauthorized" },
    { name: "a missing permission", status: 403, kind: "unauthorized" },
    {
      name: "an unknown model",
      status: 404,
      body: errorBody("model: claude-x", "not_found_error"),
      kind: "server_error",
    },
    { name: "a body too large", status: 413, body: errorBody("Too large.", "request_too_large"), kind: "caller_fault" },
    { name: "a rate limit", status: 429, headers: { "retry-after": "12" }, kind: "rate_limited", retryAfterMs: 12_000 },
    {
      name: "a used-up token limit",
      status: 429,
      kind: "rate_limited",
      retryAfterMs: 20_000,
      headers: {
        "anthropic-ratelimit-input-tokens-remaining": "0",
        "anthropic-ratelimit-input-tokens-reset": "2026-11-25T12:00:20Z",
        "anthropic-ratelimit-requests-remaining": "49",
        "anthropic-ratelimit-requests-reset": "2026-11-25T12:05:00Z",
      },
    },
    { name: "an internal error", status: 500, body: errorBody("Oops.", "api_error"), kind: "server_error" },
    { name: "overload", status: 529, body: errorBody("Overloaded", "overloaded_error"), kind: "overloaded" },
  ],
})

const provider = (respond: () => Response) => {
  const { fetch, requests } = upstream(respond)
  return { requests, ...createAnthropicProvider({ name: "anthropic", apiKey: "sk-ant-test", simulated: false, fetch }) }
}

const send = async (to: string, prompt: Prompt) => {
  const { ask, requests } = provider(() => streaming(stream))
  await collect(ask(to, prompt, new AbortController().signal))
  return requests[0]
}

test("sends a whole prompt in its own words: the system part marked for its cache, pictures first", async () => {
  const schema = { type: "object", properties: {}, required: [], additionalProperties: false }

  const request = await send(
    model,
    question({
      maxOutputTokens: 200,
      temperature: 0.3,
      topP: 0.9,
      stop: ["END"],
      schema: { name: "count", schema },
    }),
  )

  expect(request?.url).toBe("https://api.anthropic.com/v1/messages")
  expect(request?.headers.get("authorization")).toBe("Bearer sk-ant-test")
  expect(request?.headers.get("anthropic-version")).toBe("2026-10-21")
  expect(request?.body).toEqual({
    model,
    max_tokens: 4296,
    system: [{ type: "text", text: "Answer briefly.", cache_control: { type: "ephemeral" } }],
    messages: [
      {
        role: "user",
        content: [
          { type: "image", source: { type: "base64", media_type: "image/png", data: pictureBase64 } },
          { type: "text", text: "Which breaker?" },
        ],
      },
    ],
    stream: true,
    stop_sequences: ["END"],
    output_config: { format: { type: "json_schema", schema } },
  })
})

test("leaves labelled pictures where they are", async () => {
  const parts: Part[] = [
    { type: "text", text: "Picture 1:" },
    { type: "image", image: 0 },
    { type: "text", text: "What changed?" },
  ]

  const request = await send(model, question({ turns: [{ role: "user", parts }] }))

  expect(request?.body).toMatchObject({
    messages: [{ content: [{ type: "text" }, { type: "image" }, { type: "text" }] }],
  })
})

test("always sets a limit, never above what the model can do", async () => {
  expect((await send("claude-haiku-4-5", question()))?.body).toMatchObject({ max_tokens: 8192 })
  expect((await send("claude-haiku-4-5", question({ maxOutputTokens: 100_000 })))?.body).toMatchObject({
    max_tokens: 64_000,
  })
})

test("never sends what the API refuses for every model", async () => {
  const body = (await send("claude-haiku-4-5-20251001", question({ temperature: 0.2, topP: 0.5 })))?.body

  expect(body).not.toHaveProperty("temperature")
  expect(body).not.toHaveProperty("top_p")
})

test.each([
  ["stop_sequence", "stop"],
  ["max_tokens", "length"],
  ["model_context_window_exceeded", "length"],
  ["refusal", "refusal"],
  ["tool_use", "tool_use"],
])("reads the stop reason %s as %s", async (reason, finishReason) => {
  const { ask } = provider(() => streaming(beginning + namedSse(...end(reason))))

  const events = await collect(ask(model, question(), new AbortController().signal))

  expect(events.at(-1)).toMatchObject({ type: "end", finishReason })
})

test("does not wait for the connection to close once the message has stopped", async () => {
  const open = new ReadableStream({ start: (controller) => controller.enqueue(new TextEncoder().encode(stream)) })
  const { ask } = provider(() => new Response(open, { headers: { "content-type": "text/event-stream" } }))

  const events = await collect(ask(model, question(), new AbortController().signal))

  expect(events.at(-1)).toMatchObject({ type: "end" })
})

test("tells where a body in its own format goes", () => {
  expect(provider(() => streaming(stream)).relay).toEqual({
    url: "https://api.anthropic.com/v1/messages",
    headers: { "x-api-key": "sk-ant-test", "anthropic-version": "2023-06-01" },
  })
})

test("takes nothing from the environment: neither address nor account", async () => {
  vi.stubEnv("ANTHROPIC_BASE_URL", "https://elsewhere.example")
  vi.stubEnv("ANTHROPIC_AUTH_TOKEN", "token-other")
  vi.stubEnv("ANTHROPIC_API_KEY", "sk-ant-other")

  const request = await send(model, question()).finally(() => vi.unstubAllEnvs())

  expect(request?.url).toBe("https://api.anthropic.com/v1/messages")
  expect(request?.headers.get("authorization")).toBe("Bearer sk-ant-test")
})
