import { describe, expect, test } from "vitest"
import type { Observation } from "../../contract/provider-board.ts"
import type { ProviderBoard } from "./provider-board.ts"

export interface BoardUnderTest {
  readonly board: ProviderBoard
  readonly now: () => number
  /** Moves the board's clock on. */
  readonly pass: (ms: number) => void
}

const fast = "openai/gpt-4o"
const slow = "google/gemini-2.5-flash"

export const succeeded = (at: number, responseTimeMs = 1_000, candidate: string = fast): Observation => ({
  candidate,
  ok: true,
  responseTimeMs,
  at,
})

/** What every provider board promises. */
export const providerBoardSuite = (name: string, start: () => BoardUnderTest): void => {
  describe(`provider board: ${name}`, () => {
    test("knows nothing at first", () => {
      const { board, now } = start()
      expect(board.snapshot(now()).candidates).toEqual({})
      expect(board.inFlightHere(fast)).toBe(0)
    })

    test("counts requests in flight by candidate, until each ends", () => {
      const { board } = start()
      const [first, second] = [board.began(fast), board.began(fast)]
      board.began(slow)
      expect([board.inFlightHere(fast), board.inFlightHere(slow)]).toEqual([2, 1])
      first.ended(undefined)
      expect([board.inFlightHere(fast), board.inFlightHere(slow)]).toEqual([1, 1])
      second.ended(undefined)
      expect([board.inFlightHere(fast), board.inFlightHere(slow)]).toEqual([0, 1])
    })

    test("ends a request once, however often it is told to, and takes its first word", () => {
      const { board, now } = start()
      board.began(fast)
      const flight = board.began(fast)
      flight.ended(succeeded(now()))
      flight.ended({ candidate: fast, ok: false, at: now() })
      flight.ended(undefined)
      expect(board.inFlightHere(fast)).toBe(1)
      expect(board.snapshot(now()).candidates[fast]).toMatchObject({ ok: 1, bad: 0 })
    })

    test("shows an observation at once, before anything was shared", () => {
      const { board, now } = start()
      board.began(fast).ended(succeeded(now(), 1_000))
      board.began(fast).ended(succeeded(now(), 3_000))
      expect(board.snapshot(now()).candidates[fast]).toMatchObject({
        ok: 2,
        responseTimeMs: 2_000,
        responseTimeSamples: 2,
      })
    })

    test("still shows it after it was shared, with its quantiles, and counts it once", async () => {
      const { board, now, pass } = start()
      board.began(fast).ended(succeeded(now(), 1_000))
      board.began(fast).ended(succeeded(now(), 3_000))
      await board.sync(now())
      pass(4_000)
      await board.sync(now())
      expect(board.snapshot(now()).candidates[fast]).toMatchObject({
        responseTimeMs: 2_000,
        responseTimeSamples: 2,
        p50Ms: 1_000,
        p95Ms: 3_000,
      })
    })

    test("says nothing about a candidate whose request ended without an observation", () => {
      const { board, now } = start()
      board.began(fast).ended(undefined)
      expect(board.snapshot(now()).candidates).toEqual({})
    })

    test("cuts a candidate off at its fifth failure in a row, without waiting for anybody", () => {
      const { board, now } = start()
      const fail = (): void => board.began(fast).ended({ candidate: fast, ok: false, at: now() })
      for (let failures = 0; failures < 4; failures++) fail()
      expect(board.snapshot(now()).candidates[fast]?.breaker.state).toBe("closed")
      fail()
      expect(board.snapshot(now()).candidates[fast]?.breaker).toMatchObject({
        state: "open",
        since: now(),
        why: "failures_in_a_row",
      })
    })

    test("takes news of a request while it goes on, and none after its end", () => {
      const { board, now } = start()
      const flight = board.began(fast)
      flight.noted({ candidate: fast, ok: true, firstTokenMs: 400, at: now() })
      expect(board.snapshot(now()).candidates[fast]).toMatchObject({ ok: 1, responseTimeSamples: 0 })
      expect(board.inFlightHere(fast)).toBe(1)
      flight.ended({ candidate: fast, ok: true, continues: true, responseTimeMs: 2_000, at: now() })
      flight.noted({ candidate: fast, ok: false, at: now() })
      expect(board.snapshot(now()).candidates[fast]).toMatchObject({ ok: 1, bad: 0, responseTimeSamples: 1 })
    })

    test("cuts a candidate off when three first tokens in a row do not come, and lets one request try it later", async () => {
      const { board, now, pass } = start()
      for (let count = 0; count < 3; count++) {
        board.began(fast).noted({ candidate: fast, ok: false, silentMs: 4_000, at: now() })
      }
      expect(board.snapshot(now()).candidates[fast]).toMatchObject({ bad: 0, breaker: { why: "no_first_token" } })
      await board.sync(now())
      pass(7_000)
      expect(board.snapshot(now()).candidates[fast]?.probeUntil).toBeGreaterThan(now())
      board.began(fast)
      expect(board.snapshot(now()).candidates[fast]?.probeUntil).toBeUndefined()
    })

    test("takes ratings at once, keeps them, and leaves out those that make no sense", async () => {
      const { board, now, pass } = start()
      board.rated({ candidate: fast, queryType: "count", score: 0, at: now() })
      board.rated({ candidate: fast, queryType: "count", score: 2, at: now() })
      board.rated({ candidate: "a name without a slash", queryType: "count", score: 1, at: now() })
      const counted = { accuracy: { count: { right: 0, wrong: 1 } } }
      expect(board.snapshot(now()).candidates[fast]).toMatchObject(counted)
      await board.sync(now())
      pass(4_000)
      await board.sync(now())
      expect(board.snapshot(now()).candidates[fast]).toMatchObject(counted)
    })

    test("lets a candidate rest that asked for it", () => {
      const { board, now } = start()
      board.began(fast).ended({ candidate: fast, ok: false, restMs: 30_000, at: now() })
      expect(board.snapshot(now()).candidates[fast]).toMatchObject({
        pause: { until: now() + 30_000 },
        bad: 0,
      })
    })

    test("does not count its own requests as somebody else's", async () => {
      const { board, now, pass } = start()
      board.began(fast)
      board.began(fast).ended(succeeded(now()))
      await board.sync(now())
      pass(4_000)
      await board.sync(now())
      expect(board.snapshot(now()).candidates[fast]?.inFlightElsewhere).toBe(0)
      expect(board.inFlightHere(fast)).toBe(1)
    })

    test("leaves a snapshot that it gave as it was", () => {
      const { board, now } = start()
      board.began(fast).ended(succeeded(now()))
      const given = board.snapshot(now())
      const copy = structuredClone(given)
      board.began(fast).ended(succeeded(now()))
      board.began(slow).ended(succeeded(now(), 1_000, slow))
      expect(given).toEqual(copy)
    })

    test("takes a time below zero, from a clock that went back, for zero", () => {
      const { board, now } = start()
      board.began(fast).ended(succeeded(now(), -5_000))
      expect(board.snapshot(now()).candidates[fast]?.responseTimeMs).toBe(0)
    })

    test("leaves out an observation that makes no sense, and still ends the request", () => {
      const { board, now } = start()
      board.began(fast).ended(succeeded(now(), Number.NaN))
      board.began(fast).ended(succeeded(now(), 1_000, "a name without a slash"))
      expect(board.inFlightHere(fast)).toBe(0)
      expect(board.snapshot(now()).candidates).toEqual({})
    })

    test("syncs without complaint, whether or not there is news", async () => {
      const { board, now } = start()
      await expect(Promise.resolve(board.sync(now()))).resolves.toBeUndefined()
      board.began(fast).ended(succeeded(now()))
      await expect(
        Promise.all([board.sync(now()), board.sync(now()), board.sync(now() - 60_000)]),
      ).resolves.toBeDefined()
    })

    test("obeys an order at once, tells who gave it, and lets it end by itself", async () => {
      const { board, now, pass } = start()
      const { standing } = await board.order({
        action: "drain",
        target: "openai",
        forS: 60,
        by: "ann",
        reason: "trial",
      })
      expect(standing).toEqual([
        { action: "drain", target: "openai", until: expect.any(Number), by: "ann", reason: "trial" },
      ])
      expect(board.directives(now())).toEqual(standing)
      const [entry] = await board.audit()
      expect(entry).toMatchObject({ by: "ann", action: "drain", target: "openai", forS: 60, reason: "trial" })
      pass(4_000)
      await board.sync(now())
      expect(board.directives(now())).toEqual(standing)
      pass(120_000)
      expect(board.directives(now())).toEqual([])
    })

    test("forgets the health of what is reset, and of nothing else", async () => {
      const { board, now, pass } = start()
      for (const candidate of [fast, slow]) {
        board.began(candidate).ended({ candidate, ok: false, restMs: 60_000, at: now() })
      }
      pass(4_000)
      await board.sync(now())
      await board.order({ action: "reset", target: "openai", forS: 1, by: "ann" })
      const known = (): readonly string[] => Object.keys(board.snapshot(now()).candidates)
      expect(known()).toEqual([slow])
      pass(4_000)
      await board.sync(now())
      expect(known()).toEqual([slow])
    })
  })
}
