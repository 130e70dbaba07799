import { afterAll, beforeAll, expect, test } from "vitest"
import { type SimulatedProviders, startSimulatedProviders } from "./server.ts"
import { picture, post } from "./testing.ts"

let providers: SimulatedProviders
beforeAll(async () => {
  providers = await startSimulatedProviders({ speed: 0 })
})
afterAll(() => providers.close())

const call = (body: unknown, { model = "gemini-3.8-flash", method = "generateContent", key = "simulated" } = {}) =>
  post(`${providers.url}/google/v1beta/models/${model}:${method}`, { "x-goog-api-key": key }, body)
const ask = (text: string) => ({ contents: [{ role: "user", parts: [{ text }] }] })
const show = (data: Buffer, mimeType = "image/png") => ({
  contents: [
    { role: "user", parts: [{ inlineData: { mimeType, data: data.toString("base64") } }, { text: "Which?" }] },
  ],
})
const errorOf = ({ text }: { readonly text: string }) => JSON.parse(text).error

test("a whole answer describes what arrived and counts it by modality", async () => {
  const { status, text } = await call({
    ...show(await picture(640, 480, "webp"), "image/webp"),
    systemInstruction: { parts: [{ text: "Be brief." }] },
  })
  const reply = JSON.parse(text)
  expect(status).toBe(200)
  expect(reply.candidates[0]).toMatchObject({ finishReason: "STOP", content: { role: "model" } })
  expect(reply.candidates[0].content.parts[0].text).toContain("Picture 1: WEBP, 640 × 480 px")
  expect(reply.usageMetadata).toMatchObject({
    promptTokenCount: 1124,
    promptTokensDetails: [
      { modality: "TEXT", tokenCount: 4 },
      { modality: "IMAGE", tokenCount: 1120 },
    ],
  })
})

test("the resolution of a picture, or of all, decides what it costs", async () => {
  const body = show(await picture(640, 480))
  const config = { generationConfig: { mediaResolution: "MEDIA_RESOLUTION_LOW" } }
  const promptTokens = async (given: unknown) => JSON.parse((await call(given)).text).usageMetadata.promptTokenCount
  expect(await promptTokens({ ...body, ...config })).toBe(280 + 2)
  const [image, question] = body.contents[0]?.parts ?? []
  const parts = [{ ...image, mediaResolution: { level: "MEDIA_RESOLUTION_ULTRA_HIGH" } }, question]
  expect(await promptTokens({ contents: [{ parts }], ...config })).toBe(2240 + 2)
})

test("a stream of events says the same as the whole answer and ends with the finish reason", async () => {
  const whole = JSON.parse((await call(ask("How many?"))).text)
  const { text, headers } = await call(ask("How many?"), { method: "streamGenerateContent?alt=sse" })
  const events = text
    .split("\r\n\r\n")
    .filter((event) => event !== "")
    .map((event) => JSON.parse(event.replace(/^data: /, "")))
  expect(headers.get("content-type")).toContain("text/event-stream")
  expect(events.map((event) => event.candidates[0].content.parts[0].text).join("")).toBe(
    whole.candidates[0].content.parts[0].text,
  )
  expect(events.filter((event) => "finishReason" in event.candidates[0]).length).toBe(1)
  expect(events.at(-1)).toMatchObject({ candidates: [{ finishReason: "STOP" }], usageMetadata: whole.usageMetadata })
})

test("without alt=sse a stream is one JSON array", async () => {
  const { text } = await call(ask("How many?"), { method: "streamGenerateContent" })
  expect(JSON.parse(text).length).toBeGreaterThan(10)
})

test("names may be written with underscores", async () => {
  const body = {
    contents: [{ parts: [{ text: "Why?" }] }],
    system_instruction: { parts: [{ text: "Be brief." }] },
    generation_config: { max_output_tokens: 4 },
  }
  expect(JSON.parse((await call(body)).text)).toMatchObject({
    candidates: [{ finishReason: "MAX_TOKENS", content: { parts: [{ text: "This is a simula" }] } }],
  })
})

