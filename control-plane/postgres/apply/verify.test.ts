import { expect, test } from "vitest"
import type { Counters, JournalEntry } from "./journal-entry.ts"
import { indexOn } from "./testing.ts"
import { usualRules, verify } from "./verify.ts"

const begun = new Date("2026-11-26T10:00:00Z")
const later = new Date("2026-11-26T11:00:00Z")

const counted = (calls: number, ms: number, blocks: number): Counters[string] => ({
  calls,
  totalMs: calls * ms,
  blocks: calls * blocks,
})

/** A hundred calls of statement 1 at 10 ms and 1,000 blocks; an index is estimated to cost a tenth of that. */
const before: Counters = { "1": counted(100, 10, 1_000), "2": counted(1_000, 1, 10) }
const entry: JournalEntry = {
  id: "c1",
  change: indexOn("customer_id", { estimate: { queries: [{ queryId: "1", costRatio: 0.1 }] } }),
  state: "verifying",
  before,
  baseline: { at: begun.toISOString(), counters: before },
  history: [],
}
const plus = (more: Readonly<Record<string, Counters[string]>>): Counters => {
  const sum: Record<string, Counters[string]> = { ...before }
  for (const [id, { calls, totalMs, blocks }] of Object.entries(more)) {
    const from = before[id] ?? { calls: 0, totalMs: 0, blocks: 0 }
    sum[id] = { calls: from.calls + calls, totalMs: from.totalMs + totalMs, blocks: from.blocks + blocks }
  }
  return sum
}
const verdict = (more: Readonly<Record<string, Counters[string]>>, at = later, of = entry) =>
  verify(of, plus(more), at, usualRules)

test("keeps what brought at least half of what was estimated", () => {
  expect(verdict({ "1": counted(50, 2, 100) }).kind).toBe("keep")
  expect(verdict({ "1": counted(50, 5.4, 540) }).kind).toBe("keep")
})

test("undoes what saved less than half of the estimate, and says how much", () => {
  expect(verdict({ "1": counted(50, 6, 600) })).toEqual({
    kind: "revert",
    reason: "It saved less than half of the estimate: blocks a call 44 %, time a call 44 % of the estimated saving.",
  })
})

test("undoes what reads as much as before, though a machine that is idle now made it faster", () => {
  expect(verdict({ "1": counted(50, 2, 1_000) }).kind).toBe("revert")
})

test("waits until the statement was called thirty times, and not longer than a week", () => {
  expect(verdict({ "1": counted(29, 1, 10) }).kind).toBe("wait")
  expect(verdict({ "1": counted(30, 1, 10) }).kind).toBe("keep")
  expect(verdict({ "1": counted(29, 1, 10) }, new Date("2026-12-03T10:00:01Z")).kind).toBe("revert")
})

test("undoes what made another statement worse by more than a tenth and a hundredth of the workload", () => {
  const worse = verdict({ "1": counted(50, 1, 10), "2": counted(500, 1.4, 14) })
  expect(worse).toMatchObject({
    kind: "revert",
    reason: expect.stringContaining("Statement 2 got worse: 1.00 → 1.40 ms"),
  })
  expect(verdict({ "1": counted(50, 1, 10), "2": counted(500, 1.05, 14) }).kind).toBe("keep")
})

test("does not blame the change for a machine that is busier than before", () => {
  const many: Counters = { ...before, "3": counted(500, 1, 10), "4": counted(500, 1, 10) }
  const busy = { "1": counted(50, 2, 10), "2": counted(500, 2, 10), "3": counted(500, 2, 10), "4": counted(500, 2, 10) }
  const all = { ...entry, before: many, baseline: { at: begun.toISOString(), counters: {} } }
  expect(verify(all, busy, later, usualRules).kind).toBe("keep")
})

test("a server that counts anew is no reason to believe in negative calls", () => {
  expect(verify(entry, { "1": counted(40, 1, 50) }, later, usualRules).kind).toBe("keep")
})

test("a dropped index has only to do no harm", () => {
  const dropped = { ...entry, change: { ...entry.change, kind: "drop-index" as const } }
  expect(verdict({ "2": counted(100, 1, 10) }, later, dropped).kind).toBe("keep")
  expect(verdict({ "2": counted(500, 3, 30) }, later, dropped).kind).toBe("revert")
})

test("keeps, and says so, where nothing can be measured", () => {
  const blind: JournalEntry = { id: entry.id, change: entry.change, state: "verifying", history: [] }
  expect(verify(blind, {}, later, usualRules).reason).toMatch(/could not be measured/)
})
