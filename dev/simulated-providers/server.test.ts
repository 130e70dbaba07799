import Anthropic, { APIConnectionError, InternalServerError, OverloadedError, RateLimitError } from "@anthropic-ai/sdk"
import OpenAI, {
  APIConnectionError as OpenAIConnectionError,
  InternalServerError as OpenAIServerError,
  RateLimitError as OpenAIRateLimitError,
} from "openai"
import { expect, test, vi } from "vitest"
import type { ControlChange, Fault } from "./faults.ts"
import { type SimulatedProviders, startSimulatedProviders } from "./server.ts"
import { dataUrl, freezeAfter, picture, post, withProviders } from "./testing.ts"

const openaiClient = ({ url }: SimulatedProviders) =>
  new OpenAI({ baseURL: `${url}/openai/v1`, apiKey: "simulated", maxRetries: 0 })
const anthropicClient = ({ url }: SimulatedProviders) =>
  new Anthropic({ baseURL: `${url}/anthropic`, apiKey: "simulated", maxRetries: 0 })

const messages = [{ role: "user" as const, content: "Which breaker?" }]
const openaiQuestion = { model: "gpt-4o", messages }
const anthropicQuestion = { model: "claude-opus-5-5", max_tokens: 300, messages }
const askGoogle = ({ url }: SimulatedProviders, method = "generateContent") =>
  post(
    `${url}/google/v1beta/models/gemini-3.8-flash:${method}`,
    { "x-goog-api-key": "simulated" },
    {
      contents: [{ parts: [{ text: "Which breaker?" }] }],
    },
  )
const askAll = (providers: SimulatedProviders) =>
  [
    openaiClient(providers).chat.completions.create(openaiQuestion),
    anthropicClient(providers).messages.create(anthropicQuestion),
    askGoogle(providers),
  ] as const

const everywhere = (fault: Fault, rest: object = {}): ControlChange => ({
  openai: { fault, ...rest },
  anthropic: { fault, ...rest },
  google: { fault, ...rest },
})
const outcomes = (providers: SimulatedProviders) => providers.log().map(({ outcome }) => outcome)

// --- the faults ---

test("down resets the connection", () =>
  withProviders(async (providers) => {
    providers.control(everywhere("down"))
    const [openai, anthropic, google] = await Promise.allSettled(askAll(providers))
    expect(openai).toMatchObject({ status: "rejected", reason: expect.any(OpenAIConnectionError) })
    expect(anthropic).toMatchObject({ status: "rejected", reason: expect.any(APIConnectionError) })
    expect(google).toMatchObject({ status: "rejected", reason: { cause: { code: "ECONNRESET" } } })
    expect(outcomes(providers)).toEqual(["failed", "failed", "failed"])
  }))

test("error500 is each provider's own server error", () =>
  withProviders(async (providers) => {
    providers.control(everywhere("error500"))
    const [openai, anthropic, google] = await Promise.allSettled(askAll(providers))
    expect(openai).toMatchObject({ reason: expect.any(OpenAIServerError) })
    expect(openai).toMatchObject({ reason: { status: 500, type: "server_error" } })
    expect(anthropic).toMatchObject({ reason: expect.any(InternalServerError) })
    expect(anthropic).toMatchObject({ reason: { status: 500, type: "api_error" } })
    expect(google).toMatchObject({ value: { status: 500, text: expect.stringContaining('"status":"INTERNAL"') } })
  }))

test("overloaded is 503, or 529 with Anthropic", () =>
  withProviders(async (providers) => {
    providers.control(everywhere("overloaded"))
    const [openai, anthropic, google] = await Promise.allSettled(askAll(providers))
    expect(openai).toMatchObject({ reason: { status: 503 } })
    expect(anthropic).toMatchObject({ reason: expect.any(OverloadedError) })
    expect(anthropic).toMatchObject({ reason: { status: 529, type: "overloaded_error" } })
    expect(google).toMatchObject({ value: { status: 503, text: expect.stringContaining('"UNAVAILABLE"') } })
  }))

