import { afterEach, beforeEach, describe, expect, test } from "vitest"
import type { AnalyzeResponse } from "../../contract/analyze.ts"
import type { ErrorBody } from "../../contract/error-code.ts"
import type { PlanResponse } from "../../contract/plan.ts"
import type { ControlChange } from "../../dev/simulated-providers/faults.ts"
import type { World } from "../world.ts"
import { dataUrl, freshQuestion, postJson, readEvents } from "./client.ts"

const healthy: ControlChange = { openai: { fault: "none" }, anthropic: { fault: "none" }, google: { fault: "none" } }
const saying = (openai: string, anthropic: string, google: string): ControlChange => ({
  openai: { fault: "none", answer: openai },
  anthropic: { fault: "none", answer: anthropic },
  google: { fault: "none", answer: google },
})

/** How the three modes find an answer, on whatever runtime. */
export const modesSuite = (world: () => World): void => {
  const url = (): string => `${world().url}/v1/analyze`
  const question = async (changes: Record<string, unknown>): Promise<Record<string, unknown>> => ({
    query: freshQuestion(),
    images: [await dataUrl("nameplate.webp")],
    ...changes,
  })
  /** The whole answer, however it was sent. */
  const ask = async (changes: Record<string, unknown>): Promise<AnalyzeResponse & { readonly streamed: string }> => {
    const response = await fetch(url(), {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify(await question(changes)),
    })
    expect(response.status).toBe(200)
    if (changes["stream"] !== true) return { ...((await response.json()) as AnalyzeResponse), streamed: "" }
    const events = await readEvents(response)
    const streamed = events
      .filter(({ event }) => event === "delta")
      .map(({ data }) => (JSON.parse(data) as { text: string }).text)
      .join("")
    return { ...(JSON.parse(events.at(-1)?.data ?? "{}") as AnalyzeResponse), streamed }
  }
  const bestProvider = async (): Promise<string> => {
    const { body } = await postJson<PlanResponse>(`${world().url}/v1/optimize`, await question({}))
    return body.candidates[0]?.provider ?? ""
  }
  const abortedAt = (wire: string): boolean =>
    world()
      .providers.log()
      .some((entry) => entry.wire === wire && entry.aborted)

  beforeEach(() => world().providers.clearLog())
  afterEach(() => void world().providers.control(healthy))

  describe("by default", () => {
    test("one candidate is asked, and the record names the mode", async () => {
      const { record } = await ask({})
      expect(record.routing).toMatchObject({ mode: "single", hedged: false, attempts: [{ outcome: "answered" }] })
      expect(world().providers.log()).toHaveLength(1)
    })
  })

  describe.each([false, true])("race, streamed: %s", (stream) => {
    test("a silent candidate is overtaken by another provider's, and left at once", { timeout: 60_000 }, async () => {
      for (let warmUp = 0; warmUp < 6; warmUp++) await ask({ mode: "race" })
      const askPastTheBest = async () => {
        const slow = await bestProvider()
        world().providers.control({ ...healthy, [slow]: { fault: "hang" } })
        return { slow, answer: await ask({ mode: "race", stream }) }
      }
      let { slow, answer } = await askPastTheBest()
      // A twentieth of the requests at most may be hedged.
      for (let more = 0; more < 60 && answer.record.routing.hedged !== true; more++) {
        ;({ slow, answer } = await askPastTheBest())
      }
      expect(answer.record.routing).toMatchObject({ mode: "race", hedged: true })
      expect(answer.provider).not.toBe(slow)
      expect(answer.record.routing.attempts).toMatchObject([
        { provider: slow, outcome: "superseded", usd: expect.any(Number) },
        { provider: answer.provider, outcome: "answered" },
      ])
      expect(answer.record.cost.otherAttemptsUsd).toBeGreaterThan(0)
      expect(answer.record.cost.usd).toBeGreaterThan(answer.record.cost.otherAttemptsUsd ?? 0)
      await expect.poll(() => abortedAt(slow), { timeout: 5_000 }).toBe(true)
    })
  })

  describe.each([false, true])("consensus, streamed: %s", (stream) => {
    test("the answer is what most agree on, and the others' is listed", async () => {
      world().providers.control(saying("4", "3", "3"))
      const { answer, streamed, provider, record } = await ask({ mode: "consensus", stream })
      expect(answer).toBe("3")
      if (stream) expect(streamed).toBe("3")
      expect(["anthropic", "google"]).toContain(provider)
      expect(record.routing.consensus).toMatchObject({ asked: 3, agreeing: 2, agreed: true })
      const votes = record.routing.consensus?.votes ?? []
      const agrees = Object.fromEntries(votes.map((vote) => [vote.provider, vote.agrees]))
      expect(agrees).toEqual({ anthropic: true, google: true, openai: false })
      expect(JSON.stringify(votes.find((vote) => !vote.agrees)?.differences)).toContain("4")
      const spent = record.routing.attempts.reduce((total, { usd = 0 }) => total + usd, 0)
      expect(record.cost.otherAttemptsUsd).toBeCloseTo(spent, 9)
      expect(record.cost.usd).toBeGreaterThan(spent)
      expect(world().providers.log()).toHaveLength(3)
    })

    test("one that stays silent is not waited for when the others agree, and is left", async () => {
      world().providers.control({ ...saying("3", "3", "3"), google: { fault: "hang" } })
      const { answer, record } = await ask({ mode: "consensus", stream })
      expect(answer).toBe("3")
      expect(record.routing.consensus).toMatchObject({ asked: 3, agreeing: 2, agreed: true })
      expect(record.routing.attempts[0]).toMatchObject({ provider: "google", outcome: "superseded" })
      expect(record.time.totalMs).toBeLessThan(1_400)
      await expect.poll(() => abortedAt("google"), { timeout: 5_000 }).toBe(true)
    })

    test("one that fails is replaced by the next", async () => {
      world().providers.control({ ...saying("3", "3", "3"), openai: { fault: "error500" } })
      const { record } = await ask({ mode: "consensus", consensus: 2, stream })
      expect(record.routing.consensus).toMatchObject({ asked: 2, agreeing: 2, agreed: true })
      expect(record.routing.consensus?.votes.map((vote) => vote.provider).toSorted()).toEqual(["anthropic", "google"])
    })
  })

  test("a plan for a consensus expects the slowest of all that are asked, and what they cost together", async () => {
    const plan = async (changes: Record<string, unknown>) =>
      (await postJson<PlanResponse>(`${world().url}/v1/optimize`, await question(changes))).body.estimate
    const [single, consensus] = [await plan({}), await plan({ mode: "consensus" })]
    expect(consensus.responseTimeMs).toBeGreaterThan(0)
    expect(consensus.usd).toBeGreaterThan(single.usd)
  })

  test("where nobody agrees, the record says so, and the answer is not kept", async () => {
    world().providers.control(saying("3", "4", "5"))
    const body = await question({ mode: "consensus" })
    const first = await postJson(url(), body)
    expect(first.body.record.routing.consensus).toMatchObject({ asked: 3, agreeing: 1, agreed: false })
    expect(first.headers.get("x-voltgate-agreement")).toBe("1/3")
    expect((await postJson(url(), body)).headers.get("x-voltgate-cache")).not.toBe("hit")
  })

  test("an agreed answer is kept, for the same consensus alone", async () => {
    world().providers.control(saying("3", "3", "3"))
    const body = await question({ mode: "consensus", consensus: 2 })
    await postJson(url(), body)
    // It is kept in the background.
    const lookUp = async () => (await postJson(url(), body)).headers.get("x-voltgate-cache")
    await expect.poll(lookUp, { timeout: 5_000 }).toBe("hit")
    const { mode: _, consensus: __, ...single } = body
    expect((await postJson(url(), single)).headers.get("x-voltgate-cache")).not.toBe("hit")
  })

  test("a chat request says the same in headers", async () => {
    world().providers.control(saying("3", "3", "4"))
    const chat = {
      model: "auto",
      messages: [{ role: "user", content: freshQuestion() }],
    }
    const answered = await postJson<{ choices: readonly { message: { content: string } }[] }>(
      `${world().url}/v1/chat/completions`,
      chat,
      { "x-voltgate-mode": "consensus", "x-voltgate-consensus": "3" },
    )
    expect(answered.status).toBe(200)
    expect(answered.body.choices[0]?.message.content).toBe("3")
    expect(answered.headers.get("x-voltgate-mode")).toBe("consensus")
    expect(answered.headers.get("x-voltgate-agreement")).toBe("2/3")
  })

  test.each([
    ["an unknown mode", { mode: "fastest" }, /mode: Give one of: single, race, consensus/],
    ["a number of candidates without a consensus", { consensus: 3 }, /goes with the mode "consensus" alone/],
    ["a consensus of one", { mode: "consensus", consensus: 1 }, /consensus: /],
    ["more candidates than there are", { mode: "consensus", consensus: 5 }, /needs as many candidates.*allows 3/],
    ["a consensus of one pinned model", { mode: "consensus", model: "openai/gpt-4o" }, /allows 1: openai\/gpt-4o/],
    ["endless waiting", { maxWaitMs: 1e9 }, /maxWaitMs: /],
  ])("%s is refused in a sentence", async (_, changes, sentence) => {
    const { status, body } = await postJson<ErrorBody>(url(), await question(changes))
    expect([status, body.error.code]).toEqual([400, "invalid_request"])
    expect(body.error.message).toMatch(sentence)
  })

  test.each([
    [{ "x-voltgate-mode": "fastest" }, "mode"],
    [{ "x-voltgate-consensus": "three", "x-voltgate-mode": "consensus" }, "consensus"],
    [{ "x-voltgate-max-wait-ms": "soon" }, "maxWaitMs"],
  ])("a chat request with the headers %j is refused", async (headers, path) => {
    const chat = { model: "auto", messages: [{ role: "user", content: freshQuestion() }] }
    const { status, body } = await postJson<{ error: { param: string } }>(
      `${world().url}/v1/chat/completions`,
      chat,
      headers,
    )
    expect([status, body.error.param]).toEqual([400, path])
  })
}