test("a JSON schema is obeyed, in either dialect, and its own names are left alone", async () => {
  const responseJsonSchema = { type: "object", properties: { read_from: { type: "string" } }, required: ["read_from"] }
  const responseSchema = { type: "OBJECT", properties: { read_from: { type: "STRING" } } }
  for (const schema of [{ responseJsonSchema }, { responseSchema }]) {
    const config = { responseMimeType: "application/json", ...schema }
    const reply = JSON.parse((await call({ ...ask("Why?"), generationConfig: config })).text)
    expect(JSON.parse(reply.candidates[0].content.parts[0].text)).toEqual({
      read_from: expect.stringContaining("Simulated answer from google"),
    })
  }
})

test("a wrong key is 400 with the reason in its details, a missing one 403", async () => {
  const wrong = await call(ask("Why?"), { key: "stolen" })
  expect(wrong.status).toBe(400)
  expect(errorOf(wrong)).toMatchObject({ status: "INVALID_ARGUMENT", details: [{ reason: "API_KEY_INVALID" }, {}] })
  expect(wrong.text).not.toContain("stolen")
  const missing = await post(`${providers.url}/google/v1beta/models/gemini-3.8-flash:generateContent`, {}, ask("Why?"))
  expect(missing.status).toBe(403)
})

test("the key may stand in the query, and then is not logged", async () => {
  const url = `${providers.url}/google/v1beta/models/gemini-3.8-flash:generateContent?key=simulated`
  expect((await post(url, {}, ask("Why?"))).status).toBe(200)
  expect(JSON.stringify(providers.log().at(-1)?.path)).not.toContain("key")
})

test.each([
  [{}, "contents", "is not specified"],
  [{ contents: [] }, "contents", "contents is not specified"],
  [{ contents: [{ parts: [] }] }, "contents[0].parts", "at least one parts field"],
  [{ ...ask("Why?"), messages: [] }, "", 'Unknown name "messages": Cannot find field.'],
  [
    { ...ask("Why?"), generationConfig: { maxTokens: 4 } },
    "generation_config",
    "Unknown name \"maxTokens\" at 'generation_config'",
  ],
])("%j is INVALID_ARGUMENT at %j", async (body, field, message) => {
  const reply = await call(body)
  expect(reply.status).toBe(400)
  expect(errorOf(reply)).toMatchObject({
    code: 400,
    status: "INVALID_ARGUMENT",
    message: expect.stringContaining(message),
    details: [{ fieldViolations: [{ field }] }],
  })
})

test("a schema needs the JSON media type", async () => {
  const reply = await call({ ...ask("Why?"), generationConfig: { responseJsonSchema: { type: "object" } } })
  expect(errorOf(reply).message).toContain("response_mime_type is application/json")
})

test("an unknown model is NOT_FOUND", async () => {
  const reply = await call(ask("Why?"), { model: "gpt-4o" })
  expect(reply.status).toBe(404)
  expect(errorOf(reply)).toMatchObject({ code: 404, status: "NOT_FOUND" })
})

test("a GIF, a broken picture and broken base64 are each refused in their own words", async () => {
  expect(errorOf(await call(show(await picture(9, 9, "gif"), "image/gif"))).message).toBe(
    "Unsupported MIME type: image/gif",
  )
  expect(errorOf(await call(show(Buffer.from("not a picture")))).message).toContain("Unable to process input image")
  const torn = {
    contents: [{ parts: [{ inlineData: { mimeType: "image/png", data: "data:image/png;base64,AAAA" } }] }],
  }
  expect(errorOf(await call(torn))).toMatchObject({
    message: expect.stringContaining("Base64 decoding failed"),
    details: [{ fieldViolations: [{ field: "contents[0].parts[0].inline_data.data" }] }],
  })
})

test("lists models", async () => {
  const response = await fetch(`${providers.url}/google/v1beta/models`, { headers: { "x-goog-api-key": "simulated" } })
  expect(await response.json()).toMatchObject({
    models: expect.arrayContaining([
      {
        name: expect.stringMatching(/^models\/gemini-/),
        displayName: expect.any(String),
        supportedGenerationMethods: ["generateContent"],
      },
    ]),
  })
})
