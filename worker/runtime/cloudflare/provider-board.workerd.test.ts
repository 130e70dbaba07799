import { env } from "cloudflare:workers"
import { afterEach, beforeAll, describe, expect, test, vi } from "vitest"
import type { Report, Snapshot } from "../../../contract/provider-board.ts"
import { reportLimits } from "../../../contract/provider-board.ts"
import { createApp } from "../../app.ts"
import { createGateway } from "../../create-gateway.ts"
import { providerBoardSuite, succeeded } from "../../ports/provider-board.suite.ts"
import { noDirectives } from "../../routing/directives.ts"
import type { ProviderBoard } from "../../ports/provider-board.ts"
import { parseSettings } from "../../settings.ts"
import { createCloudflareProviderBoard } from "./provider-board.ts"
import type { CloudflareBoardOptions, ProviderStateNamespace } from "./provider-board.ts"
import { createMemoryRequestLedger } from "../memory/request-ledger.ts"

const fast = "openai/gpt-4o"
const slow = "google/gemini-2.5-flash"

/** A clock that tests move. It starts at the real time, which is the Durable Object's. */
const startClock = () => {
  let at = Date.now()
  return {
    now: (): number => at,
    pass: (ms: number): void => {
      at += ms
    },
  }
}
type Clock = ReturnType<typeof startClock>

const boardOn = <Id>(
  namespace: ProviderStateNamespace<Id>,
  clock: Clock,
  rest: Partial<CloudflareBoardOptions> = {},
): ProviderBoard =>
  createCloudflareProviderBoard(namespace, { now: clock.now, random: () => 0, isolate: crypto.randomUUID(), ...rest })

let objects = 0
/** The real Durable Objects, with one of its own behind the name `default` for each test. */
const freshNamespace = (): ProviderStateNamespace<DurableObjectId> => {
  const suffix = `board test ${++objects}`
  return {
    idFromName: (name) => env.PROVIDER_STATE.idFromName(`${name} ${suffix}`),
    get: (id) => env.PROVIDER_STATE.get(id),
  }
}

/** An object that answers as told; notes what it was asked. */
const fakeNamespace = (answer: (report: Report) => Promise<Snapshot>) => {
  const reports: Report[] = []
  const namespace: ProviderStateNamespace<string> = {
    idFromName: (name) => name,
    get: () => ({
      sync: (report) => {
        reports.push(structuredClone(report as Report))
        return answer(report as Report)
      },
      order: async () => noDirectives,
      audit: async () => [],
    }),
  }
  return { namespace, reports }
}
/** 24 × 16 px. */
const tinyPng =
  "iVBORw0KGgoAAAANSUhEUgAAABgAAAAQAgMAAABxSlcGAAAADFBMVEXcKCgotDwyRtLw0igp/1NnAAAACXBIWXMAAAPoAAAD6AG1e1JrAAAAGklEQVQImWNgYGAIDQ1lIJlatWrV////SaYA4eIv0bIqnfIAAAAASUVORK5CYII="
const nothing: Snapshot = { at: 0, candidates: {} }
const never = (): Promise<never> => new Promise(() => undefined)
const away = async (): Promise<never> => {
  throw new Error("Network connection lost.")
}

const finish = (board: ProviderBoard, clock: Clock, count = 1): void => {
  for (let index = 0; index < count; index++) board.began(fast).ended(succeeded(clock.now(), index + 1))
}
const fail = (board: ProviderBoard, clock: Clock, count: number): void => {
  for (let index = 0; index < count; index++) board.began(fast).ended({ candidate: fast, ok: false, at: clock.now() })
}

// The first call of all loads the object's code, which on a busy machine can take longer than the board waits.
beforeAll(async () => {
  const stub = env.PROVIDER_STATE.get(env.PROVIDER_STATE.idFromName("warm-up"))
  await stub.sync({ isolate: "warm-up", inFlight: {}, observations: [] })
}, 30_000)

providerBoardSuite("cloudflare, with the Durable Object", () => {
  const clock = startClock()
  return { board: boardOn(freshNamespace(), clock), ...clock }
})

