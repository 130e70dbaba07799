import { beforeEach, describe, expect, test, vi } from "vitest"
import { createCacheKeys } from "../cache/cache-key.ts"
import { judgeNear } from "../cache/near/judge-near.ts"
import { createLexicalEmbedder } from "../cache/near/lexical-embedder.ts"
import type { NearVerdict } from "../cache/near/near-verdict.ts"
import type { AnswerCache } from "../ports/answer-cache.ts"
import { cachedAnswer } from "../ports/answer-cache.suite.ts"
import type { Embedder } from "../ports/embedder.ts"
import { findQueryType } from "../prompts/find-query-type.ts"
import { createMemoryAnswerCache } from "../runtime/memory/answer-cache.ts"
import { keepAnswer } from "./keep-answer.ts"
import { lookUpCache } from "./look-up-cache.ts"
import type { CacheHit, Miss, Question } from "./stages.ts"
import { startStopwatch } from "./stopwatch.ts"

// What the judge decides has tests of its own; here it says what a test wants to hear.
vi.mock("../cache/near/judge-near.ts", () => ({ judgeNear: vi.fn<typeof judgeNear>() }))
const judges = vi.mocked(judgeNear)
const serves = (): void =>
  void judges.mockImplementation(
    (_, [entry]) => ({ served: true, entry, similarity: 0.95, confidence: 0.99 }) as NearVerdict,
  )

let at: number
let calls: string[]
let work: Promise<unknown>[]
let embedder: Embedder & { readonly asked: string[] }
let cache: AnswerCache
beforeEach(() => {
  at = 1_000_000
  calls = []
  work = []
  cache = createMemoryAnswerCache({ now: () => at })
  const asked: string[] = []
  const lexical = createLexicalEmbedder()
  embedder = {
    id: lexical.id,
    asked,
    embed: (texts, signal) => {
      asked.push(...texts)
      return lexical.embed(texts, signal)
    },
  }
  serves()
})

const gatewayWith = (nearLane = { on: true, minConfidence: 0.98 }) => ({
  ports: {
    now: () => at,
    background: (promise: Promise<unknown>) => void work.push(promise),
    log: (line: Readonly<Record<string, unknown>>) => void calls.push(String(line["message"])),
    cache: {
      ...cache,
      lookUp: (address) => {
        calls.push("lookUp")
        return cache.lookUp(address)
      },
      read: (address) => {
        calls.push("read")
        return cache.read(address)
      },
    } satisfies AnswerCache,
  },
  settings: { cacheTtlS: 86_400, nearLane },
  cacheKeys: createCacheKeys("a secret"),
  latestEpoch: () => "b.3",
  embedder,
})
// The steps ask for these parts of a gateway only.
const gateway = (...nearLane: Parameters<typeof gatewayWith>) =>
  gatewayWith(...nearLane) as unknown as Parameters<typeof lookUpCache>[1]

const question = (query: string, changes: Partial<Question> = {}): Question => ({
  id: "q",
  endpoint: "/v1/analyze",
  caller: { tenant: "acme" },
  query,
  queryType: findQueryType("count").queryType,
  images: [],
  detail: "auto",
  mode: "single",
  votes: 1,
  maxWaitMs: 0,
  modelPolicy: "auto",
  allowed: [],
  cacheWishes: { read: true, write: true, tags: [] },
  stream: false,
  notices: [],
  signal: new AbortController().signal,
  watch: startStopwatch(() => at),
  ...changes,
})

const candidate = { provider: "openai", model: "gpt-4o" } as Parameters<typeof keepAnswer>[0]["candidate"]
const { usage, costUsd, imageTokens } = cachedAnswer(0, 0)
/** Asks, and keeps an answer where there was none. */
const ask = async (asked: Question, answer = "5", on = gateway()) => {
  const looked = await lookUpCache(asked, on)
  if (!looked.found) {
    const place = looked.place === undefined ? {} : { place: looked.place }
    keepAnswer(
      { question: asked, candidate, ...place },
      { answer, finishReason: "stop", usage, costUsd, imageTokens },
      on,
    )
    await Promise.all(work.splice(0))
  }
  return looked
}

const first = "How many breakers are in the panel?"
const other = "How many circuit breakers does the panel have?"

