import { expect, test } from "vitest"
import { collect, pictureBase64, question, sse, streaming, textOf, upstream } from "./fake-upstream.suite.ts"
import { createGoogleProvider } from "./google.ts"
import type { Prompt } from "./provider.ts"
import { describeProvider } from "./provider.suite.ts"

const model = "gemini-3.8-flash"
const counts = { promptTokenCount: 1130, cachedContentTokenCount: 1024, totalTokenCount: 1300 }
const chunk = (parts: readonly object[], rest: object = {}) => ({
  candidates: [{ content: { parts, role: "model" }, index: 0, ...rest }],
  usageMetadata: { ...counts, candidatesTokenCount: 4, thoughtsTokenCount: 60 },
  modelVersion: model,
  responseId: "r1",
})
const beginning = sse(chunk([{ text: "Let me look.", thought: true }]), chunk([{ text: "The breaker is " }]))
const stream =
  beginning +
  sse({
    ...chunk([{ text: "Q3 – 16 A.", thoughtSignature: "c2ln" }], { finishReason: "STOP" }),
    usageMetadata: { ...counts, candidatesTokenCount: 11, thoughtsTokenCount: 60 },
  })
const errorBody = (message: string, status = "INVALID_ARGUMENT", details: readonly object[] = []) => ({
  error: { code: 400, message, status, details },
})
const info = (reason: string) => [
  { "@type": "type.googleapis.com/google.rpc.ErrorInfo", reason, domain: "googleapis.com" },
]

describeProvider("google", {
  create: createGoogleProvider,
  model,
  stream,
  usage: { inputTokens: 1130, outputTokens: 71, cachedInputTokens: 1024 },
  beginning,
  overloadedEvent: sse({ error: { code: 503, message: "The model is overloaded.", status: "UNAVAILABLE" } }),
  errorBody,
  keyHeader: "x-goog-api-key",
  errors: [
    { name: "a wrong request", status: 400, kind: "caller_fault" },
    {
      name: "a wrong key",
      status: 400,
      body: errorBody("API key not valid.", "INVALID_ARGUMENT", info("API_KEY_INVALID")),
      kind: "unauthorized",
    },
    {
      name: "a place without service",
      status: 400,
      body: errorBody("User location is not supported.", "FAILED_PRECONDITION"),
      kind: "unauthorized",
    },
    { name: "a missing permission", status: 403, body: errorBody("No.", "PERMISSION_DENIED"), kind: "unauthorized" },
    {
      name: "an unknown model",
      status: 404,
      body: errorBody("models/x is not found.", "NOT_FOUND"),
      kind: "server_error",
    },
    {
      name: "a used-up quota",
      status: 429,
      kind: "rate_limited",
      retryAfterMs: 34_075,
      body: [
        errorBody("Quota exceeded.", "RESOURCE_EXHAUSTED", [
          { "@type": "type.googleapis.com/google.rpc.RetryInfo", retryDelay: "34.074824224s" },
        ]),
      ],
    },
    { name: "an internal error", status: 500, body: errorBody("Oops.", "INTERNAL"), kind: "server_error" },
    { name: "overload", status: 503, body: errorBody("Overloaded.", "UNAVAILABLE"), kind: "overloaded" },
    { name: "a missed deadline", status: 504, body: errorBody("Late.", "DEADLINE_EXCEEDED"), kind: "server_error" },
  ],
})

const provider = (body: string, baseUrl?: string) => {
  const { fetch, requests } = upstream(() => streaming(body))
  const options = { name: "google", apiKey: "AIzaTest", simulated: false, fetch }
  return { requests, ...createGoogleProvider(baseUrl === undefined ? options : { ...options, baseUrl }) }
}

const send = async (to: string, prompt: Prompt) => {
  const { ask, requests } = provider(stream)
  await collect(ask(to, prompt, new AbortController().signal))
  return requests[0]
}