describe("two isolates", () => {
  const twoBoards = () => {
    const clock = startClock()
    const namespace = freshNamespace()
    return { clock, one: boardOn(namespace, clock), other: boardOn(namespace, clock) }
  }

  test("see each other's requests in flight, rests and response times once both have synced", async () => {
    const { clock, one, other } = twoBoards()
    finish(one, clock, 3)
    fail(one, clock, 5)
    one.began(slow)
    one.began(slow)
    other.began(slow)
    await one.sync(clock.now())
    await other.sync(clock.now())
    const seen = other.snapshot(clock.now()).candidates
    expect(seen[slow]?.inFlightElsewhere).toBe(2)
    expect(seen[fast]).toMatchObject({ responseTimeSamples: 3, p50Ms: 2, breaker: { state: "open" } })
    clock.pass(2_000)
    await one.sync(clock.now())
    expect(one.snapshot(clock.now()).candidates[slow]?.inFlightElsewhere).toBe(1)
  })

  test("add up their failures: four here and one there bring the rest", async () => {
    const { clock, one, other } = twoBoards()
    fail(one, clock, 4)
    await one.sync(clock.now())
    await other.sync(clock.now())
    expect(other.snapshot(clock.now()).candidates[fast]?.breaker.state).toBe("closed")
    fail(other, clock, 1)
    expect(other.snapshot(clock.now()).candidates[fast]?.breaker.state).toBe("open")
  })

  test("forget each other's requests in flight when no sync came for the length of a lease", async () => {
    const { clock, one, other } = twoBoards()
    one.began(slow)
    await one.sync(clock.now())
    await other.sync(clock.now())
    clock.pass(4_999)
    expect(other.snapshot(clock.now()).candidates[slow]?.inFlightElsewhere).toBe(1)
    clock.pass(1)
    expect(other.snapshot(clock.now()).candidates[slow]?.inFlightElsewhere).toBe(0)
  })

  test("share the object that is named default", async () => {
    const { namespace, reports } = fakeNamespace(async () => nothing)
    const names: string[] = []
    const noting = { ...namespace, idFromName: (name: string) => (names.push(name), name) }
    const clock = startClock()
    await boardOn(noting, clock, { isolate: "one" }).sync(clock.now())
    expect(names).toEqual(["default"])
    expect(reports).toEqual([{ isolate: "one", inFlight: {}, observations: [] }])
  })
})

describe("a sync", () => {
  test("happens at most once a second, however often it is asked for", async () => {
    const clock = startClock()
    const { namespace, reports } = fakeNamespace(async () => nothing)
    const board = boardOn(namespace, clock)
    const ask = (): Promise<unknown> =>
      Promise.all(Array.from({ length: 50 }, async () => (await board.sync(clock.now())) ?? "told a moment ago"))
    await ask()
    await ask()
    expect(reports).toHaveLength(1)
    clock.pass(999)
    await ask()
    expect(reports).toHaveLength(1)
    clock.pass(1)
    await ask()
    expect(reports).toHaveLength(2)
  })

  test("comes up to a second later by chance, so that isolates spread, and always within a beat of 2 s", async () => {
    const clock = startClock()
    const { namespace, reports } = fakeNamespace(async () => nothing)
    const board = boardOn(namespace, clock, { random: () => 0.999 })
    await board.sync(clock.now())
    clock.pass(1_900)
    await board.sync(clock.now())
    expect(reports).toHaveLength(1)
    clock.pass(100)
    await board.sync(clock.now())
    expect(reports).toHaveLength(2)
  })

  test("tells each observation once, and what is in flight every time", async () => {
    const clock = startClock()
    const { namespace, reports } = fakeNamespace(async () => nothing)
    const board = boardOn(namespace, clock)
    board.began(slow)
    finish(board, clock, 2)
    await board.sync(clock.now())
    clock.pass(2_000)
    await board.sync(clock.now())
    expect(reports.map(({ observations }) => observations.length)).toEqual([2, 0])
    expect(reports.map(({ inFlight }) => inFlight)).toEqual([{ [slow]: 1 }, { [slow]: 1 }])
  })

  test("keeps what was observed while it was under way, for the snapshot and for the next report", async () => {
    const clock = startClock()
    const answer = Promise.withResolvers<Snapshot>()
    const { namespace, reports } = fakeNamespace(() => answer.promise)
    const board = boardOn(namespace, clock)
    finish(board, clock)
    const syncing = board.sync(clock.now())
    finish(board, clock, 2)
    answer.resolve(nothing)
    await syncing
    expect(board.snapshot(clock.now()).candidates[fast]?.ok).toBe(2)
    clock.pass(2_000)
    await board.sync(clock.now())
    expect(reports.map(({ observations }) => observations.length)).toEqual([1, 2])
  })

  test("that was cut off with its request does not keep later ones from syncing", async () => {
    const clock = startClock()
    const { namespace, reports } = fakeNamespace(never)
    const board = boardOn(namespace, clock)
    // Its request ended, so nothing of it goes on; not even its deadline.
    vi.useFakeTimers()
    void board.sync(clock.now())
    clock.pass(2_999)
    void board.sync(clock.now())
    expect(reports).toHaveLength(1)
    clock.pass(1)
    void board.sync(clock.now())
    expect(reports).toHaveLength(2)
  })
})

