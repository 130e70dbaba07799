import { afterEach, beforeEach, describe, expect, test } from "vitest"
import type { AnalyzeResponse } from "../../contract/analyze.ts"
import type { Fault } from "../../dev/simulated-providers/faults.ts"
import type { World } from "../world.ts"
import { freshQuestion, postJson, readEvents } from "./client.ts"

/** 24 × 16 px: a hundred of them are no work, and Deno hears of a client that leaves only if its body was a small one. */
const tinyPng =
  "iVBORw0KGgoAAAANSUhEUgAAABgAAAAQAgMAAABxSlcGAAAADFBMVEXcKCgotDwyRtLw0igp/1NnAAAACXBIWXMAAAPoAAAD6AG1e1JrAAAAGklEQVQImWNgYGAIDQ1lIJlatWrV////SaYA4eIv0bIqnfIAAAAASUVORK5CYII="
const aMoment = () => new Promise((resolve) => setTimeout(resolve, 300))

interface ChatChunk {
  readonly choices: readonly { readonly delta: { readonly content?: string }; readonly finish_reason: string | null }[]
}

interface Headed {
  readonly headers: Headers
}

/** What happens to many who ask the same at the same time, on whatever runtime. */
export const singleFlightFrontDoor = (world: () => World): void => {
  const all = (fault: Fault): void =>
    void world().providers.control({ openai: { fault }, anthropic: { fault }, google: { fault } })
  const asked = (): number => world().providers.log().length
  const question = (changes: Record<string, unknown> = {}): Record<string, unknown> => ({
    query: freshQuestion(),
    images: [tinyPng],
    ...changes,
  })
  const ask = (body: unknown, headers: Record<string, string> = {}) =>
    postJson(`${world().url}/v1/analyze`, body, headers)
  const askStreamed = async (body: Record<string, unknown>) => {
    const response = await fetch(`${world().url}/v1/analyze`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ ...body, stream: true }),
    })
    const events = await readEvents(response)
    const text = events.flatMap(({ event, data }) =>
      event === "delta" ? [(JSON.parse(data) as { text: string }).text] : [],
    )
    const last = events.at(-1)
    return {
      headers: response.headers,
      text: text.join(""),
      last: last?.event,
      done: JSON.parse(last?.data ?? "null") as AnalyzeResponse,
    }
  }
  /** How many answers came from a request's own call, and how many from another's (through the cache, for the late). */
  const isShared = ({ headers }: Headed): boolean =>
    ["coalesced", "hit"].includes(headers.get("x-voltgate-cache") ?? "")
  const sourcesOf = (answers: readonly Headed[]): { own: number; shared: number } => {
    const shared = answers.filter(isShared).length
    return { own: answers.length - shared, shared }
  }
  /** How often a provider was asked for those that asked: on a busy machine one attempt may be too slow, and one more follow. */
  const attemptsOf = (answers: readonly Headed[]): number =>
    answers
      .filter((answer) => !isShared(answer))
      .reduce((sum, { headers }) => sum + Number(headers.get("x-voltgate-attempts")), 0)

  describe("many who ask the same at the same time", () => {
    beforeEach(() => world().providers.clearLog())
    afterEach(() => all("none"))

    test("a hundred make one call, and all get the same answer", async () => {
      const body = question()
      const answers = await Promise.all(Array.from({ length: 100 }, () => ask(body)))
      expect(sourcesOf(answers)).toEqual({ own: 1, shared: 99 })
      expect(asked()).toBe(attemptsOf(answers))
      expect(answers.every(({ status }) => status === 200)).toBe(true)
      expect(new Set(answers.map(({ body: { answer } }) => answer)).size).toBe(1)
      // On a busy machine all may come so late that they find the answer in the cache.
      const follower = answers.find(isShared)?.body
      expect(follower?.record).toMatchObject({ cache: { ageS: expect.any(Number) }, cost: { usd: 0 } })
      expect(follower?.record.cost.savedUsd).toBeGreaterThan(0)
      expect(follower?.record.time.overheadMs).toBeLessThanOrEqual(follower?.record.time.totalMs ?? 0)
    })

    test("streamed and whole requests share one answer, and each stream ends as it should", async () => {
      const body = question()
      const [streams, wholes] = await Promise.all([
        Promise.all(Array.from({ length: 10 }, () => askStreamed(body))),
        Promise.all(Array.from({ length: 10 }, () => ask(body))),
      ])
      expect(asked()).toBe(attemptsOf([...streams, ...wholes]))
      const answer = wholes[0]?.body.answer
      expect(answer).toMatch(/simulated/i)
      for (const { text, last, done } of streams) {
        expect([text, last, done.answer]).toEqual([answer, "done", answer])
      }
      expect(new Set(wholes.map(({ body: whole }) => whole.answer))).toEqual(new Set([answer]))
      expect(sourcesOf([...streams, ...wholes])).toEqual({ own: 1, shared: 19 })
    })

    test("in a chat's format too, a stream that was waited for is whole and ends as that format has it", async () => {
      const body = JSON.stringify({
        model: "auto",
        stream: true,
        messages: [
          {
            role: "user",
            content: [
              { type: "text", text: freshQuestion() },
              { type: "image_url", image_url: { url: `data:image/png;base64,${tinyPng}` } },
            ],
          },
        ],
      })
      const chat = async (): Promise<Headed & { text: string; ends: string }> => {
        const response = await fetch(`${world().url}/v1/chat/completions`, {
          method: "POST",
          headers: { "content-type": "application/json" },
          body,
        })
        const lines = (await response.text()).split("\n").filter((line) => line.startsWith("data: "))
        const chunks = lines.slice(0, -1).map((line) => JSON.parse(line.slice(6)) as ChatChunk)
        const choices = chunks.flatMap(({ choices: [choice] }) => (choice === undefined ? [] : [choice]))
        return {
          text: choices.map(({ delta }) => delta.content ?? "").join(""),
          ends: `${choices.at(-1)?.finish_reason} ${lines.at(-1)}`,
          headers: response.headers,
        }
      }
      const answers = await Promise.all(Array.from({ length: 10 }, chat))
      expect(sourcesOf(answers)).toEqual({ own: 1, shared: 9 })
      expect(asked()).toBe(attemptsOf(answers))
      expect(new Set(answers.map(({ text }) => text)).size).toBe(1)
      expect(answers[0]?.text).toMatch(/simulated/i)
      expect(new Set(answers.map(({ ends }) => ends))).toEqual(new Set(["stop data: [DONE]"]))
    })

    test("when the one who asks leaves, exactly one other asks instead", async () => {
      const body = question({ model: "openai/gpt-4o" })
      const leaving = new AbortController()
      all("hang")
      const left = fetch(`${world().url}/v1/analyze`, {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: JSON.stringify(body),
        signal: leaving.signal,
      }).catch(() => "left")
      await aMoment()
      all("none")
      const others = Array.from({ length: 5 }, () => ask(body))
      await aMoment()
      world().providers.clearLog()
      leaving.abort()
      expect(await left).toBe("left")
      const answers = await Promise.all(others)
      expect(sourcesOf(answers)).toEqual({ own: 1, shared: 4 })
      expect(
        world()
          .providers.log()
          .filter(({ outcome }) => outcome === "answered"),
      ).toHaveLength(1)
    })

    test("an error is its own request's alone: the next asks anew", async () => {
      const body = question({ model: "openai/gpt-4o" })
      all("hang")
      const failing = ask(body)
      await aMoment()
      all("none")
      const answers = await Promise.all(Array.from({ length: 5 }, () => ask(body)))
      expect((await failing).status).toBe(504)
      expect(answers.every(({ status }) => status === 200)).toBe(true)
      expect(sourcesOf(answers)).toEqual({ own: 1, shared: 4 })
    })

    test("an answer that is not to be kept is not shared either", async () => {
      const body = question({ model: "openai/gpt-4o", maxOutputTokens: 5 })
      const answers = await Promise.all(Array.from({ length: 4 }, () => ask(body)))
      expect(asked()).toBe(4)
      expect(sourcesOf(answers)).toEqual({ own: 4, shared: 0 })
    })

    test("who asks for a fresh answer, or for none to be kept, gets one of their own", async () => {
      const body = question()
      const answers = await Promise.all(
        ["no-cache", "no-cache", "no-store", "no-store"].map((value) => ask(body, { "cache-control": value })),
      )
      expect(asked()).toBe(4)
      expect(sourcesOf(answers)).toEqual({ own: 4, shared: 0 })
    })
  })
}
