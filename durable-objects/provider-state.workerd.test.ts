import { evictDurableObject, runDurableObjectAlarm, runInDurableObject } from "cloudflare:test"
import { env } from "cloudflare:workers"
import { describe, expect, test } from "vitest"
import { reportLimits } from "../contract/provider-board.ts"
import type { Observation, Rating, Report } from "../contract/provider-board.ts"
import type { ProviderState } from "./provider-state.ts"

type Stub = DurableObjectStub<ProviderState>

const candidate = "openai/gpt-4o"
/** What SQLite-backed storage takes under one key. */
const largestValueBytes = 2_000_000

let objects = 0
/** An object that no other test has seen. */
const freshObject = (): Stub => env.PROVIDER_STATE.get(env.PROVIDER_STATE.idFromName(`test ${++objects}`))

const report = (rest: Partial<Report> = {}): Report => ({ isolate: "a", inFlight: {}, observations: [], ...rest })
const success = (responseTimeMs: number, id = candidate): Observation => ({
  candidate: id,
  ok: true,
  responseTimeMs,
  at: Date.now(),
})
const failure = (rest: Partial<Observation> = {}): Observation => ({ candidate, ok: false, at: Date.now(), ...rest })

const alarmOf = (stub: Stub): Promise<number | null> => runInDurableObject(stub, (_, { storage }) => storage.getAlarm())
const storedIn = (stub: Stub): Promise<Map<string, unknown>> =>
  runInDurableObject(stub, async (_, { storage }) => new Map(await storage.list()))
/** What another isolate is told. */
const seenBy = (stub: Stub, isolate = "somebody else") => stub.sync(report({ isolate }))

test("passes one isolate's news and requests in flight on to the others", async () => {
  const stub = freshObject()
  await stub.sync(report({ inFlight: { [candidate]: 3 }, observations: [success(1_000), success(3_000), failure()] }))
  expect((await seenBy(stub)).candidates[candidate]).toMatchObject({
    inFlightElsewhere: 3,
    responseTimeMs: 2_000,
    responseTimeSamples: 2,
    breaker: { state: "closed", failuresInARow: 1 },
  })
})

test("leaves an isolate's own requests in flight out of what it is told", async () => {
  const stub = freshObject()
  await stub.sync(report({ inFlight: { [candidate]: 3 }, observations: [success(1_000)] }))
  const own = await stub.sync(report({ inFlight: { [candidate]: 3 } }))
  expect(own.candidates[candidate]?.inFlightElsewhere).toBe(0)
})

describe("refuses a report, and changes nothing", () => {
  const many = (count: number): Record<string, number> =>
    Object.fromEntries(Array.from({ length: count }, (_, index) => [`openai/${index}`, 1]))
  const cases: readonly (readonly [string, unknown])[] = [
    ["that is nothing", null],
    ["that is text", "sync"],
    ["without an isolate", { inFlight: {}, observations: [] }],
    ["of an isolate without a name", report({ isolate: "" })],
    ["with a field that nobody knows", { ...report(), candidates: {} }],
    ["with one bad observation among good ones", report({ observations: [success(500), success(-1)] })],
    ["with a time that is no number", report({ observations: [success(Number.NaN)] })],
    ["with a time beyond all reason", report({ observations: [failure({ restMs: 3_600_001 })] })],
    ["of a candidate without a provider", report({ observations: [success(500, "gpt-4o")] })],
    ["with half a request in flight", report({ inFlight: { [candidate]: 0.5 } })],
    ["with fewer than no requests in flight", report({ inFlight: { [candidate]: -1 } })],
    ["with too many candidates", report({ inFlight: many(reportLimits.candidates + 1) })],
    [
      "with too many observations",
      report({ observations: Array.from({ length: reportLimits.observations + 1 }, () => success(500)) }),
    ],
  ]
  test.each(cases)("%s", async (_, bad) => {
    const stub = freshObject()
    await stub.sync(report({ inFlight: { [candidate]: 2 }, observations: [success(1_000)] }))
    await runDurableObjectAlarm(stub)
    const before = await seenBy(stub)
    const refused = await runInDurableObject(stub, (object: ProviderState) => object.sync(bad).catch(String))
    const after = await seenBy(stub)
    expect(refused).toMatch(/^TypeError: The report was refused, nothing was changed\. \S/)
    expect(after.candidates).toEqual(before.candidates)
    expect(await alarmOf(stub)).toBeNull()
  })

  test("saying where it is wrong, with five problems of many", async () => {
    const stub = freshObject()
    const bad = report({ observations: Array.from({ length: 50 }, () => success(-1)) })
    const refused = await runInDurableObject(stub, (object: ProviderState) => object.sync(bad).catch(String))
    expect(refused).toContain("observations.0.responseTimeMs: ")
    expect(refused).toContain("observations.4.responseTimeMs: ")
    expect(refused).not.toContain("observations.5.")
  })

  test("and takes the largest that is allowed", async () => {
    const stub = freshObject()
    const observations = Array.from({ length: reportLimits.observations }, () => success(500))
    const snapshot = await stub.sync(report({ inFlight: many(reportLimits.candidates), observations }))
    expect(snapshot.candidates[candidate]?.responseTimeSamples).toBe(100)
  })
})