describe("the near lane", () => {
  test("is not asked where the group is empty, nor where the question's own answer is there", async () => {
    await ask(question(first))
    const vectorsOfWrites = embedder.asked.splice(0).length
    expect(vectorsOfWrites).toBe(1)
    expect((await ask(question(first))).cache.state).toBe("hit")
    expect((await ask(question("how many breakers are in the panel"))).cache.state).toBe("canonical")
    expect(embedder.asked).toEqual([])
    expect(judges).not.toHaveBeenCalled()
  })

  test("serves a neighbor's answer with a second trip, and says how sure it was", async () => {
    await ask(question(first), "7")
    at += 2_000
    calls.splice(0)
    const looked = await ask(question(other))
    expect(calls).toEqual(["lookUp", "read"])
    expect(looked).toMatchObject({
      found: true,
      entry: { answer: { answer: "7", question: first } },
      cache: {
        state: "near",
        ageS: 2,
        hits: 1,
        near: { served: true, question: first, similarity: 0.95, confidence: 0.99 },
      },
    })
  })

  test("names its veto where it refuses, and the question becomes a neighbor with the vector that is there", async () => {
    await ask(question(first), "7")
    judges.mockReturnValueOnce({
      served: false,
      veto: "confidence",
      detail: "0.9 is below 0.98",
      confidence: 0.9,
    })
    embedder.asked.splice(0)
    const looked = await ask(question(other), "8")
    expect(looked.cache).toMatchObject({
      state: "miss",
      near: { served: false, veto: "confidence", detail: "0.9 is below 0.98", confidence: 0.9 },
    })
    expect(embedder.asked).toEqual([other])
    await ask(question("How many fuses?"))
    const neighbors = judges.mock.lastCall?.[1] ?? []
    expect(neighbors.map(({ question: asked }) => asked)).toEqual([first, other])
    expect(new Set(neighbors.map(({ answerHash }) => answerHash)).size).toBe(2)
  })

  test("asks the judge for as much confidence as the settings say", async () => {
    await ask(question(first))
    await ask(question(other), "", gateway({ on: true, minConfidence: 0.9 }))
    expect(judges.mock.lastCall?.[2]).toMatchObject({ minConfidence: 0.9 })
  })

  test("can be switched off", async () => {
    const off = gateway({ on: false, minConfidence: 0.98 })
    await ask(question(first), "7", off)
    expect((await ask(question(other), "8", off)).cache).toMatchObject({ state: "miss" })
    expect(embedder.asked).toEqual([])
  })

  test("leaves a question that it does not read to the other lanes", async () => {
    await ask(question(first))
    embedder.asked.splice(0)
    const looked = await ask(question("Wie viele Sicherungen sind im Verteiler?"))
    expect(looked.cache).toMatchObject({ state: "miss", near: { served: false, veto: "not_english" } })
    expect(embedder.asked).toEqual([])
  })

  test("gives way when the embedder is away: the request goes on without it", async () => {
    await ask(question(first))
    embedder = { ...embedder, embed: () => Promise.reject(new Error("away")) }
    const looked = await ask(question(other))
    expect(looked.cache).toMatchObject({ state: "miss", near: { served: false, veto: "embedder_unavailable" } })
    expect((await ask(question(other))).cache.state).toBe("hit")
  })

  test.each<readonly [string, (...given: Parameters<AnswerCache["read"]>) => ReturnType<AnswerCache["read"]>]>([
    ["is gone", async () => undefined],
    ["cannot be read", () => Promise.reject(new Error("away"))],
    [
      "answered another question than the group says",
      async ({ entry }) => ({ id: entry, hits: 0, answer: { ...cachedAnswer(at, 60_000), question: "Who?" } }),
    ],
  ])("serves nothing when the entry %s", async (_, read) => {
    await ask(question(first))
    const on = gateway()
    const { ports } = on as unknown as { ports: { cache: AnswerCache } }
    Object.assign(ports.cache, { read })
    const looked = await lookUpCache(question(other), on)
    expect(looked).toMatchObject({ found: false, cache: { state: "miss", near: { served: false, veto: "gone" } } })
  })

  test("keeps to max-age, too", async () => {
    await ask(question(first))
    at += 60_000
    const wishes = { read: true, write: true, maxAgeS: 30, tags: [] }
    expect((await ask(question(other, { cacheWishes: wishes }))).cache).toMatchObject({
      state: "miss",
      reason: "older_than_max_age",
    })
  })
})

