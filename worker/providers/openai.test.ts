import { expect, test, vi } from "vitest"
import { collect, pictureBase64, question, sse, streaming, textOf, upstream } from "./fake-upstream.suite.ts"
import { createOpenAiProvider } from "./openai.ts"
import type { Prompt } from "./provider.ts"
import { describeProvider } from "./provider.suite.ts"

const model = "gpt-6.1-terra"
const chunk = (delta: object, finishReason: string | null = null) => ({
  id: "chatcmpl-D1",
  object: "chat.completion.chunk",
  created: 1_795_000_000,
  model,
  service_tier: "default",
  choices: [{ index: 0, delta, logprobs: null, finish_reason: finishReason }],
  usage: null,
  obfuscation: "x7",
})
const usage = {
  id: "chatcmpl-D1",
  object: "chat.completion.chunk",
  created: 1_795_000_000,
  model,
  choices: [],
  usage: {
    prompt_tokens: 1200,
    completion_tokens: 90,
    total_tokens: 1290,
    prompt_tokens_details: { cached_tokens: 1024, audio_tokens: 0 },
    completion_tokens_details: { reasoning_tokens: 80 },
  },
}
const beginning = sse(chunk({ role: "assistant", content: "", refusal: null }), chunk({ content: "The breaker is " }))
const stream = beginning + sse(chunk({ content: "Q3 – 16 A." }), chunk({}, "stop"), usage, "[DONE]")
const errorBody = (message: string, code: string | null = null, type = "invalid_request_error") => ({
  error: { message, type, param: null, code },
})

describeProvider("openai", {
  create: createOpenAiProvider,
  model,
  stream,
  usage: { inputTokens: 1200, outputTokens: 90, cachedInputTokens: 1024 },
  beginning,
  overloadedEvent: sse({ error: { message: "The engine is overloaded.", type: "server_error", code: 503 } }),
  errorBody,
  keyHeader: "authorization",
  errors: [
    { name: "a wrong request", status: 400, kind: "caller_fault" },
    { name: "a body too large", status: 413, kind: "caller_fault" },
    { name: "an unprocessable request", status: 422, body: { detail: [{ msg: "bad" }] }, kind: "caller_fault" },
    {
      name: "a bad picture",
      status: 400,
      body: errorBody("Unsupported image.", "invalid_image_format"),
      kind: "image_not_accepted",
    },
    {
      name: "a wrong key",
      status: 401,
      body: errorBody("Incorrect API key.", "invalid_api_key"),
      kind: "unauthorized",
    },
    { name: "a forbidden country", status: 403, kind: "unauthorized" },
    {
      name: "an unknown model",
      status: 404,
      body: errorBody("No such model.", "model_not_found"),
      kind: "server_error",
    },
    {
      name: "a used-up request limit",
      status: 429,
      kind: "rate_limited",
      retryAfterMs: 360_000,
      headers: {
        "x-ratelimit-remaining-requests": "0",
        "x-ratelimit-reset-requests": "6m0s",
        "x-ratelimit-remaining-tokens": "149000",
        "x-ratelimit-reset-tokens": "11m7s",
      },
    },
    {
      name: "an empty account",
      status: 429,
      body: errorBody("You exceeded your current quota.", "insufficient_quota", "insufficient_quota"),
      kind: "unauthorized",
    },
    { name: "an internal error", status: 500, kind: "server_error" },
  ],
})

const send = async (options: Partial<Parameters<typeof createOpenAiProvider>[0]>, to: string, prompt: Prompt) => {
  const { fetch, requests } = upstream(() => streaming(stream))
  const provider = createOpenAiProvider({ name: "openai", apiKey: "sk-test", simulated: false, fetch, ...options })
  await collect(provider.ask(to, prompt, new AbortController().signal))
  return requests[0]
}

test("sends a whole prompt to OpenAI in its own words", async () => {
  const schema = { type: "object", properties: {}, required: [], additionalProperties: false }

  const request = await send(
    {},
    "gpt-4.1",
    question({
      maxOutputTokens: 200,
      temperature: 0.3,
      topP: 0.9,
      stop: ["END"],
      schema: { name: "count", schema },
    }),
  )

  expect(request?.url).toBe("https://api.openai.com/v1/chat/completions")
  expect(request?.headers.get("authorization")).toBe("Bearer sk-test")
  expect(request?.body).toEqual({
    model: "gpt-4.1",
    messages: [
      { role: "system", content: "Answer briefly." },
      {
        role: "user",
        content: [
          { type: "text", text: "Which breaker?" },
          { type: "image_url", image_url: { url: `data:image/png;base64,${pictureBase64}`, detail: "high" } },
        ],
      },
    ],
    stream: true,
    stream_options: { include_usage: true },
    max_completion_tokens: 200,
    temperature: 0.3,
    top_p: 0.9,
    stop: ["END"],
    response_format: { type: "json_schema", json_schema: { name: "count", schema, strict: true } },
  })
})

