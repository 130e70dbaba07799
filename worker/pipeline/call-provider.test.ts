import { afterEach, beforeEach, describe, expect, test, vi } from "vitest"
import type { Observation } from "../../contract/provider-board.ts"
import type { AttemptFailure } from "../../contract/record.ts"
import { sample } from "../../dev/samples.ts"
import { withProviders } from "../../dev/simulated-providers/testing.ts"
import { createApp } from "../app.ts"
import { createGateway } from "../create-gateway.ts"
import type { Gateway } from "../gateway.ts"
import { toBase64 } from "../images/base64.ts"
import type { ImageEngine } from "../ports/image-engine.ts"
import type { ProviderBoard } from "../ports/provider-board.ts"
import { collect, textOf } from "../providers/fake-upstream.suite.ts"
import { ProviderFailure } from "../providers/provider.ts"
import type { AnswerEvent, Provider } from "../providers/provider.ts"
import { noDirectives } from "../routing/directives.ts"
import { parseSettings } from "../settings.ts"
import { callProvider, settle } from "./call-provider.ts"
import type { Answering, Prepared } from "./stages.ts"
import { startStopwatch } from "./stopwatch.ts"
import { observationOf } from "./track-flight.ts"
import { createMemoryRequestLedger } from "../runtime/memory/request-ledger.ts"

const id = "openai/gpt-4o"
const text = (words: string): AnswerEvent => ({ type: "text", text: words })
const end: AnswerEvent = {
  type: "end",
  finishReason: "stop",
  usage: { inputTokens: 1, outputTokens: 1, cachedInputTokens: 0 },
}

/** A board that notes what it is told. */
const notingBoard = (sync: ProviderBoard["sync"] = async () => undefined) => {
  const said: (Observation | undefined)[] = []
  const noted: Observation[] = []
  const syncedAt: number[] = []
  let inFlight = 0
  const board: ProviderBoard = {
    snapshot: (now) => ({ at: now, candidates: {} }),
    inFlightHere: () => inFlight,
    began: () => {
      inFlight++
      return {
        noted: (observation) => noted.push(observation),
        ended: (observation) => {
          inFlight--
          said.push(observation)
        },
      }
    },
    rated: () => undefined,
    directives: () => [],
    order: async () => noDirectives,
    audit: async () => [],
    sync: (now) => {
      syncedAt.push(now)
      return sync(now)
    },
  }
  return { board, said, noted, syncedAt, inFlight: () => inFlight }
}

const begin = async (prepared: Prepared, gateway: Gateway): Promise<Answering> =>
  settle(await callProvider(prepared, { sent: () => undefined, dropped: new AbortController().signal }, gateway))

/** Asks a provider that answers as told, by a clock that moves only when it is told to. */
const asking = (
  ask: (signal: AbortSignal, pass: (ms: number) => void) => AsyncIterable<AnswerEvent>,
  { stream = false, sync }: { readonly stream?: boolean; readonly sync?: ProviderBoard["sync"] } = {},
) => {
  let at = 1_000
  const pass = (ms: number): void => {
    at += ms
  }
  const client = new AbortController()
  const upstream: { signal?: AbortSignal } = {}
  const noted = notingBoard(sync)
  const provider: Pick<Provider, "ask"> = {
    ask: (_model, _prompt, signal) => {
      upstream.signal = signal
      return ask(signal, pass)
    },
  }
  const prepared = {
    question: {
      stream,
      images: [],
      queryType: { name: "count", maxOutputTokens: 300 },
      signal: client.signal,
      watch: startStopwatch(() => at),
    },
    imageRecords: [],
    provider,
    candidate: { provider: "openai", model: "gpt-4o", hedgeAfterMs: 4_000 },
    prompt: { system: "", turns: [] },
  } as unknown as Prepared
  const gateway = {
    ports: { board: noted.board, now: () => at, background: () => undefined },
    settings: { timeouts: { firstByteMs: 30_000, idleMs: 20_000, totalMs: 180_000 } },
  } as unknown as Gateway
  return { ...noted, client, upstream, call: begin(prepared, gateway) }
}

const silent: AsyncIterable<AnswerEvent> = {
  [Symbol.asyncIterator]: () => ({ next: () => new Promise(() => undefined) }),
}
const hang = (): AsyncIterable<AnswerEvent> => silent
const failing = (failure: ProviderFailure): AsyncIterable<AnswerEvent> => ({
  [Symbol.asyncIterator]: () => ({ next: () => Promise.reject(failure) }),
})

