import { describe, expect, test } from "vitest"
import type { AnalyzeResponse } from "../../contract/analyze.ts"
import type { StatusResponse } from "../../contract/status.ts"
import { createApp } from "../app.ts"
import { createGateway } from "../create-gateway.ts"
import { createMemoryAnswerCache } from "../runtime/memory/answer-cache.ts"
import { createMemoryHistory } from "../runtime/memory/history.ts"
import { createMemoryLaneLedger } from "../runtime/memory/lane-ledger.ts"
import { createMemoryProviderBoard } from "../runtime/memory/provider-board.ts"
import { parseSettings } from "../settings.ts"
import { createMemoryRequestLedger } from "../runtime/memory/request-ledger.ts"

const now = Date.now
/** 24 × 16 px. */
const picture =
  "iVBORw0KGgoAAAANSUhEUgAAABgAAAAQAgMAAABxSlcGAAAADFBMVEXcKCgotDwyRtLw0igp/1NnAAAACXBIWXMAAAPoAAAD6AG1e1JrAAAAGklEQVQImWNgYGAIDQ1lIJlatWrV////SaYA4eIv0bIqnfIAAAAASUVORK5CYII="

/** A gateway over one provider, which says what the test wants to hear, and a near lane that believes easily. */
const start = (
  answer: { text: string },
  { audited = false, confidence = "0.5", judge = "" }: { audited?: boolean; confidence?: string; judge?: string } = {},
) => {
  const work: Promise<unknown>[] = []
  const lines: Readonly<Record<string, unknown>>[] = []
  const judgements: string[] = []
  const models: string[] = []
  const board = createMemoryProviderBoard({ now })
  const history = createMemoryHistory()
  const settings = parseSettings({
    OPENAI_API_KEY: "key",
    VOLTGATE_OPEN: "loopback",
    VOLTGATE_AUTO_MODELS: "openai/gpt-4o,openai/gpt-4.1",
    VOLTGATE_CACHE_CONFIDENCE: confidence,
    ...(judge === "" ? {} : { VOLTGATE_CACHE_JUDGE: "openai/gpt-4o-mini" }),
  })
  const delta = 1 - settings.nearLane.minConfidence
  const lanes = createMemoryLaneLedger({ now, delta })
  const app = createApp(
    createGateway(settings, {
      cache: createMemoryAnswerCache({ now }),
      lanes,
      history,
      board,
      ledger: createMemoryRequestLedger({ now: Date.now }),
      imageEngine: {
        choose: () => ({ obstacle: "nobody is there", cure: "" }),
        transform: async () => Promise.reject(),
      },
      fetch: async (_, init) => {
        const body = typeof init?.body === "string" ? init.body : ""
        const isJudge = body.includes("You compare two questions")
        if (isJudge) judgements.push(body)
        else models.push(/"model":"([^"]*)"/.exec(body)?.[1] ?? "none")
        if (answer.text === "") return new Response("out of order", { status: 500 })
        const chunk = {
          model: "gpt-4o",
          choices: [{ delta: { content: isJudge ? judge : answer.text }, finish_reason: "stop" }],
        }
        return new Response(`data: ${JSON.stringify(chunk)}\n\ndata: [DONE]\n\n`, {
          headers: { "content-type": "text/event-stream" },
        })
      },
      now,
      // Below a fortieth a near answer is audited.
      random: () => (audited ? 0.01 : 0.5),
      background: (promise) => void work.push(promise),
      log: (line) => lines.push(line),
    }),
  )
  const ask = async (query: string, pictures = 1, model = "openai/gpt-4o") => {
    const response = await app.request("http://localhost/v1/analyze", {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ query, model, images: Array.from({ length: pictures }, () => picture) }),
    })
    const body = (await response.json()) as AnalyzeResponse
    while (work.length > 0) await Promise.all(work.splice(0))
    return { state: body.record.cache.state, answer: body.answer, near: body.record.cache.near }
  }
  const status = async () => {
    const { cache } = (await (await app.request("http://localhost/v1/status")).json()) as StatusResponse
    return "lanes" in cache ? cache.lanes["general"] : undefined
  }
  const metrics = async () => (await app.request("http://localhost/metrics")).text()
  return { ask, status, metrics, asked: () => models.length, models, board, judgements, history, lanes, lines }
}

const first = "How many breakers are in the panel?"
const other = "How many breakers does the panel have?"

test("a near answer that is audited is given at once, and a provider is asked as well", async () => {
  const says = { text: "12 breakers" }
  const { ask, asked, status, history } = start(says, { audited: true })
  await ask(first)
  expect(await ask(other)).toMatchObject({ state: "near", answer: "12 breakers" })
  expect(asked()).toBe(2)
  expect((await status())?.near).toMatchObject({ open: true, audited: 0.8, wrong: 0, auditedEver: 1, wrongEver: 0 })
  expect(history.entries().map(({ endpoint }) => endpoint)).toEqual(["/v1/analyze", "/v1/analyze", "audit"])
})

test("the model that gave the cached answer is the one that is asked", async () => {
  const { ask, models, board } = start({ text: "12 breakers" }, { audited: true })
  await ask(first, 1, "auto")
  const candidate = `openai/${models[0]}`
  for (let slow = 0; slow < 20; slow++) {
    board.began(candidate).ended({ candidate, ok: true, responseTimeMs: 29_000, firstTokenMs: 20_000, at: now() })
  }
  expect((await ask(other, 1, "auto")).state).toBe("near")
  await ask("What does the motor do?", 1, "auto")
  expect([models[1], models[2]]).toEqual([models[0], expect.not.stringMatching(String(models[0]))])
})