describe("when the object is evicted", () => {
  test("response times and an unexpired rest are still known", async () => {
    const stub = freshObject()
    await stub.sync(report({ observations: [success(1_000), success(2_000), failure({ restMs: 60_000 })] }))
    const before = (await seenBy(stub)).candidates[candidate]
    await runDurableObjectAlarm(stub)
    await evictDurableObject(stub)
    const after = (await seenBy(stub)).candidates[candidate]
    expect(after).toEqual(before)
    expect(after).toMatchObject({ p50Ms: 1_000, p95Ms: 2_000, responseTimeSamples: 2 })
    expect(after?.pause.until).toBeGreaterThan(Date.now())
  })

  test("the history goes on where it stopped", async () => {
    const stub = freshObject()
    await stub.sync(report({ observations: Array.from({ length: 4 }, () => failure()) }))
    await runDurableObjectAlarm(stub)
    await evictDurableObject(stub)
    const { candidates } = await stub.sync(report({ observations: [failure()] }))
    expect(candidates[candidate]).toMatchObject({ breaker: { state: "open", trips: 1 } })
  })

  test("an alarm that wakes it does not store an empty book over the full one", async () => {
    const stub = freshObject()
    await stub.sync(report({ observations: [success(1_000)] }))
    await runDurableObjectAlarm(stub)
    await stub.sync(report({ observations: [success(2_000)] }))
    await evictDurableObject(stub)
    expect(await runDurableObjectAlarm(stub)).toBe(true)
    await evictDurableObject(stub)
    expect((await seenBy(stub)).candidates[candidate]?.responseTimeSamples).toBeGreaterThanOrEqual(1)
  })

  test("no request is counted in flight for ever", async () => {
    const stub = freshObject()
    await stub.sync(report({ inFlight: { [candidate]: 7 }, observations: [success(1_000)] }))
    await runDurableObjectAlarm(stub)
    await evictDurableObject(stub)
    expect((await seenBy(stub)).candidates[candidate]?.inFlightElsewhere).toBe(0)
  })
})

test("when it is evicted, an open breaker and what people said of answers are still known", async () => {
  const stub = freshObject()
  const ratings = [1, 1, 0].map((score) => ({ candidate, queryType: "count", score, at: Date.now() }))
  const failures = Array.from({ length: 5 }, () => failure())
  await stub.sync(report({ observations: [success(1_000), ...failures], ratings }))
  await runDurableObjectAlarm(stub)
  await evictDurableObject(stub)
  const after = (await seenBy(stub)).candidates[candidate]
  expect(after?.breaker).toMatchObject({ state: "open", why: "failures_in_a_row" })
  expect(after?.accuracy["count"]).toEqual({ right: 2, wrong: 1 })
})

