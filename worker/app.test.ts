import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest"
import type { AnalyzeResponse } from "../contract/analyze.ts"
import type { AttemptFailure } from "../contract/record.ts"
import { sample } from "../dev/samples.ts"
import type { Fault } from "../dev/simulated-providers/faults.ts"
import { startSimulatedProviders } from "../dev/simulated-providers/server.ts"
import type { SimulatedProviders } from "../dev/simulated-providers/server.ts"
import { createApp } from "./app.ts"
import { createGateway } from "./create-gateway.ts"
import { createMisconfiguredApp } from "./misconfigured-app.ts"
import type { HistoryEntry } from "./ports/history.ts"
import type { Ports } from "./ports/ports.ts"
import { createSharpEngine } from "./runtime/deno/sharp-engine.ts"
import { createMemoryAnswerCache } from "./runtime/memory/answer-cache.ts"
import { createMemoryHistory } from "./runtime/memory/history.ts"
import { createMemoryProviderBoard } from "./runtime/memory/provider-board.ts"
import { SettingsError, parseSettings } from "./settings.ts"
import { createMemoryRequestLedger } from "./runtime/memory/request-ledger.ts"

const key = "sk-simulated-key-0123456789"
let providers: SimulatedProviders
beforeAll(async () => {
  providers = await startSimulatedProviders({ speed: 0, apiKey: key })
})
afterAll(() => providers.close())
afterEach(() => {
  providers.control({ openai: { fault: "none" }, anthropic: { fault: "none" }, google: { fault: "none" } })
  providers.clearLog()
})

/** A gateway in this process with a board that knows nothing yet, so that candidates stand in the settings' order. */
const start = (changes: Partial<Ports> = {}) => {
  const lines: Readonly<Record<string, unknown>>[] = []
  const background: Promise<unknown>[] = []
  const settings = parseSettings({
    OPENAI_API_KEY: key,
    OPENAI_BASE_URL: `${providers.url}/openai/v1`,
    ANTHROPIC_API_KEY: key,
    ANTHROPIC_BASE_URL: `${providers.url}/anthropic`,
    GOOGLE_API_KEY: key,
    GOOGLE_BASE_URL: `${providers.url}/google`,
    VOLTGATE_AUTO_MODELS: "openai/gpt-4o,anthropic/claude-sonnet-5,google/gemini-2.5-flash",
    VOLTGATE_OPEN: "loopback",
    VOLTGATE_TIMEOUT_FIRST_BYTE_MS: "300",
    VOLTGATE_TIMEOUT_IDLE_MS: "300",
  })
  const now = Date.now
  const app = createApp(
    createGateway(settings, {
      cache: createMemoryAnswerCache({ now }),
      board: createMemoryProviderBoard({ now }),
      ledger: createMemoryRequestLedger({ now: Date.now }),
      imageEngine: createSharpEngine(),
      fetch,
      now,
      random: () => 0.5,
      background: (work) => void background.push(work),
      log: (line) => lines.push(line),
      ...changes,
    }),
  )
  const analyze = async (body: Record<string, unknown> = {}) => {
    const image = Buffer.from(await sample("nameplate.webp")).toString("base64")
    const response = await app.request("http://localhost/v1/analyze", {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ query: "Who made this?", images: [image], ...body }),
    })
    await Promise.all(background)
    return response
  }
  return { app, analyze, lines }
}

describe("before the first byte, a provider's failure moves on to the next candidate", () => {
  const kinds: readonly (readonly [Fault, AttemptFailure])[] = [
    ["down", "network"],
    ["error500", "server_error"],
    ["overloaded", "overloaded"],
    ["rate_limited", "rate_limited"],
    ["unauthorized", "unauthorized"],
    ["hang", "first_byte_timeout"],
    ["garbage", "garbage"],
  ]
  describe.each([false, true])("stream: %s", (stream) => {
    test.each(kinds)("%s is told as %s", async (fault, kind) => {
      providers.control({ openai: { fault }, anthropic: { fault } })
      const { analyze, lines } = start()
      const response = await analyze({ stream })
      expect(response.status).toBe(200)
      expect(response.headers.get("x-voltgate-provider")).toBe("google")
      expect(response.headers.get("x-voltgate-attempts")).toBe("3")
      const text = await response.text()
      const { record } = JSON.parse(
        stream ? (/event: done\ndata: (.*)/.exec(text)?.[1] ?? "") : text,
      ) as AnalyzeResponse
      expect(record.routing.attempts.map(({ outcome }) => outcome)).toEqual([kind, kind, "answered"])
      expect(JSON.stringify([text, lines])).not.toContain(key)
    })
  })

  test.each<[Fault, AttemptFailure]>([
    ["cut", "cut_off"],
    ["stall", "idle_timeout"],
  ])("for an answer in one piece, even %s in the middle does", async (fault, kind) => {
    providers.control({ openai: { fault } })
    const body = (await (await start().analyze()).json()) as AnalyzeResponse
    expect(body.record.routing.attempts.map(({ outcome }) => outcome)).toEqual([kind, "answered"])
  })
})