/** What the work fails with; asked for at once, so that it never counts as unhandled. */
const failureOf = (work: Promise<unknown>): Promise<unknown> =>
  work.then(
    () => undefined,
    (error: unknown) => error,
  )

beforeEach(() => {
  vi.useFakeTimers()
})
afterEach(() => {
  vi.useRealTimers()
})

describe("what the board is told", () => {
  test("of a whole answer: how long it took, and when its first word came", async () => {
    const { call, said, noted, inFlight } = asking(async function* (_, pass) {
      pass(300)
      yield text("Q3")
      pass(700)
      yield end
    })
    expect(textOf(await collect((await call).events))).toBe("Q3")
    expect(noted).toEqual([{ candidate: id, ok: true, firstTokenMs: 300, at: 1_300 }])
    const times = { responseTimeMs: 1_000, firstTokenMs: 300, outputTokens: 1, kind: "count/small/short" }
    expect(said).toEqual([{ candidate: id, ok: true, continues: true, ...times, at: 2_000 }])
    expect(inFlight()).toBe(0)
    expect((await call).attempt).toEqual({
      provider: "openai",
      model: "gpt-4o",
      outcome: "answered",
      firstTokenMs: 300,
      durationMs: 300,
    })
  })

  test("of a streamed answer: its first word at once, the rest at its end, and in flight until then", async () => {
    const { call, said, noted, inFlight } = asking(
      async function* () {
        yield text("Q3")
        yield end
      },
      { stream: true },
    )
    const { events } = await call
    expect([noted.length, said.length, inFlight()]).toEqual([1, 0, 1])
    await collect(events)
    expect([said.length, inFlight()]).toEqual([1, 0])
  })

  test("of a reader who stops at the end event: a success all the same", async () => {
    const { call, said } = asking(
      async function* () {
        yield text("Q3")
        yield end
      },
      { stream: true },
    )
    for await (const event of (await call).events) if (event.type === "end") break
    expect(said).toEqual([expect.objectContaining({ ok: true })])
  })

  test("of a provider that fails before its first word: a failure, while another may still take over", async () => {
    const { call, said, inFlight } = asking(() => failing(new ProviderFailure("server_error", "Status 500")))
    await expect(call).rejects.toMatchObject({ kind: "server_error" })
    expect(said).toEqual([{ candidate: id, ok: false, responseTimeMs: 0, at: 1_000 }])
    expect(inFlight()).toBe(0)
  })

  test("of one that ends without a word: a failure", async () => {
    const { call, said } = asking(async function* () {})
    await expect(call).rejects.toMatchObject({ kind: "garbage" })
    expect(said).toEqual([expect.objectContaining({ ok: false })])
  })

  test.each([
    ["ends too soon", undefined, "cut_off"],
    ["fails", new ProviderFailure("network", "reset"), "network"],
  ] as const)(
    "of an answer that %s in the middle: a failure, which also comes through the events",
    async (_, thrown, kind) => {
      const { call, said, inFlight } = asking(
        async function* () {
          yield text("Q")
          if (thrown !== undefined) throw thrown
        },
        { stream: true },
      )
      await expect(collect((await call).events)).rejects.toMatchObject({ kind })
      expect(said).toEqual([expect.objectContaining({ ok: false })])
      expect(inFlight()).toBe(0)
    },
  )

  test("of one that stays silent: that it does, after unusually long, and a failure, once its time is over", async () => {
    const { call, said, noted, upstream } = asking(hang)
    const failed = failureOf(call)
    await vi.advanceTimersByTimeAsync(3_999)
    expect(noted).toEqual([])
    await vi.advanceTimersByTimeAsync(1)
    expect(noted).toEqual([{ candidate: id, ok: false, silentMs: 4_000, at: 1_000 }])
    await vi.advanceTimersByTimeAsync(26_000)
    expect(await failed).toMatchObject({ kind: "first_byte_timeout" })
    expect(said).toEqual([expect.objectContaining({ ok: false })])
    expect(upstream.signal?.aborted).toBe(true)
  })

  test("of a client who leaves before the first word: nothing, but it is no more in flight", async () => {
    const { call, client, said, inFlight } = asking(hang)
    const failed = failureOf(call)
    client.abort()
    expect(await failed).toMatchObject({ kind: "client_left" })
    expect(said).toEqual([undefined])
    expect(inFlight()).toBe(0)
  })

  test("of a reader who leaves in the middle: nothing, and the provider is stopped", async () => {
    const { call, said, inFlight, upstream } = asking(
      async function* () {
        yield text("Q")
        yield* silent
      },
      { stream: true },
    )
    for await (const _ of (await call).events) break
    expect(said).toEqual([undefined])
    expect(inFlight()).toBe(0)
    expect(upstream.signal?.aborted).toBe(true)
  })

  test.each<AttemptFailure>(["caller_fault", "client_left", "image_not_accepted"])(
    "of %s: nothing, for it says nothing about the provider",
    (kind) => {
      expect(observationOf(id, new ProviderFailure(kind, ""), { startedAt: 2, at: 5 })).toBeUndefined()
    },
  )

  test.each<AttemptFailure>([
    ...(["server_error", "unauthorized", "network", "garbage", "cut_off"] as const),
    ...(["first_byte_timeout", "idle_timeout", "total_timeout"] as const),
  ])("of %s: a failure", (kind) => {
    const times = { startedAt: 2, at: 5 }
    const told = { candidate: id, ok: false, responseTimeMs: 3, at: 5 }
    expect(observationOf(id, new ProviderFailure(kind, ""), times)).toEqual(told)
  })

  test.each<readonly [AttemptFailure, number | undefined, number]>([
    ["rate_limited", 7_000, 7_000],
    ["rate_limited", undefined, 2_000],
    ["overloaded", 900_000, 300_000],
  ])("of %s with a wish for %s ms: a rest of %i ms", (kind, retryAfterMs, restMs) => {
    const failure = new ProviderFailure(kind, "", retryAfterMs === undefined ? {} : { retryAfterMs })
    expect(observationOf(id, failure, { startedAt: 2, at: 5 })).toEqual({ candidate: id, ok: false, restMs, at: 5 })
  })

  test("of an error of our own: nothing", () => {
    expect(observationOf(id, new TypeError("a bug"), { startedAt: 2, at: 5 })).toBeUndefined()
  })
})

