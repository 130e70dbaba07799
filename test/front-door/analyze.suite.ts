import { describe, expect, test } from "vitest"
import type { AnalyzeResponse } from "../../contract/analyze.ts"
import type { PlanResponse } from "../../contract/plan.ts"
import type { ProvidersResponse } from "../../contract/providers.ts"
import type { StatusResponse } from "../../contract/status.ts"
import { sample } from "../../dev/samples.ts"
import type { World } from "../world.ts"
import { dataUrl, freshQuestion, postJson, readEvents } from "./client.ts"

/** What `/v1/analyze` and `/v1/optimize` promise, on whatever runtime. */
export const analyzeSuite = (world: () => World): void => {
  const analyze = async (body: Record<string, unknown>, headers: Record<string, string> = {}) =>
    postJson(`${world().url}/v1/analyze`, { images: [await dataUrl("panel-schedule.png")], ...body }, headers)

  describe("POST /v1/analyze", () => {
    test("answers a question about a picture, with its complete record", async () => {
      const { status, headers, body } = await analyze({ query: freshQuestion(), queryType: "component_identification" })
      expect(status).toBe(200)
      expect(body.answer).toMatch(/simulated/i)
      expect(body.structured).toHaveProperty("components")
      expect(body.record).toMatchObject({
        requestId: body.id,
        queryType: "component_identification",
        prompt: "component_identification@1",
        cache: { state: "miss" },
        routing: { attempts: [{ outcome: "answered" }] },
        images: [{ index: 0, from: { format: "png" } }],
      })
      expect(body.record.routing.candidates).toHaveLength(3)
      expect(body.record.cost.usd).toBeGreaterThan(0)
      expect(body.record.images[0]?.to.tokens).toBeGreaterThan(0)
      expect(body.record.time.totalMs).toBeGreaterThanOrEqual(body.record.time.overheadMs)
      expect(headers.get("x-voltgate-request-id")).toBe(body.id)
      expect(headers.get("x-voltgate-provider")).toBe(body.provider)
      expect(headers.get("server-timing")).toContain("provider;dur=")
    })

    test("takes a form with files just as well, and means the same by it", async () => {
      const query = freshQuestion()
      const form = new FormData()
      form.set("query", query)
      form.set("temperature", "0")
      form.append("image", new Blob([await sample("panel-schedule.png")]), "panel.png")
      const response = await fetch(`${world().url}/v1/analyze`, { method: "POST", body: form })
      expect(response.status).toBe(200)
      await response.json()
      const asJson = await analyze({ query, temperature: 0 })
      expect(asJson.headers.get("x-voltgate-cache")).toBe("hit")
    })

    test("takes plain base64, and several pictures in order", async () => {
      const plain = Buffer.from(await sample("nameplate.webp")).toString("base64")
      const { body } = await analyze({
        query: freshQuestion(),
        images: [await dataUrl("wiring-diagram.png"), plain],
        queryType: "compare",
      })
      expect(body.record.images.map(({ from }) => from.format)).toEqual(["png", "webp"])
      expect(world().providers.log().at(-1)?.pictures).toHaveLength(2)
    })

    test("sends a picture upright and within what the model looks at", async () => {
      const { body } = await analyze({
        query: freshQuestion(),
        images: [await dataUrl("cabinet-photo.jpg")],
        model: "anthropic/claude-haiku-4-5",
      })
      const [record] = body.record.images
      const [seen] = world().providers.log().at(-1)?.pictures ?? []
      expect(record?.path).toBe("resized")
      expect(record?.to.heightPx).toBeGreaterThan(record?.to.widthPx ?? 0)
      expect(seen).toMatchObject({ widthPx: record?.to.widthPx, heightPx: record?.to.heightPx })
      expect(record?.to.tokens).toBe(seen?.tokens)
    })

    test("streams: text as it comes, then the whole answer with its record", async () => {
      const response = await fetch(`${world().url}/v1/analyze`, {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: JSON.stringify({
          query: freshQuestion(),
          images: [await dataUrl("nameplate.webp")],
          stream: true,
        }),
      })
      expect(response.headers.get("content-type")).toContain("text/event-stream")
      expect(response.headers.get("x-voltgate-cache")).toBe("miss")
      const events = await readEvents(response)
      const text = events.flatMap(({ event, data }) =>
        event === "delta" ? [(JSON.parse(data) as { text: string }).text] : [],
      )
      const done = JSON.parse(events.at(-1)?.data ?? "") as AnalyzeResponse
      expect(events.at(-1)?.event).toBe("done")
      expect(text.length).toBeGreaterThan(1)
      expect(text.join("")).toBe(done.answer)
      expect(done.record.requestId).toBe(response.headers.get("x-voltgate-request-id"))
    })

    test("an unknown query type is answered as general, and the record says so", async () => {
      const { status, body } = await analyze({ query: freshQuestion(), queryType: "circut_analysis" })
      expect(status).toBe(200)
      expect(body.queryType).toBe("general")
      expect(body.record.notices.join()).toMatch(/"circut_analysis" is not known.*circuit_analysis/)
    })

    test("a pinned model is the one that answers", async () => {
      const { body } = await analyze({ query: freshQuestion(), model: "gemini-2.5-flash" })
      expect([body.provider, body.model]).toEqual(["google", "gemini-2.5-flash"])
    })
  })

  describe("the cache", () => {
    test("answers the same question again without asking any provider", async () => {
      const query = freshQuestion()
      const first = await analyze({ query })
      const asked = world().providers.log().length
      const second = await analyze({ query })
      expect(second.headers.get("x-voltgate-cache")).toBe("hit")
      expect(Number(second.headers.get("age"))).toBeGreaterThanOrEqual(0)
      expect(second.body.answer).toBe(first.body.answer)
      expect(second.body.record.cost).toMatchObject({ usd: 0, savedUsd: first.body.record.cost.usd })
      expect(world().providers.log()).toHaveLength(asked)
      const third = await analyze({ query })
      expect(third.body.record.cache.hits).toBeGreaterThan(second.body.record.cache.hits ?? 0)
      expect(third.body.record.cache.lastAccessAt).toBeDefined()
    })

    test("knows another wording of the same question", async () => {
      const query = freshQuestion()
      await analyze({ query })
      const reworded = await analyze({
        query: query.replace("Which breaker", "please: which  breaker").replace("please: ", "Hello, "),
      })
      expect(reworded.headers.get("x-voltgate-cache")).toBe("canonical")
    })

    test("another picture, another type or another model is another question", async () => {
      const query = freshQuestion()
      await analyze({ query })
      const others = [
        await analyze({ query, images: [await dataUrl("wiring-diagram.png")] }),
        await analyze({ query, queryType: "ocr" }),
        await analyze({ query, model: "openai/gpt-4o" }),
        await analyze({ query, language: "de" }),
      ]
      expect(others.map(({ headers }) => headers.get("x-voltgate-cache"))).toEqual(["miss", "miss", "miss", "miss"])
    })

    test("no-store keeps nothing and reads nothing; no-cache asks afresh and keeps the new answer", async () => {
      const query = freshQuestion()
      const unstored = await analyze({ query }, { "cache-control": "no-store" })
      expect(unstored.body.record.cache).toMatchObject({ state: "bypass", reason: "no_store" })
      expect((await analyze({ query })).headers.get("x-voltgate-cache")).toBe("miss")
      expect((await analyze({ query }, { "cache-control": "no-cache" })).headers.get("x-voltgate-cache")).toBe(
        "refresh",
      )
      expect((await analyze({ query })).headers.get("x-voltgate-cache")).toBe("hit")
    })

    test("a truncated answer is not kept", async () => {
      const query = freshQuestion()
      const cut = await analyze({ query, maxOutputTokens: 5, model: "openai/gpt-4o" })
      expect(cut.body.finishReason).toBe("length")
      const again = await analyze({ query, maxOutputTokens: 5, model: "openai/gpt-4o" })
      expect(again.headers.get("x-voltgate-cache")).toBe("miss")
    })

    test.each(["silent", "resetting"] as const)("a %s store costs the cache, never the answer", async (mood) => {
      world().redis.set(mood)
      try {
        const { status, headers } = await analyze({ query: freshQuestion() })
        expect(status).toBe(200)
        expect(headers.get("x-voltgate-cache")).toBe("bypass")
        expect(headers.get("x-voltgate-cache-reason")).toBe("store_unavailable")
      } finally {
        world().redis.set("well")
      }
    })
  })

  describe("POST /v1/optimize", () => {
    test("returns the plan and asks nobody", async () => {
      const query = freshQuestion()
      const asked = world().providers.log().length
      const images = [await dataUrl("wiring-diagram.png"), await dataUrl("nameplate.webp")]
      const { status, body } = await postJson<PlanResponse>(`${world().url}/v1/optimize`, {
        query,
        queryType: "count",
        images,
      })
      expect(status).toBe(200)
      expect(body.cache.state).not.toBe("hit")
      expect(body.candidates).toHaveLength(3)
      expect(body.candidates[0]?.terms).toMatchObject({ accuracy: expect.any(Number), load: 1 })
      expect(body.images.map(({ index }) => index)).toEqual([0, 1])
      expect(body.images[0]?.from).toMatchObject({ format: "png" })
      expect(body.prompt).toMatchObject({ template: "count@1", user: expect.stringContaining(query) })
      expect(body.estimate.responseTimeMs).toBeGreaterThan(0)
      expect(world().providers.log()).toHaveLength(asked)
    })

    test("expects a cached answer in 100 ms", async () => {
      const query = freshQuestion()
      await analyze({ query })
      const { body } = await postJson<PlanResponse>(`${world().url}/v1/optimize`, {
        query,
        images: [await dataUrl("panel-schedule.png")],
      })
      expect(body.cache.state).toBe("hit")
      expect(body.estimate).toMatchObject({ responseTimeMs: 100, basis: "cache", usd: 0 })
    })
  })

  test("GET /v1/providers shows each candidate with the numbers behind its place", async () => {
    const response = await fetch(`${world().url}/v1/providers`)
    const { providers } = (await response.json()) as ProvidersResponse
    expect(providers.map(({ provider }) => provider).toSorted()).toEqual(["anthropic", "google", "openai"])
    expect(providers[0]).toMatchObject({ simulated: true, selectionWeight: expect.any(Number) })
  })

  test("GET /v1/status tells the version, the uptime and each candidate's health", async () => {
    const response = await fetch(`${world().url}/v1/status`)
    const { gateway, providers, cache } = (await response.json()) as StatusResponse
    expect(gateway.version).toMatch(/^\d+\.\d+\.\d+/)
    expect(gateway.uptimeS).toBeGreaterThanOrEqual(0)
    expect(Date.parse(gateway.startedAt)).toBeLessThanOrEqual(Date.now())
    expect(providers.map(({ provider }) => provider).toSorted()).toEqual(["anthropic", "google", "openai"])
    expect(providers[0]).toMatchObject({ simulated: true, healthy: expect.any(Boolean), inFlight: expect.any(Number) })
    expect(cache).toMatchObject({ lanes: { general: { lookups: expect.any(Number), near: { open: true } } } })
  })

  test("GET /metrics tells Prometheus what all isolates share", async () => {
    await analyze({ query: freshQuestion() })
    const response = await fetch(`${world().url}/metrics`)
    expect(response.headers.get("content-type")).toContain("text/plain; version=0.0.4")
    const text = await response.text()
    expect(text).toMatch(/^voltgate_cache_requests_total\{query_type="general",state="\w+"\} \d+$/m)
    expect(text).toMatch(/^voltgate_route_healthy\{gen_ai_provider_name="google",.*\} [01]$/m)
  })

  test("GET /v1/history without a database says how to get one", async () => {
    const response = await fetch(`${world().url}/v1/history`)
    expect([response.status, await response.text()]).toEqual([503, expect.stringContaining("DATABASE_URL")])
  })

  test("GET /healthz and /readyz answer without a key", async () => {
    expect((await fetch(`${world().url}/healthz`)).status).toBe(200)
    const ready = await fetch(`${world().url}/readyz`)
    expect(await ready.json()).toEqual({ status: "ready", checks: { providers: true, access: true } })
  })
}