test("sends a whole prompt in its own words", async () => {
  const schema = { type: "object", properties: {}, required: [], additionalProperties: false }

  const request = await send(
    "gemini-2.5-flash-lite",
    question({
      maxOutputTokens: 200,
      temperature: 0.3,
      topP: 0.9,
      stop: ["END"],
      schema: { name: "count", schema },
    }),
  )

  expect(request?.url).toBe(
    "https://generativelanguage.googleapis.com/v1beta/models/gemini-2.5-flash-lite:streamGenerateContent?alt=sse",
  )
  expect(request?.body).toEqual({
    systemInstruction: { parts: [{ text: "Answer briefly." }] },
    contents: [
      {
        role: "user",
        parts: [{ text: "Which breaker?" }, { inlineData: { mimeType: "image/png", data: pictureBase64 } }],
      },
    ],
    generationConfig: {
      maxOutputTokens: 200,
      temperature: 0.3,
      topP: 0.9,
      stopSequences: ["END"],
      mediaResolution: "MEDIA_RESOLUTION_HIGH",
      responseMimeType: "application/json",
      responseJsonSchema: schema,
    },
  })
})

test("leaves sampling to models that think, and gives them room for it", async () => {
  const request = await send(model, question({ maxOutputTokens: 200, temperature: 0.3, topP: 0.9, detail: "auto" }))

  expect(request?.body).toMatchObject({ generationConfig: { maxOutputTokens: 4296 } })
  expect(JSON.stringify(request?.body)).not.toMatch(/temperature|topP|mediaResolution/)
})

test("asks for the highest resolution by picture where the model knows it, else for high", async () => {
  const original = question({ detail: "original" })

  expect((await send(model, original))?.body).toMatchObject({
    contents: [{ parts: [{}, { mediaResolution: { level: "MEDIA_RESOLUTION_ULTRA_HIGH" } }] }],
    generationConfig: {},
  })
  expect((await send("gemini-2.5-pro", original))?.body).toMatchObject({
    generationConfig: { mediaResolution: "MEDIA_RESOLUTION_HIGH" },
  })
})

test("calls the assistant's turns the model's", async () => {
  const turns = [
    { role: "assistant", parts: [{ type: "text", text: "Q3." }] },
    { role: "user", parts: [{ type: "text", text: "Sure?" }] },
  ] as const

  expect((await send(model, question({ turns })))?.body).toMatchObject({
    contents: [{ role: "model" }, { role: "user" }],
  })
})

test("keeps a model's name from changing the path", async () => {
  const request = await send("models/../x?key=1", question())

  expect(request?.url).toContain("/v1beta/models/..%2Fx%3Fkey%3D1:streamGenerateContent?alt=sse")
})

test("goes to another address when told", async () => {
  const { ask, requests } = provider(stream, "http://127.0.0.1:8790/google/")

  await collect(ask(model, question(), new AbortController().signal))

  expect(requests[0]?.url).toMatch(/^http:\/\/127\.0\.0\.1:8790\/google\/v1beta\/models\//)
})

const askFor = (body: string) => collect(provider(body).ask(model, question(), new AbortController().signal))

test.each([
  ["MAX_TOKENS", "length"],
  ["SAFETY", "refusal"],
  ["RECITATION", "refusal"],
  ["PROHIBITED_CONTENT", "refusal"],
])("reads the finish reason %s as %s", async (finishReason, read) => {
  const events = await askFor(sse(chunk([{ text: "The" }], { finishReason })))

  expect(events.at(-1)).toMatchObject({ type: "end", finishReason: read })
})

test("takes a blocked prompt for a refusal without words", async () => {
  const events = await askFor(
    sse({ promptFeedback: { blockReason: "SAFETY" }, usageMetadata: counts, modelVersion: model }),
  )

  expect(textOf(events)).toBe("")
  expect(events).toMatchObject([
    { type: "end", finishReason: "refusal", usage: { inputTokens: 1130, outputTokens: 0 } },
  ])
})

test("takes an end for no good reason as cut off", async () => {
  const broken = askFor(sse(chunk([{ text: "The" }]), chunk([], { finishReason: "OTHER" })))

  await expect(broken).rejects.toMatchObject({ kind: "cut_off", message: expect.stringContaining("OTHER") })
})
