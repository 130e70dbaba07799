import Anthropic, { AuthenticationError, BadRequestError } from "@anthropic-ai/sdk"
import { afterAll, beforeAll, expect, test } from "vitest"
import { type SimulatedProviders, startSimulatedProviders } from "./server.ts"
import { picture, post } from "./testing.ts"

let providers: SimulatedProviders
let client: Anthropic
beforeAll(async () => {
  providers = await startSimulatedProviders({ speed: 0 })
  client = new Anthropic({ baseURL: `${providers.url}/anthropic`, apiKey: "simulated", maxRetries: 0 })
})
afterAll(() => providers.close())

const model = "claude-opus-5-5"
const ask = (content: string) => [{ role: "user" as const, content }]
const block = (data: Buffer, mediaType: "image/png" | "image/jpeg" | "image/webp" = "image/png") => ({
  type: "image" as const,
  source: { type: "base64" as const, media_type: mediaType, data: data.toString("base64") },
})
const show = (...blocks: readonly Anthropic.ContentBlockParam[]) => [
  { role: "user" as const, content: [...blocks, { type: "text" as const, text: "Which breaker?" }] },
]
const postRaw = (body: unknown, headers: Readonly<Record<string, string>> = {}) =>
  post(
    `${providers.url}/anthropic/v1/messages`,
    { "x-api-key": "simulated", "anthropic-version": "2023-06-01", ...headers },
    body,
  )
const messageOf = ({ text }: { readonly text: string }): string => JSON.parse(text).error.message

test("a whole answer describes what arrived and counts it", async () => {
  const reply = await client.messages.create({
    model,
    max_tokens: 500,
    system: "Be brief.",
    messages: show(block(await picture(1024, 1024))),
  })
  const text = reply.content[0]?.type === "text" ? reply.content[0].text : ""
  expect(text).toMatch(/^This is a simulated answer from anthropic, model claude-opus-5-5/)
  expect(text).toContain("PNG, 1024 × 1024 px")
  expect(reply).toMatchObject({ role: "assistant", stop_reason: "end_turn", stop_sequence: null })
  expect(reply.usage).toMatchObject({ input_tokens: 37 * 37 + 6, output_tokens: Math.ceil(text.length / 4) })
})

test("a stream is a true sequence of events and says the same as the whole answer", async () => {
  const question = { model, max_tokens: 500, messages: ask("How many relays?") }
  const whole = await client.messages.create(question)
  const stream = client.messages.stream(question)
  const types: string[] = []
  for await (const event of stream) types.push(event.type)
  const final = await stream.finalMessage()
  expect(types.slice(0, 3)).toEqual(["message_start", "content_block_start", "content_block_delta"])
  expect(types.slice(-3)).toEqual(["content_block_stop", "message_delta", "message_stop"])
  expect(final.content).toMatchObject(whole.content.map((part) => ({ ...part })))
  expect(final.usage).toMatchObject({
    input_tokens: whole.usage.input_tokens,
    output_tokens: whole.usage.output_tokens,
  })
  expect(final.stop_reason).toBe("end_turn")
})

test("pings are sent, each event under its name", async () => {
  const { text, headers } = await postRaw({ model, max_tokens: 3, stream: true, messages: ask("Why?") })
  expect(headers.get("content-type")).toContain("text/event-stream")
  expect(text).toContain('event: ping\ndata: {"type":"ping"}\n\n')
  expect(text.startsWith("event: message_start\ndata: ")).toBe(true)
  expect(text).toContain('"stop_reason":"max_tokens"')
})

test("a stop sequence is named", async () => {
  const reply = await client.messages.create({
    model,
    max_tokens: 99,
    stop_sequences: ["answer"],
    messages: ask("Why?"),
  })
  expect(reply).toMatchObject({
    stop_reason: "stop_sequence",
    stop_sequence: "answer",
    content: [{ text: "This is a simulated " }],
  })
})

test("structured output obeys its schema, with the notice inside", async () => {
  const schema = {
    type: "object",
    properties: { kind: { type: "string", enum: ["relay"] }, why: { type: "string" } },
    required: ["kind", "why"],
    additionalProperties: false,
  }
  const reply = await client.messages.create({
    model,
    max_tokens: 500,
    messages: ask("Sort."),
    output_config: { format: { type: "json_schema", schema } },
  })
  const text = reply.content[0]?.type === "text" ? reply.content[0].text : ""
  expect(JSON.parse(text)).toEqual({ kind: "relay", why: expect.stringContaining("Simulated answer from anthropic") })
})

test("headers tell the request id and what is left of the quota", async () => {
  const { headers } = await postRaw({ model, max_tokens: 3, messages: ask("Why?") })
  expect(headers.get("request-id")).toMatch(/^req_/)
  expect(Number(headers.get("anthropic-ratelimit-requests-remaining"))).toBeGreaterThan(0)
  expect(Date.parse(headers.get("anthropic-ratelimit-tokens-reset") ?? "")).not.toBeNaN()
})

