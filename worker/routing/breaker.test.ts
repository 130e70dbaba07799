import { describe, expect, test } from "vitest"
import type { Breaker, OutcomeCounts } from "../../contract/candidate-health.ts"
import {
  admittedShare,
  afterBad,
  afterGood,
  afterLate,
  breakerAt,
  grantProbe,
  newBreaker,
  probeLeaseMs,
} from "./breaker.ts"

const start = 1_000_000
const calm: OutcomeCounts = { ok: 50, bad: 0, recentOk: 50, recentBad: 0, countedAt: start }
const bad = (breaker: Breaker, now = start, sentAt = now, counts = calm): Breaker =>
  afterBad(breaker, counts, sentAt, now)
const good = (breaker: Breaker, sentAt: number, now: number): Breaker => afterGood(breaker, { sentAt, at: now }, now)
const late = (breaker: Breaker, sentAt: number, now: number): Breaker => afterLate(breaker, { sentAt, at: now }, now)
const failed = (count: number, breaker: Breaker = newBreaker, now = start): Breaker =>
  Array.from({ length: count }).reduce<Breaker>((before) => bad(before, now), breaker)
const opened = (breaker: Breaker = newBreaker, now = start) => {
  const open = failed(5, breaker, now)
  if (open.state !== "open") throw new Error("It did not open.")
  return open
}
const halfOpen = (open = opened()): Breaker => breakerAt(open, open.until)

describe("closed", () => {
  test("bears four failures in a row, and opens at the fifth", () => {
    expect(failed(4)).toMatchObject({ state: "closed", failuresInARow: 4 })
    expect(failed(5)).toMatchObject({ state: "open", why: "failures_in_a_row", since: start })
  })

  test("a first token ends the row", () => {
    expect(failed(4, good(failed(4), start, start)).state).toBe("closed")
  })

  test("opens when more than 70 % of at least 12 recent requests failed, though never five in a row", () => {
    const counts = (recentOk: number, recentBad: number): OutcomeCounts => ({ ...calm, recentOk, recentBad })
    expect(bad(newBreaker, start, start, counts(3, 9)).state).toBe("open")
    expect(bad(newBreaker, start, start, counts(4, 8)).state).toBe("closed")
    expect(bad(newBreaker, start, start, counts(1, 8)).state).toBe("closed")
  })

  test("opens at the third first token in a row that is past its hedge time", () => {
    const silent = (count: number): Breaker =>
      Array.from({ length: count }).reduce<Breaker>((before) => late(before, start - 3_000, start), newBreaker)
    expect(silent(2).state).toBe("closed")
    expect(silent(3)).toMatchObject({ state: "open", why: "no_first_token" })
    expect(late(good(silent(2), start + 1, start + 1), start, start).state).toBe("closed")
  })
})

describe("open", () => {
  test("lasts about 4 s, then twice as long each time, up to about 15 s", () => {
    const rests: number[] = []
    let open = opened()
    for (let round = 0; round < 5; round++) {
      rests.push(open.until - open.since)
      const again = bad(breakerAt(open, open.until), open.until)
      if (again.state !== "open") throw new Error("It did not open again.")
      open = again
    }
    for (const [index, usual] of [4_000, 8_000, 15_000, 15_000, 15_000].entries()) {
      expect(rests[index]).toBeGreaterThanOrEqual(usual * 0.9)
      expect(rests[index]).toBeLessThanOrEqual(usual * 1.1)
    }
  })

  test("admits nobody, and what fails meanwhile does not prolong it", () => {
    const open = opened()
    expect(admittedShare(open, start)).toBe(0)
    expect(bad(open, start + 1_000)).toEqual(open)
    expect(late(open, start, start + 1_000)).toBe(open)
  })

  test("an answer to a request from before it opened says nothing", () => {
    expect(good(opened(), start - 1, start + 500)).toEqual(opened())
  })
})

