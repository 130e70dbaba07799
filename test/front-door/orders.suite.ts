import { afterEach, describe, expect, test } from "vitest"
import type { ErrorBody } from "../../contract/error-code.ts"
import type { OrderedResponse, ProvidersResponse } from "../../contract/providers.ts"
import type { World } from "../world.ts"
import { dataUrl, freshQuestion, postJson } from "./client.ts"

const names = ["openai", "anthropic", "google"]

/** What people order about providers, on whatever runtime. */
export const ordersSuite = (world: () => World): void => {
  const order = (body: unknown) => postJson<OrderedResponse>(`${world().url}/v1/providers`, body)
  const refused = (body: unknown) => postJson<ErrorBody>(`${world().url}/v1/providers`, body)
  const providers = async () => {
    const response = await fetch(`${world().url}/v1/providers`)
    return (await response.json()) as ProvidersResponse
  }
  const analyze = async (changes: Record<string, unknown> = {}) =>
    postJson(`${world().url}/v1/analyze`, {
      query: freshQuestion(),
      images: [await dataUrl("nameplate.webp")],
      ...changes,
    })
  const askedOf = (): readonly string[] =>
    world()
      .providers.log()
      .map(({ wire }) => wire)
  const askSome = async (): Promise<void> => {
    world().providers.clearLog()
    for (let asked = 0; asked < 6; asked++) expect((await analyze()).status).toBe(200)
  }

  describe("POST /v1/providers", () => {
    afterEach(async () => {
      for (const target of names) await order({ action: "release", target })
    })

    test("a drained provider is asked nothing more, also where a request names its model, until it is released", async () => {
      const { body } = await order({ action: "drain", target: "openai", forS: 600, reason: "key rotation" })
      expect(body.directives).toEqual([
        { action: "drain", target: "openai", until: expect.any(String), by: "local", reason: "key rotation" },
      ])
      await askSome()
      expect(askedOf()).not.toContain("openai")
      const { body: answered } = await analyze()
      expect(answered.record.routing.candidates.find(({ provider }) => provider === "openai")).toMatchObject({
        standing: "drained",
        verdict: expect.stringMatching(/^not asked: drained by local for \d+ s more: key rotation$/),
      })
      const named = await postJson<ErrorBody>(`${world().url}/v1/analyze`, {
        query: freshQuestion(),
        images: [await dataUrl("nameplate.webp")],
        model: "openai/gpt-4o",
      })
      expect([named.status, named.body.error.code]).toEqual([503, "no_provider"])
      expect(named.body.error.message).toMatch(/drained by local/)
      expect(Number(named.headers.get("retry-after"))).toBeGreaterThan(500)
      const forwarded = await postJson<{ error: { code: string } }>(`${world().url}/v1/chat/completions`, {
        model: "gpt-4o",
        messages: [{ role: "user", content: "hello" }],
      })
      expect([forwarded.status, forwarded.body.error.code]).toEqual([503, "no_provider"])
      expect(askedOf()).not.toContain("openai")

      await order({ action: "release", target: "openai" })
      expect((await analyze({ model: "openai/gpt-4o" })).status).toBe(200)
    })

    test("a drain ends by itself", async () => {
      await order({ action: "drain", target: "google", forS: 1 })
      expect((await providers()).directives).toHaveLength(1)
      await expect.poll(async () => (await providers()).directives, { timeout: 5_000 }).toEqual([])
      expect((await analyze({ model: "google/gemini-2.5-flash" })).status).toBe(200)
    })

    test("a pinned model is asked first, whatever the others weigh, and they still stand by", async () => {
      await order({ action: "pin", target: "anthropic/claude-sonnet-5" })
      await askSome()
      expect(new Set(askedOf())).toEqual(new Set(["anthropic"]))
      world().providers.control({ anthropic: { fault: "error500" } })
      const { status, body } = await analyze()
      world().providers.control({ anthropic: { fault: "none" } })
      expect([status, body.record.routing.attempts[0]?.provider]).toEqual([200, "anthropic"])
      expect(body.record.routing.reason).toBe("anthropic/claude-sonnet-5 is pinned")
    })

    test("a reset forgets what is held against a provider", async () => {
      world().providers.control({ openai: { fault: "rate_limited", retryAfterS: 300 } })
      await postJson<ErrorBody>(`${world().url}/v1/analyze`, {
        query: freshQuestion(),
        images: [await dataUrl("nameplate.webp")],
        model: "openai/gpt-4o",
        maxWaitMs: 0,
      })
      world().providers.control({ openai: { fault: "none" } })
      const standing = async () => (await providers()).providers.find(({ provider }) => provider === "openai")?.standing
      expect(await standing()).toBe("pausing")
      await order({ action: "reset", target: "openai" })
      expect(await standing()).toBe("ready")
      expect((await analyze({ model: "openai/gpt-4o" })).status).toBe(200)
    })

    test("who ordered what, and when, is kept", async () => {
      await order({ action: "pin", target: "google", forS: 60, reason: "trial" })
      await order({ action: "reset", target: "google" })
      const { audit = [] } = await providers()
      expect(audit.slice(0, 2)).toEqual([
        { at: expect.any(String), by: "local", action: "reset", target: "google" },
        { at: expect.any(String), by: "local", action: "pin", target: "google", forS: 60, reason: "trial" },
      ])
      expect(Math.abs(Date.parse(audit[0]?.at ?? "") - Date.now())).toBeLessThan(60_000)
    })

    test("when all are drained, the error says so, and when the first comes back", async () => {
      for (const target of ["openai", "anthropic", "google"]) await order({ action: "drain", target, forS: 120 })
      const { status, headers, body } = await postJson<ErrorBody>(`${world().url}/v1/analyze`, {
        query: freshQuestion(),
        images: [await dataUrl("nameplate.webp")],
      })
      expect([status, body.error.code]).toEqual([503, "no_provider"])
      expect(Number(headers.get("retry-after"))).toBeGreaterThan(100)
      expect(body.error.message).toMatch(/Whoever might answer is drained/)
    })

    test.each([
      ["an unknown action", { action: "kill", target: "openai" }, /action: Give one of: drain, pin, release, reset/],
      [
        "a provider that is not set up",
        { action: "drain", target: "opanai" },
        /No provider is named "opanai"; there are: openai/,
      ],
      ["no target", { action: "drain" }, /target/],
      ["a target that is none", { action: "drain", target: "open ai" }, /Name a provider, or provider\/model/],
      ["a time without end", { action: "drain", target: "openai", forS: 1e12 }, /forS/],
    ])("an order with %s is refused in a sentence", async (_, body, sentence) => {
      const answered = await refused(body)
      expect(answered.status).toBe(400)
      expect(answered.body.error.message).toMatch(sentence)
    })
  })
}