afterEach(() => {
  vi.useRealTimers()
})

describe("an object that does not answer", () => {
  test("delays neither snapshot, nor began, nor ended; its sync ends at the deadline and loses nothing", async () => {
    vi.useFakeTimers()
    const clock = startClock()
    const lines: unknown[] = []
    const { namespace, reports } = fakeNamespace(never)
    const board = boardOn(namespace, clock, { log: (line) => lines.push(line) })
    let synced = false
    finish(board, clock)
    const syncing = board.sync(clock.now())?.then(() => (synced = true))

    // In the same turn: none of these could have waited.
    const flight = board.began(fast)
    expect(board.inFlightHere(fast)).toBe(1)
    flight.ended(succeeded(clock.now()))
    expect(board.inFlightHere(fast)).toBe(0)
    expect(board.snapshot(clock.now()).candidates[fast]?.ok).toBe(2)

    await vi.advanceTimersByTimeAsync(1_999)
    expect(synced).toBe(false)
    await vi.advanceTimersByTimeAsync(1)
    await syncing
    expect(board.snapshot(clock.now()).candidates[fast]?.ok).toBe(2)
    expect(lines).toEqual([expect.objectContaining({ message: "provider news not shared", pending: 2 })])
    clock.pass(60_000)
    void board.sync(clock.now())
    expect(reports.map(({ observations }) => observations.length)).toEqual([1, 2])
  })

  test("and answers after the deadline is not listened to any more", async () => {
    vi.useFakeTimers()
    const clock = startClock()
    const answer = Promise.withResolvers<Snapshot>()
    const board = boardOn(fakeNamespace(() => answer.promise).namespace, clock)
    finish(board, clock)
    const syncing = board.sync(clock.now())
    await vi.advanceTimersByTimeAsync(2_000)
    await syncing
    answer.reject(new Error("too late"))
    await vi.advanceTimersByTimeAsync(1)
    expect(board.snapshot(clock.now()).candidates[fast]?.ok).toBe(1)
  })
})

test("a whole request is answered while the object does not answer", async () => {
  // No timer fires, so nothing but the answer itself can end the request.
  vi.useFakeTimers({ toFake: ["setTimeout", "setInterval"] })
  const clock = startClock()
  const { namespace, reports } = fakeNamespace(never)
  const board = boardOn(namespace, clock)
  const chunk = { model: "gpt-4o", choices: [{ delta: { content: "Q3" }, finish_reason: "stop" }] }
  const settings = parseSettings({ OPENAI_API_KEY: "key", VOLTGATE_OPEN: "loopback" })
  const gateway = createGateway(settings, {
    board,
    imageEngine: { choose: () => ({ obstacle: "nobody is there", cure: "" }), transform: never },
    ledger: createMemoryRequestLedger({ now: Date.now }),
    fetch: async () =>
      new Response(`data: ${JSON.stringify(chunk)}\n\ndata: [DONE]\n\n`, {
        headers: { "content-type": "text/event-stream" },
      }),
    now: clock.now,
    random: () => 0.5,
    background: () => undefined,
    log: () => undefined,
  })
  const response = await createApp(gateway).request("http://localhost/v1/analyze", {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ query: "Which breaker?", model: "openai/gpt-4o", images: [tinyPng] }),
  })
  expect([response.status, await response.json()]).toEqual([200, expect.objectContaining({ answer: "Q3" })])
  expect(reports).toHaveLength(1)
  expect(board.snapshot(clock.now()).candidates["openai/gpt-4o"]).toMatchObject({ ok: 1 })
})