test("what was found is told to Prometheus too", async () => {
  const { ask, metrics } = start({ text: "12 breakers" }, { audited: true })
  await ask(first)
  await ask(other)
  const text = await metrics()
  expect(text).toContain('voltgate_cache_requests_total{query_type="general",state="near"} 1\n')
  expect(text).toContain('voltgate_cache_near_audited_total{query_type="general"} 1\n')
  expect(text).toContain('voltgate_cache_near_open{query_type="general"} 1\n')
  expect(text).toMatch(/^gen_ai_client_operation_duration_seconds\{gen_ai_provider_name="openai",.*quantile="0.5"\} /m)
})

test("one that was right makes its wording an exact hit", async () => {
  const { ask, asked } = start({ text: "12 breakers" }, { audited: true })
  await ask(first)
  await ask(other)
  expect((await ask(other)).state).toBe("hit")
  expect(asked()).toBe(2)
})

test("one that was wrong is quarantined: it answers nobody any more, and is counted", async () => {
  const says = { text: "12 breakers" }
  const { ask, status } = start(says, { audited: true })
  await ask(first)
  says.text = "7 breakers"
  expect(await ask(other)).toMatchObject({ state: "near", answer: "12 breakers" })
  expect((await status())?.near).toMatchObject({ wrong: 1, auditedEver: 1, wrongEver: 1 })
  expect(await ask(other)).toMatchObject({ state: "miss", answer: "7 breakers" })
  expect((await ask(first)).state).not.toBe("hit")
})

test("without an audit nobody else is asked, and nothing is learned", async () => {
  const { ask, asked, status } = start({ text: "12 breakers" })
  await ask(first)
  expect((await ask(other)).state).toBe("near")
  expect(asked()).toBe(1)
  expect(await status()).toMatchObject({ lookups: 2, byState: { miss: 1, near: 1 }, near: { auditedEver: 0 } })
})

test("a closed lane serves nothing, and learns from what providers answer in its place", async () => {
  const { ask, asked, lanes, status } = start({ text: "12 breakers" })
  await ask(first)
  for (let wrong = 0; wrong < 5; wrong++) {
    lanes.learn("local", { queryType: "general", bin: 3, right: false, weight: 1, wouldServe: true })
  }
  expect((await status())?.near.open).toBe(false)
  expect(await ask(other)).toMatchObject({ state: "miss", near: { served: false, veto: "lane_closed" } })
  expect(asked()).toBe(2)
  expect((await status())?.near).toMatchObject({ audited: expect.closeTo(0.8, 9), auditedEver: 6 })
})

test("a neighbor that was refused for want of confidence is judged by the answer that comes instead", async () => {
  const { ask, lanes } = start({ text: "12 breakers" }, { confidence: "0.9998" })
  await ask(first)
  expect(await ask(other)).toMatchObject({ state: "miss", near: { served: false, veto: "confidence" } })
  const book = lanes.book("local")
  expect(book.pairs).toEqual([{ key: expect.stringMatching(/^[0-9a-f]{16}$/), points: 0.8 }])
  expect(book.lanes["general"]?.evidence.some(({ right }) => right > 0)).toBe(true)
  expect(book.lanes["general"]).toMatchObject({ auditedEver: 0 })
})

test("an audit that fails is only logged", async () => {
  const says = { text: "12 breakers" }
  const { ask, lines, status } = start(says, { audited: true })
  await ask(first)
  says.text = ""
  expect((await ask(other)).state).toBe("near")
  expect((await status())?.near).toMatchObject({ auditedEver: 0 })
  expect(lines.map(({ message }) => message)).toContain("audit failed")
})

describe("the small judge", () => {
  const difficult = { confidence: "0.9998" }
  /** Enough lookups for one question to the judge, which is one for five of them. */
  const lookUpFive = async (ask: (query: string) => Promise<unknown>): Promise<void> => {
    for (const thing of ["motor", "pump", "relay", "lamp"]) await ask(`What does the ${thing} do?`)
  }

  test("and one telling answer make two wordings one, on every picture, and then an exact hit", async () => {
    const { ask, asked, judgements } = start({ text: "12 breakers" }, { ...difficult, judge: "Same." })
    await lookUpFive(ask)
    await ask(first)
    expect((await ask(other)).state).toBe("miss")
    expect(judgements).toHaveLength(1)
    expect(judgements[0]).toContain(first)
    await ask(first, 2)
    const before = asked()
    expect(await ask(other, 2)).toMatchObject({ state: "near", near: { served: true, question: first } })
    expect((await ask(other, 2)).state).toBe("hit")
    expect(asked()).toBe(before)
  })

  test("tells two wordings apart for good, whatever their answers say", async () => {
    const { ask, lanes } = start({ text: "12 breakers" }, { ...difficult, judge: "DIFFERENT" })
    await lookUpFive(ask)
    await ask(first)
    await ask(other)
    expect(lanes.book("local").pairs).toEqual([expect.objectContaining({ points: -1 })])
  })

  test("is asked within its budget, and not twice about what is settled", async () => {
    const { ask, judgements, status } = start({ text: "12 breakers" }, { ...difficult, judge: "same" })
    await ask(first)
    await ask(other)
    expect(judgements).toHaveLength(0)
    await lookUpFive(ask)
    await ask(first, 2)
    await ask(other, 2)
    expect(judgements).toHaveLength(1)
    expect(await status()).toBeDefined()
  })

  test("that does not keep to its one word teaches nothing", async () => {
    const { ask, lanes } = start({ text: "12 breakers" }, { ...difficult, judge: "They look the same to me" })
    await lookUpFive(ask)
    await ask(first)
    await ask(other)
    expect(lanes.book("local")).toMatchObject({ judged: 1, pairs: [expect.objectContaining({ points: 0.8 })] })
  })
})
