import OpenAI, { AuthenticationError, BadRequestError, NotFoundError } from "openai"
import { afterAll, beforeAll, expect, test } from "vitest"
import { type SimulatedProviders, startSimulatedProviders } from "./server.ts"
import { dataUrl, picture, post } from "./testing.ts"

let providers: SimulatedProviders
let client: OpenAI
beforeAll(async () => {
  providers = await startSimulatedProviders({ speed: 0 })
  client = new OpenAI({ baseURL: `${providers.url}/openai/v1`, apiKey: "simulated", maxRetries: 0 })
})
afterAll(() => providers.close())

const ask = (content: string) => [{ role: "user" as const, content }]
const withPicture = (url: string, detail: "auto" | "high" = "auto") => [
  { role: "system" as const, content: "Be brief." },
  {
    role: "user" as const,
    content: [
      { type: "image_url" as const, image_url: { url, detail } },
      { type: "text" as const, text: "Which breaker?" },
    ],
  },
]
const postRaw = (body: unknown, key = "simulated") =>
  post(`${providers.url}/openai/v1/chat/completions`, { authorization: `Bearer ${key}` }, body)

test("a whole answer says that it is simulated and describes what arrived", async () => {
  const bytes = await picture(1024, 768, "jpeg")
  const reply = await client.chat.completions.create({
    model: "gpt-6-sol",
    messages: withPicture(dataUrl(bytes, "image/jpeg")),
  })
  const text = reply.choices[0]?.message.content ?? ""
  expect(text).toMatch(/^This is a simulated answer from openai, model gpt-6-sol/)
  expect(text).toContain(`Picture 1: JPEG, 1024 × 768 px, ${bytes.length.toLocaleString("en-US")} bytes, 922 tokens.`)
  expect(text).toContain("23 characters of prompt, 9 of them system")
  expect(text).toContain("The question, as it arrived: Which breaker?")
  expect(reply.choices[0]?.finish_reason).toBe("stop")
  expect(reply.usage).toMatchObject({
    prompt_tokens: 922 + 6,
    completion_tokens: Math.ceil(text.length / 4),
    prompt_tokens_details: { image_tokens: 922, text_tokens: 6 },
  })
})

test("a stream brings role, text, finish and usage, and says the same as the whole answer", async () => {
  const question = { model: "gpt-4o", messages: ask("How many relays?") }
  const whole = await client.chat.completions.create(question)
  const stream = await client.chat.completions.create({
    ...question,
    stream: true,
    stream_options: { include_usage: true },
  })
  const chunks: OpenAI.ChatCompletionChunk[] = []
  for await (const chunk of stream) chunks.push(chunk)
  expect(chunks[0]?.choices[0]?.delta.role).toBe("assistant")
  expect(chunks.length).toBeGreaterThan(10)
  expect(chunks.map((chunk) => chunk.choices[0]?.delta.content ?? "").join("")).toBe(whole.choices[0]?.message.content)
  expect(chunks.at(-2)?.choices[0]?.finish_reason).toBe("stop")
  expect(chunks.at(-1)).toMatchObject({ choices: [], usage: whole.usage })
  expect(new Set(chunks.map((chunk) => chunk.id))).toEqual(new Set([whole.id]))
})

test("usage comes in a stream only when it is asked for, and [DONE] ends it", async () => {
  const { text } = await postRaw({ model: "gpt-4o", messages: ask("How many?"), stream: true })
  expect(text).not.toContain('"usage"')
  expect(text.endsWith("data: [DONE]\n\n")).toBe(true)
})

test("headers tell the request id, the time and what is left of the quota", async () => {
  const { headers } = await postRaw({ model: "gpt-4o", messages: ask("How many?") })
  expect(headers.get("x-request-id")).toMatch(/^req_/)
  expect(headers.get("openai-processing-ms")).toMatch(/^\d+$/)
  expect(Number(headers.get("x-ratelimit-remaining-requests"))).toBeLessThan(
    Number(headers.get("x-ratelimit-limit-requests")),
  )
  expect(headers.get("x-ratelimit-reset-tokens")).toMatch(/^[\d.]+(ms|s)$/)
})

test("an answer that grows too long is cut and says so", async () => {
  const reply = await client.chat.completions.create({
    model: "gpt-6-sol",
    messages: ask("Why?"),
    max_completion_tokens: 5,
  })
  expect(reply.choices[0]).toMatchObject({ finish_reason: "length", message: { content: "This is a simulated " } })
  expect(reply.usage?.completion_tokens).toBe(5)
})

test("a stop sequence ends the answer before it", async () => {
  const reply = await client.chat.completions.create({
    model: "gpt-4o",
    messages: ask("Why?"),
    stop: ["answer", " from"],
  })
  expect(reply.choices[0]).toMatchObject({ finish_reason: "stop", message: { content: "This is a simulated " } })
})

