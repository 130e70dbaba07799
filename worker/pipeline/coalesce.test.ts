import { describe, expect, test } from "vitest"
import type { AnalyzeResponse } from "../../contract/analyze.ts"
import type { EmptyLanding, SharedAnswer } from "../../contract/flight.ts"
import { longestSharedAnswer } from "../../contract/flight.ts"
import type { Gateway } from "../gateway.ts"
import { GatewayError } from "../errors.ts"
import type { Seat } from "../ports/single-flight.ts"
import { ProviderFailure } from "../providers/provider.ts"
import { coalesce } from "./coalesce.ts"
import type { Analysis, AnalysisEvent, Miss } from "./stages.ts"
import { startStopwatch } from "./stopwatch.ts"

const miss = {
  found: false,
  flightKey: "key",
  cache: { state: "miss" },
  question: {
    id: "q",
    caller: { tenant: "acme" },
    queryType: { name: "general", version: 1 },
    notices: [],
    cacheWishes: { read: true, write: true },
    signal: new AbortController().signal,
    watch: startStopwatch(() => 0),
  },
} as unknown as Miss

const response = (changes: Partial<AnalyzeResponse> = {}): AnalyzeResponse =>
  ({
    answer: "Q3",
    provider: "openai",
    model: "gpt-4o",
    finishReason: "stop",
    usage: { inputTokens: 1, outputTokens: 1, cachedInputTokens: 0 },
    record: { routing: {}, cost: { usd: 0.1, imageTokens: 7 }, time: { estimatedMs: 9 } },
    ...changes,
  }) as AnalyzeResponse

/** Coalesces with a seat that notes what its leader says. */
const start = (seat?: Seat) => {
  const landings: (SharedAnswer | EmptyLanding)[] = []
  const joined: unknown[] = []
  const lead: Seat = {
    role: "lead",
    lead: {
      land: async (answer) => void landings.push(answer),
      landEmpty: async (why) => void landings.push(why),
    },
  }
  const gateway = {
    settings: { timeouts: { totalMs: 180_000 } },
    ports: {
      flights: {
        join: async (key: string, { longestWaitMs }: { longestWaitMs: number }) => {
          joined.push([key, longestWaitMs])
          return seat ?? lead
        },
      },
      now: () => 0,
      log: () => undefined,
      background: () => undefined,
    },
  } as unknown as Gateway
  const run = (ask: (miss: Miss) => Promise<Analysis>, changes: object = {}) =>
    coalesce({ ...miss, question: { ...miss.question, ...changes } }, ask, gateway)
  return { run, landings, joined }
}

const answering =
  (...events: readonly (AnalysisEvent | Error)[]) =>
  async (): Promise<Analysis> =>
    ({
      head: {},
      events: (async function* () {
        for (const event of events) {
          if (event instanceof Error) throw event
          yield event
        }
      })(),
    }) as unknown as Analysis

const drain = async ({ events }: Analysis): Promise<readonly AnalysisEvent[]> => Array.fromAsync(events)

describe("a leader", () => {
  test("waits for nobody longer than a provider may take, and passes its answer on once", async () => {
    const { run, landings, joined } = start()
    await drain(await run(answering({ type: "text", text: "Q3" }, { type: "done", response: response() })))
    expect(joined).toEqual([["key", 180_000]])
    expect(landings[0]).toMatchObject({ answer: "Q3", provider: "openai", costUsd: 0.1, estimatedMs: 9 })
    // The port's leads take the first word only.
    expect(landings.slice(1)).toEqual(["left"])
  })

  test.each([
    ["cut off by the token limit", { finishReason: "length" as const }],
    ["refused", { finishReason: "refusal" as const }],
    ["empty", { answer: " " }],
    [
      "one that the candidates disagree on",
      { record: { routing: { consensus: { agreed: false } } } as unknown as AnalyzeResponse["record"] },
    ],
    ["too long to pass on", { answer: "x".repeat(longestSharedAnswer + 1) }],
  ])("does not share an answer that is %s", async (_, changes) => {
    const { run, landings } = start()
    await drain(await run(answering({ type: "done", response: response(changes) })))
    expect(landings[0]).toBe("not_shareable")
  })

  test.each([
    ["before its answer begins", async () => Promise.reject(new GatewayError("no_provider", "none"))],
    ["in the middle", answering({ type: "text", text: "Q" }, new ProviderFailure("cut_off", "cut"))],
  ])("that fails %s says so and keeps its error for itself", async (_, ask) => {
    const { run, landings } = start()
    await expect(run(ask).then(drain)).rejects.toThrow(/none|cut/)
    expect(landings[0]).toBe("failed")
  })

  test.each([
    ["before its answer begins", async () => Promise.reject(new GatewayError("client_closed_request", "gone"))],
    ["in the middle", answering({ type: "text", text: "Q" }, new ProviderFailure("client_left", "gone"))],
  ])("whose client leaves %s is no failure", async (_, ask) => {
    const { run, landings } = start()
    await expect(run(ask).then(drain)).rejects.toThrow("gone")
    expect(landings[0]).toBe("left")
  })

  test("whose stream is given up in the middle has left", async () => {
    const { run, landings } = start()
    const { events } = await run(answering({ type: "text", text: "Q" }, { type: "done", response: response() }))
    for await (const _ of events) break
    expect(landings).toEqual(["left"])
  })
})

test("who must ask alone asks, and the record says why", async () => {
  const { run } = start({ role: "alone", reason: "flight_unavailable" })
  let asked: Miss | undefined
  await run(async (given) => {
    asked = given
    return answering()()
  })
  expect(asked?.cache).toEqual({ state: "miss", reason: "flight_unavailable" })
})

test.each([
  ["a fresh answer", { read: false, write: true }],
  ["that nothing is kept", { read: false, write: false }],
  ["an answer younger than one that has just landed may be", { read: true, write: true, maxAgeS: 4 }],
])("who wants %s asks without looking for others", async (_, cacheWishes) => {
  const { run, joined } = start()
  await run(answering(), { cacheWishes })
  expect(joined).toEqual([])
})

test("a max-age that a landed answer always meets is no reason to ask alone", async () => {
  const { run, joined } = start()
  await run(answering(), { cacheWishes: { read: true, write: true, maxAgeS: 5 } })
  expect(joined).toHaveLength(1)
})