test("a wrong key is an authentication error, a missing version a bad request", async () => {
  const stranger = new Anthropic({ baseURL: `${providers.url}/anthropic`, apiKey: "wrong", maxRetries: 0 })
  const failed = stranger.messages.create({ model, max_tokens: 3, messages: ask("Why?") })
  await expect(failed).rejects.toBeInstanceOf(AuthenticationError)
  await expect(failed).rejects.toMatchObject({ type: "authentication_error" })
  const versionless = await post(`${providers.url}/anthropic/v1/messages`, { "x-api-key": "simulated" }, {})
  expect(versionless.status).toBe(400)
  expect(messageOf(versionless)).toBe("anthropic-version: header is required")
})

test("an unknown model is not found, and the error carries the request id", async () => {
  const { status, text, headers } = await postRaw({ model: "gpt-4o", max_tokens: 3, messages: ask("Why?") })
  expect(status).toBe(404)
  expect(JSON.parse(text)).toEqual({
    type: "error",
    error: { type: "not_found_error", message: "model: gpt-4o" },
    request_id: headers.get("request-id"),
  })
})

test.each([
  [{ model, messages: ask("Why?") }, "max_tokens: Field required"],
  [{ model, max_tokens: 0, messages: ask("Why?") }, "max_tokens: Input should be greater than or equal to 1"],
  [{ model, max_tokens: 3, messages: [] }, "messages: at least one message is required"],
  [
    { model, max_tokens: 3, messages: [{ role: "robot", content: "x" }] },
    "messages.0.role: Input should be 'user', 'assistant' or 'system'",
  ],
  [
    { model, max_tokens: 3, messages: ask("Why?"), system: [{ type: "text", text: "" }] },
    "system.0.text: text content blocks must be non-empty",
  ],
  [
    { model, max_tokens: 3, messages: ask("Why?"), max_completion_tokens: 3 },
    "max_completion_tokens: Extra inputs are not permitted",
  ],
  [{ model, max_tokens: 3, messages: ask("Why?"), temperature: 0 }, "`temperature` is deprecated for this model."],
  [
    { model: "claude-haiku-4-5", max_tokens: 3, messages: ask("Why?"), temperature: 2 },
    "temperature: Input should be less than or equal to 1",
  ],
])("%j is refused: %s", async (body, message) => {
  const reply = await postRaw(body)
  expect(reply.status).toBe(400)
  expect(messageOf(reply)).toBe(message)
})

test("an older model takes a temperature under the older version of the API only", async () => {
  const body = { model: "claude-haiku-4-5", max_tokens: 3, messages: ask("Why?"), temperature: 0 }
  expect((await postRaw(body)).status).toBe(200)
  const newest = await postRaw(body, { "anthropic-version": "2026-10-21" })
  expect(newest.status).toBe(400)
  expect(messageOf(newest)).toBe("temperature: Extra inputs are not permitted")
})

test("the key may come as a bearer, and x-api-key counts where both come", async () => {
  const url = `${providers.url}/anthropic/v1/messages`
  const body = { model, max_tokens: 3, messages: ask("Why?") }
  const bearer = { "anthropic-version": "2023-06-01", authorization: "Bearer simulated" }
  expect((await post(url, bearer, body)).status).toBe(200)
  expect((await post(url, { ...bearer, "x-api-key": "wrong" }, body)).status).toBe(401)
})

test("an unknown version of the API is refused", async () => {
  const reply = await postRaw({ model, max_tokens: 3, messages: ask("Why?") }, { "anthropic-version": "2024-01-01" })
  expect(reply.status).toBe(400)
  expect(messageOf(reply)).toContain("not a valid version")
})

test("a picture under the wrong media type is refused at its place", async () => {
  const reply = await postRaw({
    model,
    max_tokens: 3,
    messages: show(block(await picture(20, 20, "jpeg"), "image/png")),
  })
  expect(reply.status).toBe(400)
  expect(messageOf(reply)).toContain(
    "messages.0.content.0.image.source.base64.data: The image was specified using the image/png",
  )
})

test("a picture that does not decode, or is too large, is refused", async () => {
  const broken = client.messages.create({ model, max_tokens: 3, messages: show(block(Buffer.from("not a picture"))) })
  await expect(broken).rejects.toBeInstanceOf(BadRequestError)
  await expect(broken).rejects.toMatchObject({ message: expect.stringContaining("Could not process image") })
  const long = await postRaw({ model, max_tokens: 3, messages: show(block(await picture(8001, 4))) })
  expect(messageOf(long)).toContain("At least one of the image dimensions exceed max allowed size: 8000 pixels")
  const small = block(await picture(2001, 4))
  const many = await postRaw({ model, max_tokens: 3, messages: show(...Array.from({ length: 21 }, () => small)) })
  expect(messageOf(many)).toContain("many-image requests: 2000 pixels")
})

test("a body above 32 MB is 413", async () => {
  const reply = await postRaw("x".repeat(32 * 2 ** 20 + 1))
  expect(reply.status).toBe(413)
  expect(JSON.parse(reply.text).error.type).toBe("request_too_large")
})

test("a schema with bounds is refused as Anthropic refuses it", async () => {
  const schema = {
    type: "object",
    properties: { n: { type: "number", minimum: 0 } },
    required: ["n"],
    additionalProperties: false,
  }
  const reply = await postRaw({
    model,
    max_tokens: 3,
    messages: ask("Why?"),
    output_config: { format: { type: "json_schema", schema } },
  })
  expect(messageOf(reply)).toBe("output_config.format.schema: For 'number' type, property 'minimum' is not supported")
})