test.each<Fault>(["cut", "stall"])("after the first byte, %s ends the stream with an error event", async (fault) => {
  providers.control({ openai: { fault } })
  const text = await (await start().analyze({ stream: true })).text()
  expect(text).toMatch(/^event: delta/)
  expect(text).toMatch(/event: error\ndata: \{"error":\{"code":"(?:no_provider|timeout)".*broke off/)
  expect(text).not.toContain("event: done")
})

test("answers from the cache without asking any provider", async () => {
  const { analyze } = start()
  await analyze()
  providers.clearLog()
  const again = await analyze()
  expect(again.headers.get("x-voltgate-cache")).toBe("hit")
  expect(providers.log()).toEqual([])
})

test("an answer that broke off is not cached", async () => {
  const { analyze } = start()
  providers.control({ openai: { fault: "cut" } })
  await (await analyze({ stream: true, model: "openai/gpt-4o" })).text()
  providers.control({ openai: { fault: "none" } })
  expect((await analyze({ model: "openai/gpt-4o" })).headers.get("x-voltgate-cache")).toBe("miss")
})

test("no request waits for the board: one whose sync never ends delays nothing", async () => {
  const board = { ...createMemoryProviderBoard({ now: Date.now }), sync: () => new Promise<void>(() => undefined) }
  const { analyze } = start({ board, background: () => undefined })
  expect((await analyze()).status).toBe(200)
})

test("remembers an answered request, without its picture, question or answer", async () => {
  const remembered: HistoryEntry[] = []
  const { analyze } = start({
    history: { ...createMemoryHistory(), remember: async (entry) => void remembered.push(entry) },
  })
  const { answer } = (await (await analyze()).json()) as AnalyzeResponse
  expect(remembered).toHaveLength(1)
  expect(remembered[0]).toMatchObject({ tenant: "local", endpoint: "/v1/analyze", status: 200 })
  expect(JSON.stringify(remembered)).not.toMatch(/Who made this/)
  expect(JSON.stringify(remembered)).not.toContain(answer.slice(0, 40))
})

test("remembers a request that nobody answered, with how it ended", async () => {
  const history = createMemoryHistory()
  const { analyze } = start({ history })
  const all: Fault = "error500"
  providers.control({ openai: { fault: all }, anthropic: { fault: all }, google: { fault: all } })
  expect((await analyze()).status).toBe(503)
  expect(await history.read("local", { limit: 5 })).toMatchObject([{ status: 503, errorCode: "no_provider", usd: 0 }])
  expect(await history.tally("local", {})).toMatchObject([{ failed: true, requests: 1 }])
})

test("a forwarded request has its line in the log, without what was asked", async () => {
  const { app, lines } = start()
  const response = await app.request("http://localhost/v1/chat/completions", {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ model: "gpt-4o", messages: [{ role: "user", content: "a private question" }] }),
  })
  expect(response.status).toBe(200)
  expect(lines).toEqual([
    expect.objectContaining({ message: "forwarded", status: 200, "gen_ai.request.model": "gpt-4o", attempts: 1 }),
  ])
  expect(JSON.stringify(lines)).not.toContain("private")
})

test("an error of our own is logged with its stack, and told without", async () => {
  const board = createMemoryProviderBoard({ now: Date.now })
  const { analyze, lines } = start({
    board: {
      ...board,
      snapshot: () => {
        throw new Error("inner secret")
      },
    },
  })
  const response = await analyze()
  expect(response.status).toBe(500)
  expect(await response.text()).not.toContain("inner secret")
  expect(lines.at(-1)).toMatchObject({ code: "internal", cause: expect.stringContaining("inner secret") })
})

test("a gateway with wrong settings lives, and says what is wrong with them", async () => {
  const app = createMisconfiguredApp(new SettingsError(["OPENAI_BASE_URL: must be a URL"]))
  expect((await app.request("/healthz")).status).toBe(200)
  const refused = await app.request("/v1/analyze", { method: "POST" })
  expect(refused.status).toBe(503)
  expect(await refused.json()).toMatchObject({
    error: { code: "not_configured", message: expect.stringContaining("OPENAI_BASE_URL") },
  })
})
