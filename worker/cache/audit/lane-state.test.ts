import { describe, expect, test } from "vitest"
import { auditsNeeded, errorLimit, learn, newLane } from "./lane-state.ts"
import type { Finding, LaneState } from "./lane-state.ts"

const delta = 0.02
const finding = (changes: Partial<Finding> = {}): Finding => ({
  bin: 3,
  right: true,
  weight: 1,
  wouldServe: true,
  ...changes,
})
const after = (lane: LaneState, count: number, changes: Partial<Finding> = {}): LaneState => {
  let state = lane
  for (let index = 0; index < count; index++) state = learn(state, finding(changes), delta, 5)
  return state
}
const start = newLane(0)

test("a new lane is open, and nothing is known of it", () => {
  expect(start).toMatchObject({ open: true, audited: 0 })
  expect(errorLimit(start)).toBe(1)
})

test("it takes 149 audits without an error to prove two percent", () => {
  expect(auditsNeeded(0.02)).toBe(149)
  expect(errorLimit(after(start, 148))).toBeGreaterThan(delta)
  expect(errorLimit(after(start, 149))).toBeLessThanOrEqual(delta)
})

describe("closing", () => {
  test("one error among few audits proves nothing yet", () => {
    expect(after(after(start, 4), 1, { right: false })).toMatchObject({ open: true, wrong: 1 })
  })

  test("two errors among five do", () => {
    expect(after(after(start, 3), 2, { right: false })).toMatchObject({ open: false, changedAt: 5 })
  })

  test("with evidence enough, the upper limit decides", () => {
    const one = after(after(start, 1, { right: false }), 147)
    expect(one.open).toBe(true)
    expect(after(one, 1).open).toBe(false)
  })

  test("a lane that was right often stays open at a single error", () => {
    expect(after(after(start, 400), 1, { right: false }).open).toBe(true)
  })
})

describe("opening again", () => {
  const closed = after(after(start, 3), 2, { right: false })

  test("needs as many audits as a proof does, made since it closed", () => {
    expect(after(closed, 148).open).toBe(false)
    expect(after(closed, 149).open).toBe(true)
  })

  test("needs more after another error", () => {
    expect(after(after(closed, 1, { right: false }), 200).open).toBe(false)
    expect(after(after(closed, 1, { right: false }), 240).open).toBe(true)
  })

  test("totals are kept through it", () => {
    expect(after(closed, 149)).toMatchObject({ auditedEver: 154, wrongEver: 2, audited: 0 })
  })
})

test("an equal answer that may be chance counts for its weight", () => {
  expect(after(start, 10, { weight: 0.5 }).audited).toBe(5)
  expect(after(start, 10, { weight: 0.5 }).evidence[3]).toEqual({ right: 5, wrong: 0 })
})

test("a neighbor that would not have served teaches its bin, and says nothing of the lane", () => {
  expect(after(start, 3, { wouldServe: false, right: false })).toMatchObject({
    open: true,
    audited: 0,
    evidence: [
      { right: 0, wrong: 0 },
      { right: 0, wrong: 0 },
      { right: 0, wrong: 0 },
      { right: 0, wrong: 3 },
    ],
  })
})

test("memory is bounded, and old findings fade", () => {
  const long = after(start, 5_000)
  expect(long.audited).toBeLessThanOrEqual(1_000)
  expect((long.evidence[3]?.right ?? 0) <= 1_001).toBe(true)
  expect(after(start, 1, { bin: 1_000_000 }).evidence).toEqual([])
  expect(after(start, 1, { bin: -1 }).evidence).toEqual([])
})