test("rate_limited says how long to wait, each in its own way", () =>
  withProviders(async (providers) => {
    providers.control(everywhere("rate_limited", { retryAfterS: 1.5 }))
    const [openai, anthropic, google] = await Promise.allSettled(askAll(providers))
    if (openai.status !== "rejected" || anthropic.status !== "rejected" || google.status !== "fulfilled") {
      throw new Error("not refused as expected")
    }
    expect(openai.reason).toBeInstanceOf(OpenAIRateLimitError)
    expect(openai.reason.code).toBe("rate_limit_exceeded")
    expect(openai.reason.headers.get("retry-after")).toBe("2")
    expect(openai.reason.headers.get("retry-after-ms")).toBe("1500")
    expect(openai.reason.headers.get("x-ratelimit-remaining-requests")).toBe("0")
    expect(openai.reason.headers.get("x-ratelimit-reset-requests")).toBe("1.5s")
    expect(anthropic.reason).toBeInstanceOf(RateLimitError)
    expect(anthropic.reason.headers.get("retry-after")).toBe("2")
    expect(anthropic.reason.headers.get("anthropic-ratelimit-requests-remaining")).toBe("0")
    expect(google.value.status).toBe(429)
    expect(JSON.parse(google.value.text).error).toMatchObject({
      status: "RESOURCE_EXHAUSTED",
      details: expect.arrayContaining([{ "@type": "type.googleapis.com/google.rpc.RetryInfo", retryDelay: "1.5s" }]),
    })
  }))

test("unauthorized turns the right key away", () =>
  withProviders(async (providers) => {
    providers.control(everywhere("unauthorized"))
    const [openai, anthropic, google] = await Promise.allSettled(askAll(providers))
    expect(openai).toMatchObject({ reason: { status: 401 } })
    expect(anthropic).toMatchObject({ reason: { status: 401 } })
    expect(google).toMatchObject({ value: { status: 400, text: expect.stringContaining("API_KEY_INVALID") } })
  }))

test("hang accepts the request and never answers; the caller's leaving is logged", () =>
  withProviders(async (providers) => {
    providers.control({ openai: { fault: "hang" } })
    const signal = AbortSignal.timeout(60)
    await expect(openaiClient(providers).chat.completions.create(openaiQuestion, { signal })).rejects.toThrow("aborted")
    await vi.waitFor(() => expect(providers.log()).toHaveLength(1))
    expect(providers.log()[0]).toMatchObject({ model: "gpt-4o", fault: "hang", outcome: "unfinished", aborted: true })
    expect(providers.log()[0]).not.toHaveProperty("status")
  }))

test("slow takes ten times as long", async () => {
  const waits: number[] = []
  const wait = async (ms: number) => void waits.push(ms)
  await withProviders(
    async (providers) => {
      await openaiClient(providers).chat.completions.create(openaiQuestion)
      providers.control({ openai: { fault: "slow" } })
      await openaiClient(providers).chat.completions.create(openaiQuestion)
    },
    { speed: 1, wait },
  )
  expect(waits).toHaveLength(2)
  expect(waits[1]).toBeCloseTo(10 * (waits[0] ?? 0))
  expect(waits[0]).toBeGreaterThan(100)
})

test("garbage is neither JSON nor events", () =>
  withProviders(async (providers) => {
    providers.control(everywhere("garbage"))
    for (const method of ["generateContent", "streamGenerateContent?alt=sse"]) {
      const { status, headers, text } = await askGoogle(providers, method)
      expect(status).toBe(200)
      expect(headers.get("content-type")).toBe("text/html")
      expect(text).toContain("<!doctype html>")
    }
    expect(outcomes(providers)).toEqual(["failed", "failed"])
  }))

test("cut breaks a stream off after some tokens", () =>
  withProviders(async (providers) => {
    providers.control(everywhere("cut", { afterTokens: 3 }))
    const stream = await openaiClient(providers).chat.completions.create({ ...openaiQuestion, stream: true })
    let text = ""
    const read = async () => {
      for await (const chunk of stream) text += chunk.choices[0]?.delta.content ?? ""
    }
    await expect(read()).rejects.toThrow("terminated")
    expect(text).toMatch(/^This is a/)
    expect(text.length).toBeLessThan(30)
    expect(providers.log()[0]).toMatchObject({ fault: "cut", outcome: "failed", status: 200, aborted: false })
  }))

test("cut breaks a whole answer off in its middle", () =>
  withProviders(async (providers) => {
    providers.control(everywhere("cut"))
    await expect(askGoogle(providers)).rejects.toThrow("terminated")
    expect(providers.log()[0]).toMatchObject({ outcome: "failed", status: 200, aborted: false })
  }))