describe("an object that is away", () => {
  test("costs no observation: all are told once it is back", async () => {
    const clock = startClock()
    let back = false
    const { namespace, reports } = fakeNamespace(() => (back ? Promise.resolve(nothing) : away()))
    const board = boardOn(namespace, clock)
    finish(board, clock, 3)
    await board.sync(clock.now())
    expect(board.snapshot(clock.now()).candidates[fast]?.ok).toBe(3)
    back = true
    clock.pass(60_000)
    finish(board, clock, 1)
    await board.sync(clock.now())
    expect(reports.map(({ observations }) => observations.length)).toEqual([3, 4])
  })

  test("is asked ever less often, down to once in 15 s, and as often as before once it is back", async () => {
    const clock = startClock()
    let back = false
    const { namespace, reports } = fakeNamespace(() => (back ? Promise.resolve(nothing) : away()))
    const board = boardOn(namespace, clock)
    const start = clock.now()
    const askedAtS: number[] = []
    // Asks ten times a second, as a busy gateway does.
    const runFor = async (ms: number): Promise<void> => {
      for (let passed = 0; passed < ms; passed += 100, clock.pass(100)) {
        const before = reports.length
        await board.sync(clock.now())
        if (reports.length > before) askedAtS.push((clock.now() - start) / 1_000)
      }
    }
    await runFor(62_000)
    expect(askedAtS).toEqual([0, 2, 6, 14, 29, 44, 59])
    back = true
    await runFor(15_000)
    expect(askedAtS.slice(7)).toEqual([74, 75, 76])
    back = false
    await runFor(8_000)
    expect(askedAtS.slice(10)).toEqual([77, 79, 83])
  })

  test("when even the stub cannot be made, a sync does not reject either", async () => {
    const clock = startClock()
    const lines: unknown[] = []
    const refuse = (): never => {
      throw new Error("The namespace is gone.")
    }
    const board = boardOn({ idFromName: refuse, get: refuse }, clock, { log: (line) => lines.push(line) })
    await expect(board.sync(clock.now())).resolves.toBeUndefined()
    expect(lines).toEqual([
      {
        message: "provider news not shared",
        error: "Error: The namespace is gone.",
        retryMs: 2_000,
        pending: 0,
        dropped: 0,
      },
    ])
  })

  test("leaves at most 500 observations waiting, the newest, and says how many were dropped", async () => {
    const clock = startClock()
    const lines: unknown[] = []
    const { namespace, reports } = fakeNamespace(away)
    const board = boardOn(namespace, clock, { log: (line) => lines.push(line) })
    finish(board, clock, 730)
    await board.sync(clock.now())
    expect(reports[0]?.observations).toHaveLength(reportLimits.observations)
    expect(reports[0]?.observations.at(-1)?.responseTimeMs).toBe(730)
    expect(lines).toEqual([expect.objectContaining({ pending: 500, dropped: 230 })])
  })
})

test("of a flood that nobody asks about, the newest 500 observations are told and the others counted", async () => {
  const clock = startClock()
  const lines: unknown[] = []
  const { namespace, reports } = fakeNamespace(async () => nothing)
  const board = boardOn(namespace, clock, { log: (line) => lines.push(line) })
  await board.sync(clock.now())
  clock.pass(2_000)
  finish(board, clock, 1_730)
  await board.sync(clock.now())
  expect(reports[1]?.observations.map(({ responseTimeMs }) => responseTimeMs)).toEqual(
    Array.from({ length: reportLimits.observations }, (_, index) => 1_231 + index),
  )
  expect(lines).toEqual([{ message: "provider news dropped", pending: 0, dropped: 1_230 }])
})

test("what a board reports after a flood, the Durable Object takes", async () => {
  const clock = startClock()
  const namespace = freshNamespace()
  const lines: unknown[] = []
  const board = boardOn(namespace, clock, { log: (line) => lines.push(line) })
  for (let index = 0; index < 700; index++) {
    const candidate = `made-up/${index % 150}`
    board.began(candidate)
    board.began(candidate).ended(succeeded(clock.now(), index % 7 === 0 ? -1 : 1e12, candidate))
  }
  board.began("a name without a slash")
  await board.sync(clock.now())
  expect(lines).toEqual([{ message: "provider news dropped", pending: 0, dropped: 200 }])
  const told = await namespace
    .get(namespace.idFromName("default"))
    .sync({ isolate: "somebody else", inFlight: {}, observations: [] })
  expect(Object.keys(told.candidates)).toHaveLength(100)
})
