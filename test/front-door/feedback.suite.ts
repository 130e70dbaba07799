import { describe, expect, test } from "vitest"
import type { ErrorBody } from "../../contract/error-code.ts"
import type { FeedbackResponse } from "../../contract/feedback.ts"
import type { ProvidersResponse } from "../../contract/providers.ts"
import type { World } from "../world.ts"
import { dataUrl, freshQuestion, postJson } from "./client.ts"

/** What people's verdicts on answers do, on whatever runtime. */
export const feedbackSuite = (world: () => World): void => {
  const analyze = async (query: string, changes: Record<string, unknown> = {}) =>
    postJson(`${world().url}/v1/analyze`, { query, images: [await dataUrl("nameplate.webp")], ...changes })
  const say = (body: unknown) => postJson<FeedbackResponse>(`${world().url}/v1/feedback`, body)
  const refused = (body: unknown) => postJson<ErrorBody>(`${world().url}/v1/feedback`, body)
  /** Ratings and accuracy as the router sees them. */
  const accuracyOf = async (provider: string, queryType: string): Promise<number> => {
    const response = await fetch(`${world().url}/v1/providers?queryType=${queryType}`)
    const { providers } = (await response.json()) as ProvidersResponse
    return providers.find((each) => each.provider === provider)?.terms.accuracy ?? Number.NaN
  }

  describe("POST /v1/feedback", () => {
    test("reaches the accuracy of whoever answered, once however often it is said", async () => {
      const pinned = { model: "google/gemini-2.5-flash", queryType: "measure" }
      const before = await accuracyOf("google", "measure")
      const { body } = await analyze(freshQuestion(), pinned)
      const first = await say({ requestId: body.id, right: false })
      expect([first.status, first.body]).toEqual([
        200,
        {
          requestId: body.id,
          score: 0,
          state: "counted",
          candidates: ["google/gemini-2.5-flash"],
          quarantined: true,
        },
      ])
      await expect.poll(() => accuracyOf("google", "measure"), { timeout: 5_000 }).toBeLessThan(before)
      const after = await accuracyOf("google", "measure")
      expect((await say({ requestId: body.id, score: 0 })).body).toMatchObject({
        state: "unchanged",
        quarantined: false,
      })
      expect(await accuracyOf("google", "measure")).toBe(after)

      expect((await say({ requestId: body.id, right: true })).body).toMatchObject({ state: "replaced", score: 1 })
      await expect.poll(() => accuracyOf("google", "measure"), { timeout: 5_000 }).toBeGreaterThan(before)
    })

    test("takes a wrong answer out of the cache, however the request that says so was served", async () => {
      const query = freshQuestion()
      await analyze(query)
      const served = async () => {
        const { headers, body } = await analyze(query)
        return { state: headers.get("x-voltgate-cache"), id: body.id }
      }
      await expect.poll(async () => (await served()).state, { timeout: 5_000 }).toBe("hit")
      const { id } = await served()
      expect((await say({ requestId: id, right: true })).body.quarantined).toBe(false)
      expect((await served()).state).toBe("hit")
      expect((await say({ requestId: id, right: false })).body).toMatchObject({ state: "replaced", quarantined: true })
      // Requests at the same moment may still share it: their flight keeps an answer for a moment after it landed.
      await expect.poll(async () => (await served()).state, { timeout: 10_000, interval: 300 }).toBe("miss")
    })

    test("of a consensus counts for those who agreed", async () => {
      world().providers.control({
        openai: { fault: "none", answer: "3" },
        anthropic: { fault: "none", answer: "3" },
        google: { fault: "none", answer: "7" },
      })
      const { body } = await analyze(freshQuestion(), { mode: "consensus" })
      world().providers.control({ openai: { fault: "none" }, anthropic: { fault: "none" }, google: { fault: "none" } })
      const said = await say({ requestId: body.id, score: 0.8 })
      expect(said.body.candidates.toSorted((a, b) => a.localeCompare(b))).toEqual([
        "anthropic/claude-sonnet-5",
        "openai/gpt-4o",
      ])
    })

    test("is taken on a streamed chat, too", async () => {
      const response = await fetch(`${world().url}/v1/chat/completions`, {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: JSON.stringify({ model: "auto", stream: true, messages: [{ role: "user", content: freshQuestion() }] }),
      })
      await response.text()
      const requestId = response.headers.get("x-voltgate-request-id")
      expect((await say({ requestId, right: true })).body.state).toBe("counted")
    })

    test("on a request that nobody made is not found", async () => {
      const { status, body } = await refused({ requestId: crypto.randomUUID(), right: true })
      expect([status, body.error.code]).toEqual([404, "not_found"])
      expect(body.error.message).toMatch(/No request of yours in the last 24 hours/)
    })

    test.each([
      ["nothing", {}, /requestId/],
      ["no verdict", { requestId: "a" }, /either `right` .* or `score`/],
      ["two verdicts", { requestId: "a", right: true, score: 1 }, /either `right` .* or `score`/],
      ["a score of 2", { requestId: "a", score: 2 }, /score: /],
      ["an id that is none", { requestId: "'; drop table", right: true }, /id of an answer/],
      ["more than is asked", { requestId: "a", right: true, tenant: "acme" }, /tenant/],
      ["malformed JSON", "{", /not valid JSON/],
    ])("of %s is refused in a sentence", async (_, said, sentence) => {
      const { status, body } = await refused(said)
      expect(status).toBe(400)
      expect(body.error.message).toMatch(sentence)
    })
  })
}