test("a wording with an alias is answered as if it were the entry's own", async () => {
  const kept = (await ask(question(first), "7")) as Miss
  judges.mockReturnValue({ served: false, veto: "too_far", detail: "" })
  const asked = (await lookUpCache(question(other), gateway())) as Miss
  const [to, from] = [kept.place?.address, asked.place?.address]
  if (to === undefined || from === undefined) throw new Error("not to be kept")
  await cache.alias(from, to.entry)
  expect(await lookUpCache(question(other), gateway())).toMatchObject({
    found: true,
    entry: { id: to.entry, answer: { answer: "7" } },
    cache: { state: "hit", key: from.entry },
  })
})

test("requests that find the store away share a flight with those that did not, and with none from before an invalidation", async () => {
  const on = gateway()
  const { ports } = on as unknown as { ports: { cache: AnswerCache } }
  const flightAt = async (lookUp: AnswerCache["lookUp"]) => {
    Object.assign(ports.cache, { lookUp })
    return ((await lookUpCache(question(first), on)) as Miss).flightKey
  }
  const told = (epoch: string) => flightAt(async () => ({ found: false, epoch, neighbors: [] }))
  const away = await flightAt(() => Promise.reject(new Error("away")))
  expect(away).toBeDefined()
  expect(await told("b.3")).toBe(away)
  expect(await told("b.4")).not.toBe(away)
})

describe("a key of the caller's own", () => {
  const wishing = (key: string) => ({ cacheWishes: { read: true, write: true, key, tags: [] } })

  test("stands for question and pictures, within its tenant alone", async () => {
    await ask(question(first, wishing("report-7")), "7")
    expect((await ask(question(other, wishing("report-7")))).cache.state).toBe("hit")
    expect((await ask(question(first))).cache.state).toBe("miss")
    expect((await ask(question(first, wishing("report-8")))).cache.state).toBe("miss")
    const foreign = question(first, { ...wishing("report-7"), caller: { tenant: "other" } })
    expect((await ask(foreign)).cache.state).toBe("miss")
    expect(judges).not.toHaveBeenCalled()
  })

  test.each([
    ["another tenant's address in a key", (tenant: string) => ({ key: `acme:${tenant}:report-7` })],
    ["another tenant's name in a namespace", () => ({ key: "report-7", namespace: "acme" })],
    ["what looks like the end of a scope", () => ({ key: 'report-7"},"tenant":"acme' })],
  ])("reaches no other tenant by %s", async (_, wishes) => {
    await ask(question(first, wishing("report-7")), "a secret of acme")
    const { address } = (await ask(question(first, wishing("report-7")))) as CacheHit
    const { tenant } = address
    const stranger = question(first, {
      caller: { tenant: "stranger" },
      cacheWishes: { read: true, write: true, tags: [], ...wishes(tenant) },
    })
    expect((await lookUpCache(stranger, gateway())).found).toBe(false)
  })
})

test("namespaces are caches of their own", async () => {
  const inside = { cacheWishes: { read: true, write: true, namespace: "staging", tags: [] } }
  await ask(question(first, inside))
  expect((await ask(question(first))).cache.state).toBe("miss")
  expect((await ask(question(first, inside))).cache.state).toBe("hit")
})

test("an answer is kept as long as its request says, and never longer than the settings allow", async () => {
  const off = gateway({ on: false, minConfidence: 1 })
  const lived = async (ttlS: number): Promise<number> => {
    const asked = question(`How many ${ttlS}?`, { cacheWishes: { read: true, write: true, ttlS, tags: [] } })
    await ask(asked, "5", off)
    const looked = await ask(asked, "5", off)
    return looked.found ? (looked.entry.answer.expiresAt - at) / 1000 : 0
  }
  expect(await lived(60)).toBe(60)
  expect(await lived(90_000)).toBe(86_400)
})

test("an invalidation of anything an answer depends on takes it out, even when the answer was on its way", async () => {
  const asked = question(first, { cacheWishes: { read: true, write: true, tags: ["plant-7"] } })
  const labels = await createCacheKeys("a secret").hideLabels("acme", [
    { kind: "tag", value: "plant-7" },
    { kind: "queryType", value: "count" },
    { kind: "model", value: "openai/gpt-4o" },
    { kind: "prompt", value: "count@1" },
  ])
  for (const label of labels) {
    expect((await ask(asked)).cache.state).toBe("miss")
    const looked = await ask(asked)
    expect(looked.cache.state).toBe("hit")
    if (looked.found) await cache.invalidate(looked.address.tenant, [label])
  }
  expect((await ask(asked)).cache.state).toBe("miss")
})