describe("half open", () => {
  test("gives the lease to one isolate at a time, and to the next when the lease has run out", () => {
    const open = opened()
    const due = open.until
    expect(grantProbe(open, "a", due - 1)).toBe(open)
    const granted = grantProbe(open, "a", due)
    expect(granted).toMatchObject({ state: "half_open", probe: { holder: "a", until: due + probeLeaseMs } })
    expect(grantProbe(granted, "b", due + 1)).toBe(granted)
    expect(grantProbe(granted, "b", due + probeLeaseMs)).toMatchObject({ probe: { holder: "b" } })
  })

  test("two good probes bring the ramp; the first one spends the lease", () => {
    const granted = grantProbe(halfOpen(), "a", start + 5_000)
    const once = good(granted, start + 5_100, start + 6_000)
    expect(once).toMatchObject({ state: "half_open", goodProbes: 1 })
    expect(once).not.toHaveProperty("probe")
    expect(good(once, start + 6_100, start + 7_000)).toMatchObject({ state: "ramp", since: start + 7_000 })
  })

  test("a probe that fails or is late opens it again, for longer", () => {
    for (const again of [bad(halfOpen(), start + 5_000), late(halfOpen(), start + 5_000, start + 8_000)]) {
      expect(again).toMatchObject({ state: "open", trips: 2 })
    }
  })

  test("what was sent before it opened, good or bad, changes nothing", () => {
    const waiting = halfOpen()
    expect(good(waiting, start - 1, start + 6_000)).toBe(waiting)
    expect(bad(waiting, start + 6_000, start - 1)).toBe(waiting)
    expect(late(waiting, start - 1, start + 6_000)).toBe(waiting)
  })
})

describe("the ramp", () => {
  const ramp: Breaker = { state: "ramp", since: start, trips: 2, failuresInARow: 0, lateInARow: 0, lateAt: 0 }

  test("admits 15 % at first and all after 8 s", () => {
    expect(admittedShare(ramp, start)).toBeCloseTo(0.15)
    expect(admittedShare(ramp, start + 4_000)).toBeCloseTo(0.575)
    expect(breakerAt(ramp, start + 8_000)).toMatchObject({ state: "closed", trips: 2 })
  })

  test("two failures in a row open it again", () => {
    const once = bad(ramp, start + 1_000)
    expect(once.state).toBe("ramp")
    expect(bad(once, start + 1_100)).toMatchObject({ state: "open", trips: 3 })
  })

  test("a minute without opening forgets how often it did", () => {
    expect(opened(breakerAt(ramp, start + 8_000), start + 9_000).trips).toBe(3)
    expect(opened(breakerAt(ramp, start + 8_000), start + 70_000).trips).toBe(1)
  })
})

/** All sequences of what can happen, four seconds apart. */
const happenings: readonly ((breaker: Breaker, now: number) => Breaker)[] = [
  (breaker, now) => good(breaker, now, now),
  (breaker, now) => bad(breaker, now),
  (breaker, now) => late(breaker, now, now),
  (breaker, now) => grantProbe(breaker, "a", now),
  (breaker, now) => breakerAt(breaker, now),
]
const sequences = (length: number): readonly (readonly number[])[] =>
  length === 0 ? [[]] : sequences(length - 1).flatMap((head) => happenings.map((_, index) => [...head, index]))

test("whatever happens in whatever order, it comes back with two good probes, can be written down, and rests at most 16.5 s", () => {
  const wrong: unknown[] = []
  for (const sequence of sequences(5)) {
    let breaker: Breaker = opened()
    let now = start
    for (const index of sequence) {
      now += 4_000
      breaker = happenings[index]?.(breaker, now) ?? breaker
      if (breaker.state === "open" && breaker.until - now > 16_500) wrong.push(sequence)
    }
    if (JSON.stringify(structuredClone(breaker)) !== JSON.stringify(breaker)) wrong.push(sequence)
    now += 20_000
    const recovered = [1, 2].reduce((before) => good(breakerAt(before, now), now, now), breaker)
    if (admittedShare(recovered, now + 8_000) !== 1) wrong.push(sequence)
  }
  expect(wrong).toEqual([])
})