test("cut breaks off even an answer that is shorter than its tokens", () =>
  withProviders(async (providers) => {
    providers.control({ anthropic: { fault: "cut", afterTokens: 1_000_000 } })
    const events: string[] = []
    const read = async () => {
      const stream = await anthropicClient(providers).messages.create({ ...anthropicQuestion, stream: true })
      for await (const event of stream) events.push(event.type)
    }
    await expect(read()).rejects.toThrow("terminated")
    expect(events).not.toContain("message_stop")
  }))

test("stall falls silent in the middle of a stream until the caller leaves", () =>
  withProviders(async (providers) => {
    providers.control({ anthropic: { fault: "stall", afterTokens: 3 } })
    const stream = await anthropicClient(providers).messages.create({ ...anthropicQuestion, stream: true })
    let text = ""
    for await (const event of stream) {
      if (event.type === "content_block_delta" && event.delta.type === "text_delta") text += event.delta.text
      if (text.startsWith("This is a")) break
    }
    await vi.waitFor(() => expect(providers.log()).toHaveLength(1))
    expect(providers.log()[0]).toMatchObject({ fault: "stall", outcome: "failed", aborted: true })
  }))

test("a fault strikes its share of the requests, and the same ones with the same seed", async () => {
  const struck = async (seed: string) => {
    const hits: boolean[] = []
    await withProviders(
      async (providers) => {
        providers.control({ google: { fault: "overloaded", rate: 0.5 } })
        for (let index = 0; index < 60; index++) hits.push((await askGoogle(providers)).status === 503)
      },
      { seed },
    )
    return hits
  }
  const [first, again, other] = [await struck("a"), await struck("a"), await struck("b")]
  expect(first.filter(Boolean).length).toBeGreaterThan(15)
  expect(first.filter(Boolean).length).toBeLessThan(45)
  expect(again).toEqual(first)
  expect(other).not.toEqual(first)
})

test("a fault strikes the list of models too, so that a health check sees it", () =>
  withProviders(async (providers) => {
    providers.control({ openai: { fault: "overloaded" } })
    await expect(openaiClient(providers).models.list()).rejects.toMatchObject({ status: 503 })
  }))

// --- control and log, by hand ---

test("a fault is switched by HTTP for the providers that are named, and off again", () =>
  withProviders(async (providers) => {
    const put = (body: string) => fetch(`${providers.url}/control`, { method: "PUT", body })
    const changed = await (await put('{"openai":{"fault":"down","rate":0.25}}')).json()
    expect(changed).toMatchObject({
      openai: { fault: "down", rate: 0.25 },
      anthropic: { fault: "none" },
      google: { fault: "none" },
    })
    expect(await (await fetch(`${providers.url}/control`)).json()).toEqual(changed)
    expect(providers.control()).toEqual(changed)
    await put('{"openai":{"fault":"none"}}')
    expect(providers.control().openai).toMatchObject({ fault: "none", rate: 1 })
  }))

test.each([
  ['{"openai":{"fault":"sleepy"}}', "openai.fault"],
  ['{"openai":{"fault":"down","rate":2}}', "openai.rate"],
  ['{"mistral":{"fault":"down"}}', "mistral"],
  ["not json", "body"],
])("the control request %s is refused at %s and changes nothing", (body, place) =>
  withProviders(async (providers) => {
    const response = await fetch(`${providers.url}/control`, { method: "PUT", body })
    expect(response.status).toBe(400)
    expect(await response.json()).toMatchObject({
      error: {
        message: expect.stringContaining("rate_limited"),
        problems: [expect.stringMatching(new RegExp(`^${place}:`))],
      },
    })
    expect(providers.control().openai.fault).toBe("none")
  }),
)

test("the log tells what arrived, without keys, and can be emptied", () =>
  withProviders(async (providers) => {
    const bytes = await picture(640, 480)
    await openaiClient(providers).chat.completions.create({
      model: "gpt-4o",
      messages: [{ role: "user", content: [{ type: "image_url", image_url: { url: dataUrl(bytes) } }] }],
    })
    const response = await fetch(`${providers.url}/log`)
    const text = await response.text()
    expect(JSON.parse(text)).toMatchObject([
      {
        wire: "openai",
        path: "/v1/chat/completions",
        model: "gpt-4o",
        stream: false,
        pictures: [{ format: "png", widthPx: 640, heightPx: 480, sizeBytes: bytes.length, tokens: 425 }],
        outcome: "answered",
        status: 200,
        aborted: false,
        headers: { authorization: "(hidden)", "content-type": "application/json" },
      },
    ])
    expect(text).not.toContain("Bearer")
    await fetch(`${providers.url}/log`, { method: "DELETE" })
    expect(providers.log()).toEqual([])
  }))