describe("accuracy", () => {
  const rating = (id: string, score = 1): Rating => ({ candidate: id, queryType: "count", score, at: Date.now() })
  const accuracyIn = async (stub: Stub, id: string) => (await seenBy(stub)).candidates[id]?.accuracy["count"]

  test("that one region learned is known in another after both have had their alarm", async () => {
    const [here, there] = [freshObject(), freshObject()]
    const id = "made-up/known-everywhere"
    await here.sync(report({ ratings: [rating(id), rating(id, 0)] }))
    await runDurableObjectAlarm(here)
    await there.sync(report({ observations: [success(1_000)], ratings: [rating(id)] }))
    await runDurableObjectAlarm(there)
    expect(await accuracyIn(there, id)).toEqual({ right: 2, wrong: 1 })
  })

  test("is told again at the next alarm until it was taken, and counted once", async () => {
    const here = freshObject()
    const id = "made-up/counted-once"
    await here.sync(report({ ratings: [rating(id)] }))
    await runDurableObjectAlarm(here)
    // The next exchange is due ten seconds later; until then it waits, and is stored.
    await here.sync(report({ ratings: [rating(id, 0)] }))
    await runDurableObjectAlarm(here)
    expect(await alarmOf(here)).toBeGreaterThan(Date.now() + 2_000)
    await evictDurableObject(here)
    expect(await runDurableObjectAlarm(here)).toBe(true)
    expect(await accuracyIn(here, id)).toEqual({ right: 1, wrong: 1 })
    await runDurableObjectAlarm(here)
    expect(await accuracyIn(here, id)).toEqual({ right: 1, wrong: 1 })
  })

  test("is refused from a region that talks nonsense", async () => {
    const stub = freshObject()
    const refused = await runInDurableObject(stub, (object: ProviderState) =>
      object.exchange([{ ...rating("made-up/bad"), score: 7 }]).catch(String),
    )
    expect(refused).toMatch(/^TypeError: The ratings were refused, nothing was changed. \S/)
    expect(await alarmOf(stub)).toBeNull()
  })

  test("no flood of ratings can grow what waits to be told", async () => {
    const stub = freshObject()
    for (let batch = 0; batch < 3; batch++) {
      await stub.sync(report({ ratings: Array.from({ length: reportLimits.ratings }, () => rating("made-up/flood")) }))
    }
    const book = await runInDurableObject(stub, async (_, { storage }) => {
      await storage.deleteAlarm()
      return storage.get("data")
    })
    expect(book).toBeUndefined()
    await stub.sync(report({ ratings: [rating("made-up/flood")] }))
    const { right = 0, wrong = 0 } = (await accuracyIn(stub, "made-up/flood")) ?? {}
    expect(right + wrong).toBeCloseTo(500)
  })
})

describe("the alarm", () => {
  test("is set within two seconds of news, and is gone once it ran", async () => {
    const stub = freshObject()
    const from = Date.now()
    await stub.sync(report({ observations: [success(1_000)] }))
    const alarm = await alarmOf(stub)
    expect(alarm).toBeGreaterThan(from)
    expect(alarm).toBeLessThanOrEqual(Date.now() + 2_000)
    expect(await runDurableObjectAlarm(stub)).toBe(true)
    expect(await alarmOf(stub)).toBeNull()
  })

  test("is not put off by more news", async () => {
    const stub = freshObject()
    await stub.sync(report({ observations: [success(1_000)] }))
    const first = await alarmOf(stub)
    await new Promise((resolve) => setTimeout(resolve, 5))
    await stub.sync(report({ observations: [success(1_000)] }))
    expect(await alarmOf(stub)).toBe(first)
  })

  test("is set again by news that come after it ran", async () => {
    const stub = freshObject()
    await stub.sync(report({ observations: [success(1_000)] }))
    await runDurableObjectAlarm(stub)
    await stub.sync(report({ observations: [success(2_000)] }))
    expect(await runDurableObjectAlarm(stub)).toBe(true)
    await evictDurableObject(stub)
    expect((await seenBy(stub)).candidates[candidate]?.responseTimeSamples).toBe(2)
  })

  test("is not set by a report without news, so that nothing is stored and the object can sleep", async () => {
    const stub = freshObject()
    await stub.sync(report({ inFlight: { [candidate]: 3 } }))
    expect(await alarmOf(stub)).toBeNull()
    expect(await storedIn(stub)).toEqual(new Map())
  })
})