describe("while a request waits", () => {
  test("its isolate goes on syncing every 2 s, and stops when it ends", async () => {
    const { call, client, syncedAt } = asking(hang)
    const failed = failureOf(call)
    await vi.advanceTimersByTimeAsync(9_000)
    expect(syncedAt).toHaveLength(4)
    client.abort()
    expect(await failed).toBeInstanceOf(ProviderFailure)
    expect(syncedAt).toHaveLength(5)
    await vi.advanceTimersByTimeAsync(60_000)
    expect(syncedAt).toHaveLength(5)
    expect(vi.getTimerCount()).toBe(0)
  })
})

describe("when sharing hangs for ever", () => {
  const never: ProviderBoard["sync"] = () => new Promise(() => undefined)

  test("a provider's answer comes all the same", async () => {
    const { call, syncedAt } = asking(
      async function* () {
        yield text("Q3")
        yield end
      },
      { sync: never },
    )
    expect(textOf(await collect((await call).events))).toBe("Q3")
    expect(syncedAt).toHaveLength(1)
  })

  test.each([false, true])("the whole request is answered, streamed: %s", async (stream) => {
    vi.useRealTimers()
    await withProviders(async ({ url }) => {
      const { board, said, syncedAt, inFlight } = notingBoard(never)
      const app = createApp(gatewayTo(url, board))
      const response = await app.request("http://localhost/v1/analyze", {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: JSON.stringify({
          query: "What does the nameplate say?",
          images: [toBase64(await sample("nameplate.webp"))],
          stream,
        }),
      })
      const answer = await response.text()
      expect([response.status, answer]).toEqual([200, expect.stringMatching(/"record":/)])
      // Before the choice, and when the answer had ended.
      expect(syncedAt).toHaveLength(2)
      expect(said).toEqual([expect.objectContaining({ ok: true })])
      expect(inFlight()).toBe(0)
    })
  })
})

/** An engine for pictures that need none. */
const idleEngine: ImageEngine = {
  choose: () => ({ engine: "idle", why: "is asked for nothing" }),
  transform: async () => {
    throw new Error("This picture was to be sent as it is.")
  },
}

const gatewayTo = (providersUrl: string, board: ProviderBoard): Gateway =>
  createGateway(
    parseSettings({
      OPENAI_API_KEY: "simulated",
      OPENAI_BASE_URL: `${providersUrl}/openai/v1`,
      ANTHROPIC_API_KEY: "simulated",
      ANTHROPIC_BASE_URL: `${providersUrl}/anthropic`,
      VOLTGATE_OPEN: "loopback",
    }),
    {
      board,
      ledger: createMemoryRequestLedger({ now: Date.now }),
      imageEngine: idleEngine,
      fetch,
      now: Date.now,
      random: Math.random,
      background: () => undefined,
      log: () => undefined,
    },
  )
