import { createHash } from "node:crypto"
import { describe, expect, test } from "vitest"
import type { AnalyzeResponse } from "../../contract/analyze.ts"
import type { ErrorBody } from "../../contract/error-code.ts"
import type { PurgeResponse } from "../../contract/purge.ts"
import { sample } from "../../dev/samples.ts"
import type { World } from "../world.ts"
import { dataUrl, freshQuestion, postJson, readEvents } from "./client.ts"

/** Of these two wordings the built-in embedder alone is sure by more than 0.8, and less than the default 0.98. */
const [wording, reworded] = ["How can I read the serial number here?", "How do I read the serial number here?"]

/** What the cache promises to a client, on whatever runtime and over whatever store. */
export const cacheSuite = (world: () => World, { confidence }: { readonly confidence: 0.8 | 0.98 }): void => {
  const ask = async (body: Record<string, unknown>, headers: Record<string, string> = {}) =>
    postJson(`${world().url}/v1/analyze`, { images: [await dataUrl("nameplate.webp")], ...body }, headers)
  const stateOf = async (...asked: Parameters<typeof ask>) => (await ask(...asked)).headers.get("x-voltgate-cache")
  const purge = async (query: string) => {
    const response = await fetch(`${world().url}/v1/cache${query}`, { method: "DELETE" })
    // The tests say which body they expect.
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion
    return { status: response.status, body: (await response.json()) as PurgeResponse & ErrorBody }
  }

  describe("a streamed answer", () => {
    const stream = async (query: string) => {
      const response = await fetch(`${world().url}/v1/analyze`, {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: JSON.stringify({ query, images: [await dataUrl("nameplate.webp")], stream: true }),
      })
      const events = await readEvents(response)
      const text = events.flatMap(({ event, data }) =>
        event === "delta" ? [(JSON.parse(data) as { text: string }).text] : [],
      )
      return { state: response.headers.get("x-voltgate-cache"), text: text.join(""), last: events.at(-1) }
    }

    test("is kept once it is complete, and replayed as a stream or whole", async () => {
      const query = freshQuestion()
      const first = await stream(query)
      const replayed = await stream(query)
      expect([first.state, replayed.state]).toEqual(["miss", "hit"])
      expect(replayed.text).toBe(first.text)
      const done = JSON.parse(replayed.last?.data ?? "") as AnalyzeResponse
      expect(done).toMatchObject({ answer: first.text, finishReason: "stop", record: { cost: { usd: 0 } } })
      expect((await ask({ query })).body.answer).toBe(first.text)
    })

    test("that breaks off is not kept", async () => {
      const query = freshQuestion()
      const cut = { fault: "cut", afterTokens: 3 } as const
      world().providers.control({ openai: cut, anthropic: cut, google: cut })
      const broken = await stream(query)
      const well = { fault: "none" } as const
      world().providers.control({ openai: well, anthropic: well, google: well })
      expect(broken.last?.event).toBe("error")
      expect(await stateOf({ query, model: "openai/gpt-4o" })).toBe("miss")
      expect((await stream(query)).state).toBe("miss")
    })
  })

  describe("a near question", () => {
    const near = { question: wording, similarity: expect.any(Number), confidence: expect.any(Number) }

    test.runIf(confidence === 0.8)("is answered from its neighbor where that is sure enough", async () => {
      const { answer, record } = (await ask({ query: wording })).body
      const looked = await ask({ query: reworded })
      expect(looked.headers.get("x-voltgate-cache")).toBe("near")
      expect(looked.body.answer).toBe(answer)
      expect(looked.body.record).toMatchObject({
        cache: { state: "near", hits: 1, near: { ...near, served: true } },
        cost: { usd: 0, savedUsd: record.cost.usd },
      })
      expect((await ask({ query: reworded })).body.record.cache.hits).toBe(2)
    })

    test.runIf(confidence === 0.98)("is asked afresh where it is not, and the record says why", async () => {
      await ask({ query: wording })
      const { body } = await ask({ query: reworded })
      expect(body.record.cache).toMatchObject({
        state: "miss",
        near: { ...near, served: false, veto: "confidence", detail: expect.stringContaining("98.0 %") },
      })
      const numbered = await ask({ query: `${reworded.slice(0, -1)} of Q3?` })
      expect(numbered.body.record.cache).toMatchObject({ state: "miss", near: { served: false } })
    })
  })

  describe("request headers", () => {
    test("x-voltgate-cache-skip keeps nothing and reads nothing", async () => {
      const query = freshQuestion()
      expect(await stateOf({ query }, { "x-voltgate-cache-skip": "true" })).toBe("bypass")
      expect(await stateOf({ query })).toBe("miss")
      expect(await stateOf({ query }, { "x-voltgate-cache-skip": "true" })).toBe("bypass")
    })

    test("x-voltgate-cache-ttl bounds an answer's life", async () => {
      const query = freshQuestion()
      await ask({ query }, { "x-voltgate-cache-ttl": "60" })
      const { record } = (await ask({ query })).body
      const livesS = (Date.parse(record.cache.expiresAt ?? "") - Date.now()) / 1000
      expect(livesS).toBeGreaterThan(0)
      expect(livesS).toBeLessThanOrEqual(60)
    })

    test("x-voltgate-cache-key stands for question and pictures; a namespace is apart", async () => {
      const key = { "x-voltgate-cache-key": freshQuestion().replaceAll(/\W/g, "-") }
      const images = [await dataUrl("wiring-diagram.png")]
      await ask({ query: freshQuestion() }, key)
      expect(await stateOf({ query: freshQuestion(), images }, key)).toBe("hit")
      const apart = { ...key, "x-voltgate-cache-namespace": "staging" }
      expect(await stateOf({ query: freshQuestion() }, apart)).toBe("miss")
      expect(await stateOf({ query: freshQuestion() }, apart)).toBe("hit")
    })

    test.each(["/v1/analyze", "/v1/chat/completions"])("on %s, one that cannot be read is refused", async (path) => {
      const images = [await dataUrl("nameplate.webp")]
      const content = [{ type: "image_url", image_url: { url: images[0] } }]
      const body = { query: "?", images, model: "auto", messages: [{ role: "user", content }] }
      const { query, ...chat } = body
      const response = await fetch(`${world().url}${path}`, {
        method: "POST",
        headers: { "content-type": "application/json", "x-voltgate-cache-ttl": "soon" },
        body: JSON.stringify(path === "/v1/analyze" ? { query, images } : { ...chat, images: undefined }),
      })
      expect(response.status).toBe(400)
      expect(JSON.stringify(await response.json())).toMatch(/x-voltgate-cache-ttl.*whole seconds/)
    })
  })

  describe("DELETE /v1/cache", () => {
    const hash = async (): Promise<string> =>
      createHash("sha256")
        .update(await sample("nameplate.webp"))
        .digest("hex")

    test.each<readonly [string, () => string | Promise<string>, Record<string, unknown>]>([
      ["tag", () => "?tag=plant-7", {}],
      ["picture", async () => `?picture=${await hash()}`, {}],
      ["query type", () => "?queryType=ocr", { queryType: "ocr" }],
      ["model", () => "?model=openai/gpt-4o", { model: "openai/gpt-4o" }],
      ["prompt version", () => "?prompt=describe@1", { queryType: "describe" }],
      ["all", () => "?all=true", {}],
    ])("by %s takes the answer out at once", async (_, target, fields) => {
      const body = { query: freshQuestion(), ...fields }
      const tags = { "x-voltgate-tags": "plant-7, sheet-3" }
      expect(await stateOf(body, tags)).toBe("miss")
      expect(await stateOf(body)).toBe("hit")
      const purged = await purge(await target())
      expect(purged.status).toBe(200)
      expect(purged.body.everywhereWithinS).toBe(30)
      expect(await stateOf(body)).toBe("miss")
      expect(await stateOf(body)).toBe("hit")
    })

    test("leaves alone what it does not name", async () => {
      const query = freshQuestion()
      await ask({ query }, { "x-voltgate-tags": "plant-8" })
      await purge("?tag=plant-7&queryType=ocr&prompt=describe@1")
      expect(await stateOf({ query })).toBe("hit")
    })

    test("without a word on what, or with one that means nothing, is refused", async () => {
      const [nothing, unknown] = [await purge(""), await purge("?tenant=other")]
      expect([nothing.status, unknown.status]).toEqual([400, 400])
      expect(nothing.body.error.message).toContain("Say what to purge")
      const wrongWay = await fetch(`${world().url}/v1/cache`)
      expect(wrongWay.status).toBe(405)
    })
  })
}