describe("what is stored", () => {
  test("lies under one key and holds candidates alone: what is in flight is worth nothing after a restart", async () => {
    const stub = freshObject()
    await stub.sync(report({ inFlight: { [candidate]: 3 }, observations: [success(1_234)] }))
    await runDurableObjectAlarm(stub)
    const stored = await storedIn(stub)
    expect([...stored.keys()]).toEqual(["data"])
    expect(stored.get("data")).toEqual({
      candidates: {
        [candidate]: {
          health: expect.objectContaining({ ok: 1, bad: 0, breaker: expect.objectContaining({ state: "closed" }) }),
          times: expect.objectContaining({ lastMs: [1_234] }),
          limit: { logLikelihoods: expect.any(Array), idleLogMs: expect.any(Number), idleCount: expect.any(Number) },
        },
      },
      accuracy: {},
      answerLengths: {},
      unshared: [],
    })
  })

  test("stays far below the largest value allowed when the book is full, and comes back whole", async () => {
    const stub = freshObject()
    const longestId = (index: number): string => `openai/${String(index).padStart(193, "x")}`
    for (let first = 0; first < 100; first += 5) {
      const ids = Array.from({ length: 5 }, (_, index) => longestId(first + index))
      const observations = ids.flatMap((id) =>
        Array.from({ length: 100 }, (_, index) => ({
          ...success(3_600_000 / (index + 1.1), id),
          kind: `kind ${index % 16} ${"x".repeat(60)}`,
        })),
      )
      await stub.sync(report({ observations }))
    }
    await runDurableObjectAlarm(stub)
    const databaseBytes = await runInDurableObject(stub, (_, { storage }) => storage.sql.databaseSize)
    expect(databaseBytes).toBeLessThan(largestValueBytes / 2)
    await evictDurableObject(stub)
    const { candidates } = await seenBy(stub)
    expect(Object.keys(candidates)).toHaveLength(100)
    expect(Object.values(candidates).every((view) => view.responseTimeSamples === 100)).toBe(true)
  })

  test("keeps through a restart how long answers are and how many requests at once are served", async () => {
    const stub = freshObject()
    const answered = { ...success(1_000), kind: "table/small/long", outputTokens: 700 }
    await stub.sync(report({ observations: [answered] }))
    await scheduler.wait(300)
    const refused = { candidate, ok: false, restMs: 1, at: Date.now() }
    await stub.sync(report({ inFlight: { [candidate]: 30 }, observations: [refused, refused, refused] }))
    const before = await seenBy(stub)
    expect(before.candidates[candidate]?.limit).toBeLessThan(40)
    await runDurableObjectAlarm(stub)
    await evictDurableObject(stub)
    const after = await seenBy(stub)
    expect(after.answerLengths).toMatchObject({ table: { meanTokens: 700, answers: 1 } })
    expect(after.candidates[candidate]?.limit).toBe(before.candidates[candidate]?.limit)
  })

  test.each<readonly [string, unknown]>([
    ["text", "book"],
    ["a list", [1, 2]],
    ["a book of another shape", { book: { candidates: {}, gauges: {} } }],
    ["candidates of another shape", { candidates: { [candidate]: { ok: "many" } } }],
    ["candidates that are no table", { candidates: 7 }],
    ["gauges of another shape", { candidates: {}, gauges: { a: null } }],
    ["lengths of another shape", { candidates: {}, answerLengths: { table: 7 }, history: 7 }],
  ])("is left aside when it is %s: the object starts afresh instead of failing", async (_, foreign) => {
    const stub = freshObject()
    await seenBy(stub)
    await runInDurableObject(stub, (__, { storage }) => storage.put("data", foreign))
    await evictDurableObject(stub)
    await stub.sync(report({ observations: [success(1_000)] }))
    expect((await seenBy(stub)).candidates).toMatchObject({ [candidate]: { responseTimeSamples: 1 } })
    await runDurableObjectAlarm(stub)
    await evictDurableObject(stub)
    expect((await seenBy(stub)).candidates).toMatchObject({ [candidate]: { responseTimeSamples: 1 } })
  })
})

describe("over HTTP", () => {
  test("GET /book shows the whole book to a Worker that is bound to the object", async () => {
    const stub = freshObject()
    await stub.sync(report({ inFlight: { [candidate]: 3 }, observations: [success(1_000)] }))
    const response = await stub.fetch("https://object/book")
    expect(response.status).toBe(200)
    expect(await response.json()).toMatchObject({
      candidates: { [candidate]: { times: { lastMs: [1_000] } } },
      gauges: { a: { inFlight: { [candidate]: 3 } } },
    })
  })

  test.each([
    ["a method of the library", "GET", "/do/call/destroy"],
    ["a field of the library", "GET", "/do/set/candidates"],
    ["another path", "GET", "/"],
    ["another method", "POST", "/book"],
  ])("there is nothing else: %s", async (_, method, path) => {
    const stub = freshObject()
    await stub.sync(report({ observations: [success(1_000)] }))
    const response = await stub.fetch(`https://object${path}`, {
      method,
      headers: { "do-name": "somebody else", "do-content": "{}" },
    })
    expect(response.status).toBe(404)
    await response.body?.cancel()
    expect((await seenBy(stub)).candidates).toHaveProperty([candidate])
  })
})