test("a JSON schema is obeyed, with the notice inside", async () => {
  const reply = await client.chat.completions.create({
    model: "gpt-6-sol",
    messages: ask("Count."),
    response_format: {
      type: "json_schema",
      json_schema: {
        name: "count",
        strict: true,
        schema: {
          type: "object",
          properties: { count: { type: "integer", minimum: 1, maximum: 3 }, note: { type: "string" } },
          required: ["count", "note"],
          additionalProperties: false,
        },
      },
    },
  })
  const answer: unknown = JSON.parse(reply.choices[0]?.message.content ?? "")
  expect(answer).toEqual({ count: expect.any(Number), note: expect.stringContaining("Simulated answer from openai") })
})

test("lists models", async () => {
  const models = await client.models.list()
  expect(models.data.length).toBeGreaterThan(0)
  expect(models.data[0]).toMatchObject({ object: "model", owned_by: "simulated" })
})

test("a wrong or missing key is 401, and the key is not repeated", async () => {
  const stranger = new OpenAI({ baseURL: `${providers.url}/openai/v1`, apiKey: "sk-stolen", maxRetries: 0 })
  const failed = stranger.chat.completions.create({ model: "gpt-4o", messages: ask("Why?") })
  await expect(failed).rejects.toBeInstanceOf(AuthenticationError)
  await expect(failed).rejects.toMatchObject({
    code: "invalid_api_key",
    message: expect.not.stringContaining("stolen"),
  })
  const keyless = await post(`${providers.url}/openai/v1/chat/completions`, {}, {})
  expect(keyless.status).toBe(401)
})

test("an unknown model is 404", async () => {
  const failed = client.chat.completions.create({ model: "claude-opus-5-5", messages: ask("Why?") })
  await expect(failed).rejects.toBeInstanceOf(NotFoundError)
  await expect(failed).rejects.toMatchObject({ code: "model_not_found" })
})

test.each([
  [{ model: "gpt-4o" }, "missing_required_parameter", "messages"],
  [{ model: "gpt-4o", messages: "hello" }, "invalid_type", "messages"],
  [{ model: "gpt-4o", messages: [] }, "invalid_value", "messages"],
  [{ model: "gpt-4o", messages: [{ role: "robot", content: "hi" }] }, "invalid_value", "messages[0].role"],
  [
    { model: "gpt-4o", messages: [{ role: "user", content: [{ type: "text" }] }] },
    "missing_required_parameter",
    "messages[0].content[0].text",
  ],
  [{ model: "gpt-4o", messages: ask("Why?"), thinking: true }, "unknown_parameter", "thinking"],
  [{ model: "gpt-5.6-sol", messages: ask("Why?"), max_tokens: 9 }, "unsupported_parameter", "max_tokens"],
  [{ model: "gpt-6-sol", messages: ask("Why?"), temperature: 0 }, "unsupported_value", "temperature"],
  [
    { model: "gpt-4o", messages: withPicture("data:image/png;base64,@@@") },
    "invalid_base64",
    "messages[1].content[0].image_url.url",
  ],
  [
    { model: "gpt-4o", messages: withPicture("https://example.com/a.png") },
    "invalid_image_url",
    "messages[1].content[0].image_url.url",
  ],
])("%j is 400 %s at %s", async (body, code, param) => {
  const { status, text } = await postRaw(body)
  expect(status).toBe(400)
  expect(JSON.parse(text)).toMatchObject({
    error: { type: "invalid_request_error", code, param, message: expect.any(String) },
  })
})

test("models that take a temperature get one", async () => {
  expect((await postRaw({ model: "gpt-4.1", messages: ask("Why?"), temperature: 0, max_tokens: 9 })).status).toBe(200)
  expect((await postRaw({ model: "gpt-6-sol", messages: ask("Why?"), temperature: 1 })).status).toBe(200)
})

test("a body that is not JSON is 400", async () => {
  const { status, text } = await postRaw("{nonsense")
  expect(status).toBe(400)
  expect(text).toContain("not valid JSON")
})

test.each([
  ["a TIFF", () => picture(20, 20, "tiff")],
  ["bytes that are no picture", async () => Buffer.from("This is not a picture at all.")],
  ["a PNG whose header is cut off", async () => (await picture(20, 20)).subarray(0, 18)],
])("%s is refused as OpenAI refuses it", async (_name, bytes) => {
  const failed = client.chat.completions.create({ model: "gpt-4o", messages: withPicture(dataUrl(await bytes())) })
  await expect(failed).rejects.toBeInstanceOf(BadRequestError)
  await expect(failed).rejects.toMatchObject({ code: "invalid_image_format" })
})

test("a strict schema that OpenAI would not take is refused with its place", async () => {
  const schema = {
    type: "object",
    properties: { a: { type: "object", properties: {} } },
    required: ["a"],
    additionalProperties: false,
  }
  const { status, text } = await postRaw({
    model: "gpt-4o",
    messages: ask("Why?"),
    response_format: { type: "json_schema", json_schema: { name: "it", strict: true, schema } },
  })
  expect(status).toBe(400)
  expect(text).toContain("In context=('properties', 'a'), 'additionalProperties' is required")
})