test("leaves out what a thinking model refuses, and gives it room to think", async () => {
  const request = await send({}, model, question({ maxOutputTokens: 200, temperature: 0.3, topP: 0.9 }))

  expect(request?.body).toMatchObject({ max_completion_tokens: 4296 })
  expect(request?.body).not.toHaveProperty("temperature")
  expect(request?.body).not.toHaveProperty("top_p")
})

test("asks for `original` only where the model knows it", async () => {
  const detailOf = async (to: string) => JSON.stringify((await send({}, to, question({ detail: "original" })))?.body)

  expect(await detailOf("gpt-6.1-terra")).toContain('"detail":"original"')
  expect(await detailOf("gpt-4o")).toContain('"detail":"high"')
})

test("speaks to a compatible server without a key, in the words that all servers know", async () => {
  const open = { type: "object", properties: {} }
  const { fetch, requests } = upstream(() => streaming(stream))
  const provider = createOpenAiProvider({
    name: "ollama",
    baseUrl: "http://127.0.0.1:11434/v1/",
    simulated: false,
    fetch,
  })

  await collect(
    provider.ask(
      "llava:13b",
      question({
        maxOutputTokens: 200,
        temperature: 0.3,
        detail: "original",
        schema: { name: "count", schema: open },
      }),
      new AbortController().signal,
    ),
  )

  expect(requests[0]?.url).toBe("http://127.0.0.1:11434/v1/chat/completions")
  expect(requests[0]?.headers.has("authorization")).toBe(false)
  expect(requests[0]?.body).toMatchObject({
    max_tokens: 200,
    temperature: 0.3,
    response_format: { json_schema: { strict: false } },
  })
  expect(JSON.stringify(requests[0]?.body)).toContain('"detail":"high"')
  expect(provider.relay).toEqual({ url: "http://127.0.0.1:11434/v1/chat/completions", headers: {} })
})

test("tells where a body in its own format goes", () => {
  const { fetch } = upstream(() => streaming(stream))

  const { relay } = createOpenAiProvider({ name: "openai", apiKey: "sk-test", simulated: false, fetch })

  expect(relay).toEqual({
    url: "https://api.openai.com/v1/chat/completions",
    headers: { authorization: "Bearer sk-test" },
  })
})

const askFor = (body: string, changes: Partial<Prompt> = {}) =>
  collect(
    createOpenAiProvider({
      name: "openai",
      apiKey: "sk-test",
      simulated: false,
      fetch: upstream(() => streaming(body)).fetch,
    }).ask(model, question(changes), new AbortController().signal),
  )

test.each([
  ["length", "length"],
  ["content_filter", "refusal"],
  ["tool_calls", "tool_use"],
])("reads the finish reason %s as %s", async (reason, finishReason) => {
  const events = await askFor(sse(chunk({ content: "The" }), chunk({}, reason), "[DONE]"))

  expect(events.at(-1)).toMatchObject({ type: "end", finishReason })
})

test("takes a refusal in words for a refusal, though its reason says stop", async () => {
  const events = await askFor(
    sse(chunk({ refusal: "I can't " }), chunk({ refusal: "help." }), chunk({}, "stop"), "[DONE]"),
  )

  expect(textOf(events)).toBe("I can't help.")
  expect(events.at(-1)).toMatchObject({ finishReason: "refusal" })
})

test("counts zero where a server tells no usage", async () => {
  const events = await askFor(sse(chunk({ content: "Q3" }), chunk({}, "stop")))

  expect(events.at(-1)).toMatchObject({ usage: { inputTokens: 0, outputTokens: 0, cachedInputTokens: 0 } })
})

test("takes an answer without a word as garbage, unless a stop sequence may have come first", async () => {
  const empty = sse(chunk({ content: "" }), chunk({}, "stop"), "[DONE]")

  await expect(askFor(empty)).rejects.toMatchObject({ kind: "garbage" })
  expect(await askFor(empty, { stop: ["END"] })).toMatchObject([{ type: "end", finishReason: "stop" }])
})

test("takes a limit that thinking used up as garbage, and says what to do", async () => {
  const thoughtOnly = askFor(sse(chunk({}, "length"), "[DONE]"))

  await expect(thoughtOnly).rejects.toMatchObject({ kind: "garbage", message: expect.stringContaining("allow more") })
})

test("takes nothing from the environment: neither address nor account", async () => {
  vi.stubEnv("OPENAI_BASE_URL", "https://elsewhere.example/v1")
  vi.stubEnv("OPENAI_API_KEY", "sk-other")
  vi.stubEnv("OPENAI_ORG_ID", "org-other")
  vi.stubEnv("OPENAI_PROJECT_ID", "proj-other")

  const request = await send({}, model, question()).finally(() => vi.unstubAllEnvs())

  expect(request?.url).toBe("https://api.openai.com/v1/chat/completions")
  expect(request?.headers.get("authorization")).toBe("Bearer sk-test")
  expect([...(request?.headers.keys() ?? [])]).not.toEqual(expect.arrayContaining([expect.stringMatching(/^openai-/)]))
})