test("the log keeps the last 1,000 requests", () =>
  withProviders(async (providers) => {
    for (let batch = 0; batch < 41; batch++) {
      await Promise.all(
        Array.from({ length: 25 }, () => fetch(`${providers.url}/openai/v1/${batch}`).then((r) => r.text())),
      )
    }
    expect(providers.log()).toHaveLength(1000)
    expect(providers.log()[0]?.path).toBe("/v1/1")
  }))

// --- answers ---

test("the same request gets the same answer at the same pace from another server with the same seed", async () => {
  const ask = async (seed: string) => {
    const waits: number[] = []
    const texts: string[] = []
    await withProviders(
      async (providers) => {
        const { text } = await askGoogle(providers, "streamGenerateContent?alt=sse")
        texts.push(text)
      },
      { seed, speed: 1, wait: async (ms) => void waits.push(ms) },
    )
    return { waits, texts }
  }
  const first = await ask("a")
  expect(await ask("a")).toEqual(first)
  expect((await ask("b")).waits).not.toEqual(first.waits)
})

test("what the prompt says switches nothing", () =>
  withProviders(async (providers) => {
    const content = 'fault: down {"openai":{"fault":"error500"}} PUT /control'
    const reply = await openaiClient(providers).chat.completions.create({
      model: "gpt-4o",
      messages: [{ role: "user", content }],
    })
    expect(reply.choices[0]?.message.content).toContain(content)
    expect(providers.control().openai.fault).toBe("none")
  }))

test("each event of a stream leaves on its own, and a caller who leaves stops it", () =>
  withProviders(
    async (providers) => {
      const stream = await openaiClient(providers).chat.completions.create({ ...openaiQuestion, stream: true })
      let text = ""
      // The server has sent its first four events and waits: were they held back, this would never end.
      for await (const chunk of stream) {
        text += chunk.choices[0]?.delta.content ?? ""
        if (text === "This is a") break
      }
      await vi.waitFor(() => expect(providers.log()).toHaveLength(1))
      expect(providers.log()[0]).toMatchObject({ outcome: "unfinished", stream: true, aborted: true })
    },
    { wait: freezeAfter(4) },
  ))

test("a caller who leaves before a whole answer is logged as aborted", () =>
  withProviders(
    async (providers) => {
      const leave = new AbortController()
      const asked = anthropicClient(providers).messages.create(anthropicQuestion, { signal: leave.signal })
      setTimeout(() => leave.abort(), 40)
      await expect(asked).rejects.toThrow("aborted")
      await vi.waitFor(() => expect(providers.log()).toHaveLength(1))
      expect(providers.log()[0]).toMatchObject({ outcome: "unfinished", aborted: true })
    },
    { wait: freezeAfter(0) },
  ))

test("an endpoint that a provider does not have is 404 in its own words", () =>
  withProviders(async ({ url }) => {
    expect(await (await fetch(`${url}/anthropic/v1/complete`)).json()).toMatchObject({
      error: { type: "not_found_error" },
    })
    expect(await (await fetch(`${url}/google/v1beta/nothing`)).json()).toMatchObject({ error: { status: "NOT_FOUND" } })
    expect((await fetch(`${url}/nothing`)).status).toBe(404)
  }))

// --- the server ---

test("closing ends connections that hang", async () => {
  const providers = await startSimulatedProviders({ speed: 0 })
  providers.control({ google: { fault: "hang" } })
  const asked = Promise.allSettled([askGoogle(providers)])
  await fetch(`${providers.url}/control`)
  await providers.close()
  expect(await asked).toMatchObject([{ status: "rejected" }])
  await expect(fetch(`${providers.url}/control`)).rejects.toThrow("fetch failed")
})

test("a port that is taken is an error", () =>
  withProviders(async ({ port }) => {
    await expect(startSimulatedProviders({ port })).rejects.toMatchObject({ code: "EADDRINUSE" })
  }))
