import { afterEach, beforeEach, describe, expect, test, vi } from "vitest"
import type { CandidateRecord } from "../../contract/record.ts"
import type { Gateway } from "../gateway.ts"
import { ProviderFailure } from "../providers/provider.ts"
import type { AnswerEvent } from "../providers/provider.ts"
import type { Hedging } from "./hedging.ts"
import { race } from "./race.ts"
import type { Answering, Routed } from "./stages.ts"
import type { Attempt } from "./trying.ts"

const candidate = (provider: string, model = "m"): CandidateRecord =>
  ({ provider, model, standing: "ready", hedgeAfterMs: 1_000 }) as unknown as CandidateRecord

beforeEach(() => {
  vi.useFakeTimers()
})
afterEach(() => {
  vi.useRealTimers()
})

/** Three candidates, two of them of one provider; each does what the test says, when it says so. */
const start = ({
  mayHedge = () => true,
  names = ["a/1", "a/2", "b/1"],
}: { mayHedge?: () => boolean; names?: string[] } = {}) => {
  const ranked = names.map((name) => candidate(...(name.split("/") as [string, string])))
  const question = { stream: true, maxWaitMs: 0, signal: new AbortController().signal }
  const runners = new Map<
    string,
    { attempt: Attempt; begin: (answering: Answering) => void; fail: (e: Error) => void }
  >()
  const background: Promise<unknown>[] = []
  const ended: string[] = []
  const hedging: Hedging = { asked: () => undefined, mayHedge }
  const chosen = race(
    { ranked, question } as unknown as Routed,
    (each, attempt) => {
      const { promise, resolve, reject } = Promise.withResolvers<Answering>()
      attempt.sent(0.5)
      attempt.dropped.addEventListener("abort", () => reject(attempt.dropped.reason as Error))
      runners.set(`${each.provider}/${each.model}`, { attempt, begin: resolve, fail: reject })
      return promise
    },
    {
      hedging,
      ports: {
        board: { snapshot: () => ({ at: 0, candidates: {} }) },
        now: Date.now,
        random: () => 0,
        background: (work: Promise<unknown>) => background.push(work),
      },
    } as unknown as Gateway,
  )
  chosen.catch(() => undefined)
  const answering = (name: string): Answering =>
    ({
      question,
      candidate: candidate(...(name.split("/") as [string, string])),
      attempt: { provider: name, outcome: "answered" },
      events: (async function* (): AsyncGenerator<AnswerEvent> {
        try {
          yield { type: "text", text: name }
        } finally {
          ended.push(name)
        }
      })(),
    }) as unknown as Answering
  const begin = (name: string): void => runners.get(name)?.begin(answering(name))
  const asked = (): string[] => [...runners.keys()]
  return { chosen, runners, begin, asked, ended, background, pass: (ms: number) => vi.advanceTimersByTimeAsync(ms) }
}
const failure = new ProviderFailure("server_error", "Status 500")

test("asks one alone where it begins in time", async () => {
  const { chosen, begin, asked, pass } = start()
  await pass(999)
  begin("a/1")
  expect(await chosen).toMatchObject({ hedged: false, candidate: { provider: "a", model: "1" } })
  await pass(60_000)
  expect(asked()).toEqual(["a/1"])
  expect(vi.getTimerCount()).toBe(0)
})

describe("where the first is late", () => {
  test("another provider's candidate is asked, though a sibling ranks higher", async () => {
    const { asked, pass } = start()
    await pass(1_000)
    expect(asked()).toEqual(["a/1", "b/1"])
  })

  test("a sibling is asked where there is no other provider", async () => {
    const { asked, pass } = start({ names: ["a/1", "a/2"] })
    await pass(1_000)
    expect(asked()).toEqual(["a/1", "a/2"])
  })

  test("nobody else is asked when the budget is spent", async () => {
    const { asked, pass, begin, chosen } = start({ mayHedge: () => false })
    await pass(20_000)
    expect(asked()).toEqual(["a/1"])
    begin("a/1")
    expect((await chosen).hedged).toBe(false)
  })

  test("no third one is asked, however long both take", async () => {
    const { asked, pass } = start()
    await pass(60_000)
    expect(asked()).toEqual(["a/1", "b/1"])
  })

  test.each([
    ["b/1", "a/1"],
    ["a/1", "b/1"],
  ])("%s begins and wins, %s is stopped at once and its cost is told", async (winner, loser) => {
    const { chosen, runners, begin, pass } = start()
    await pass(1_500)
    begin(winner)
    expect(await chosen).toMatchObject({
      hedged: true,
      attempts: [
        { provider: loser.split("/")[0], outcome: "superseded", usd: 0.5 },
        { provider: winner, outcome: "answered" },
      ],
    })
    expect(runners.get(loser)?.attempt.dropped.aborted).toBe(true)
    expect(runners.get(winner)?.attempt.dropped.aborted).toBe(false)
  })

  test("two that begin in the same moment: the loser's answer is ended, too", async () => {
    const { chosen, begin, background, ended, pass } = start()
    await pass(1_000)
    begin("b/1")
    begin("a/1")
    expect(await chosen).toMatchObject({ candidate: { provider: "b" } })
    await Promise.all(background)
    expect(ended).toEqual(["a/1"])
  })

  test("the first fails: the second is waited for, and wins", async () => {
    const { chosen, runners, begin, pass } = start()
    await pass(1_000)
    runners.get("a/1")?.fail(failure)
    await pass(5_000)
    begin("b/1")
    expect(await chosen).toMatchObject({
      hedged: true,
      attempts: [{ outcome: "server_error" }, { provider: "b/1", outcome: "answered" }],
    })
  })
})

test("one that fails in time is followed by the next at once, with a hedge time of its own", async () => {
  const { chosen, runners, begin, asked, pass } = start()
  runners.get("a/1")?.fail(failure)
  await pass(0)
  expect(asked()).toEqual(["a/1", "a/2"])
  await pass(1_000)
  expect(asked()).toEqual(["a/1", "a/2", "b/1"])
  begin("a/2")
  expect((await chosen).attempts.map(({ outcome }) => outcome)).toEqual(["server_error", "superseded", "answered"])
})

test("a client's fault ends it, and stops whoever else is at work", async () => {
  const { chosen, runners, pass } = start()
  await pass(1_000)
  runners.get("b/1")?.fail(new ProviderFailure("caller_fault", "Status 400"))
  await expect(chosen).rejects.toMatchObject({ code: "provider_refused_request" })
  expect(runners.get("a/1")?.attempt.dropped.aborted).toBe(true)
  expect(vi.getTimerCount()).toBe(0)
})

test("when all fail, the error names each", async () => {
  const { chosen, runners, pass } = start()
  for (const name of ["a/1", "a/2", "b/1"]) {
    runners.get(name)?.fail(failure)
    await pass(0)
  }
  await expect(chosen).rejects.toThrow(/All 3 candidates failed.*a\/1.*a\/2.*b\/1/)
})
