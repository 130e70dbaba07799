import { serialize } from "node:v8"
import { expect, test } from "vitest"
import { reportLimits } from "../../contract/provider-board.ts"
import type { Observation, Report } from "../../contract/provider-board.ts"
import { accuracyLimits } from "./accuracy-table.ts"
import { applyReport, bookLimits, emptyBook, gaugeLeaseMs, newCandidate, snapshotOf } from "./book.ts"
import type { Book } from "./book.ts"
import { sizeCount } from "./concurrency-limit.ts"

const start = 1_000_000
const fast = "openai/gpt-4o"
const slow = "google/gemini-2.5-flash"

const report = (isolate: string, rest: Partial<Report> = {}): Report => ({
  isolate,
  inFlight: {},
  observations: [],
  ...rest,
})
const success = (candidate: string, responseTimeMs = 1_000): Observation => ({
  candidate,
  ok: true,
  responseTimeMs,
  at: start,
})
const bookOf = (reports: readonly Report[], now = start): Book =>
  reports.reduce((book, each) => applyReport(book, each, now), emptyBook)

test("the gauges of all isolates add up, without the one that asks", () => {
  const book = bookOf([
    report("a", { inFlight: { [fast]: 2, [slow]: 1 } }),
    report("b", { inFlight: { [fast]: 3 } }),
    report("c", { inFlight: { [fast]: 5 } }),
  ])
  expect(snapshotOf(book, start).candidates[fast]?.inFlightElsewhere).toBe(10)
  expect(snapshotOf(book, start, "a").candidates[fast]?.inFlightElsewhere).toBe(8)
  expect(snapshotOf(book, start, "a").candidates[slow]).toBeUndefined()
})

test("a gauge is a level: telling it again changes nothing, and zero takes it away", () => {
  const busy = report("a", { inFlight: { [fast]: 4 } })
  expect(snapshotOf(bookOf([busy, busy, busy]), start).candidates[fast]?.inFlightElsewhere).toBe(4)
  expect(snapshotOf(bookOf([busy, report("a", { inFlight: { [fast]: 0 } })]), start).candidates).toEqual({})
})

test("the gauge of an isolate that falls silent lapses with its lease", () => {
  const book = bookOf([report("dead", { inFlight: { [fast]: 7 } })])
  expect(snapshotOf(book, start + gaugeLeaseMs - 1).candidates[fast]?.inFlightElsewhere).toBe(7)
  expect(snapshotOf(book, start + gaugeLeaseMs).candidates).toEqual({})
  expect(applyReport(book, report("b"), start + gaugeLeaseMs).gauges).not.toHaveProperty("dead")
})

test("observations of all isolates make one history", () => {
  const book = bookOf([
    report("a", { observations: [success(fast, 1_000)] }),
    report("b", { observations: [success(fast, 3_000), { candidate: fast, ok: false, at: start }] }),
  ])
  expect(snapshotOf(book, start).candidates[fast]).toMatchObject({
    responseTimeMs: 2_000,
    responseTimeSamples: 2,
    ok: 2,
    bad: 1,
    breaker: { state: "closed", failuresInARow: 1 },
  })
})

test("a flood of candidates pushes out those heard of least, and never grows the book", () => {
  const flood = Array.from({ length: 300 }, (_, index) =>
    report(`isolate ${index % 3}`, { observations: [success(`made-up/model-${index}`)] }),
  )
  const book = flood.reduce((before, each, index) => applyReport(before, each, start + index), emptyBook)
  expect(Object.keys(book.candidates)).toHaveLength(bookLimits.candidates)
  expect(book.candidates).toHaveProperty(["made-up/model-299"])
  expect(book.candidates).not.toHaveProperty(["made-up/model-0"])
})

test("a flood of isolates never grows the book beyond its limit, and keeps the newest", () => {
  const isolates = Array.from({ length: bookLimits.isolates + 50 }, (_, index) => index)
  const book = isolates.reduce(
    (before, index) => applyReport(before, report(`isolate ${index}`, { inFlight: { [fast]: 1 } }), start + index),
    emptyBook,
  )
  expect(Object.keys(book.gauges)).toHaveLength(bookLimits.isolates)
  expect(book.gauges).not.toHaveProperty(["isolate 0"])
  expect(book.gauges).toHaveProperty([`isolate ${bookLimits.isolates + 49}`])
})

test("a flood of names in the gauges cannot push a candidate with a history out of the snapshot", () => {
  const gaugeOf = (isolate: number): Report["inFlight"] =>
    Object.fromEntries(Array.from({ length: 100 }, (_, index) => [`made-up/${isolate}-${index}`, 1]))
  const flood = Array.from({ length: 5 }, (_, isolate) => report(`isolate ${isolate}`, { inFlight: gaugeOf(isolate) }))
  const { candidates } = snapshotOf(bookOf([...flood, report("z", { observations: [success(fast)] })]), start)
  expect(Object.keys(candidates)).toHaveLength(bookLimits.candidates)
  expect(candidates).toHaveProperty([fast])
})

test("a report changes nothing in the book it was applied to", () => {
  const before = bookOf([report("a", { inFlight: { [fast]: 1 }, observations: [success(fast)] })])
  const copy = structuredClone(before)
  applyReport(before, report("a", { observations: [success(fast), success(slow)] }), start + 1)
  expect(before).toEqual(copy)
})

test("the largest book there can be fits into one stored value of 2 MB", () => {
  const long = (name: string, length: number): string => name.padEnd(length, "x")
  let { times } = newCandidate
  for (let index = 0; index < 16; index++) {
    const byKind = Array.from({ length: 64 }, (_, bucket) => 3 + bucket / 7)
    times = { ...times, byKind: { ...times.byKind, [long(`kind ${index} `, 80)]: byKind } }
  }
  const limit = { ...newCandidate.limit, logLikelihoods: Array.from({ length: sizeCount }, (_, index) => -index / 7) }
  const state = {
    ...newCandidate,
    limit,
    times: { ...times, lastMs: Array.from({ length: 100 }, (_, index) => index / 7) },
  }
  const ids = Array.from({ length: bookLimits.candidates }, (_, index) => long(`openai/${index}`, 200))
  const types = Array.from({ length: accuracyLimits.queryTypes }, (_, index) => long(`type_${index}_`, 64))
  const accuracy = Object.fromEntries(types.map((type) => [type, { right: 1 / 3, wrong: 1 / 7 }]))
  const stored = {
    candidates: Object.fromEntries(ids.map((id) => [id, structuredClone(state)])),
    accuracy: Object.fromEntries(ids.map((id) => [id, accuracy])),
    answerLengths: Object.fromEntries(types.map((type) => [type, { meanTokens: 1 / 3, answers: 200 }])),
    unshared: Array.from({ length: reportLimits.ratings }, (_, index) => ({
      candidate: ids[index % ids.length],
      queryType: types[index % types.length],
      score: 1 / 3,
      replaces: 1 / 7,
      at: start + index / 7,
    })),
  }
  expect(serialize(stored).byteLength).toBeLessThan(2_000_000)
})

test("how many requests at once a candidate serves is learned from first tokens, by what was in flight when they were asked for", () => {
  const [slots, wholeMs] = [20, 5_000]
  let book = emptyBook
  // 1 to 40 are in flight in turn, and gone when the first token comes, which is when those beyond the slots are done.
  for (let turn = 0; turn < 120; turn++) {
    const now = start + turn * 8_000
    const inFlight = 1 + ((turn * 7) % 40)
    const firstTokenMs = 900 + (Math.max(0, inFlight - slots) / slots) * wholeMs
    const told = { candidate: fast, ok: true, responseTimeMs: wholeMs, firstTokenMs, at: now + firstTokenMs }
    book = applyReport(book, report("a", { inFlight: { [fast]: inFlight } }), now)
    book = applyReport(book, report("a"), now + 800)
    book = applyReport(book, report("b", { observations: [told] }), now + firstTokenMs)
  }
  const limit = snapshotOf(book, start + 960_000).candidates[fast]?.limit
  expect(limit).toBeGreaterThan(slots * 0.7)
  expect(limit).toBeLessThan(slots * 1.4)
})

test("what was in flight is kept of candidates with a history alone, and for some seconds", () => {
  const flood = Object.fromEntries(Array.from({ length: 100 }, (_, index) => [`made-up/${index}`, 1]))
  let book = bookOf([report("a", { observations: [success(fast)] })])
  for (let second = 1; second < 100; second++) {
    book = applyReport(book, report("a", { inFlight: { ...flood, [fast]: 1 } }), start + second * 1_000)
  }
  expect(book.history.length).toBeLessThanOrEqual(60)
  expect(book.history.every(({ inFlight }) => Object.keys(inFlight).every((id) => id === fast))).toBe(true)
})

test("failures at two models of one provider, told by different isolates, cut both off", () => {
  const failed = (candidate: string): Observation => ({ candidate, ok: false, at: start })
  const other = "openai/other"
  const book = bookOf([
    report("a", { observations: [failed(fast), failed(other), failed(fast)] }),
    report("b", { observations: [failed(fast), failed(other)] }),
  ])
  const { candidates } = snapshotOf(book, start)
  expect([fast, other].map((id) => candidates[id]?.breaker.state)).toEqual(["open", "open"])
})
