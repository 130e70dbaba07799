import * as v from "valibot"
import { describe, expect, test } from "vitest"
import { Report, reportLimits } from "../../contract/provider-board.ts"
import type { Observation, Snapshot } from "../../contract/provider-board.ts"
import { defaultConcurrencyLimit } from "./concurrency-limit.ts"
import { applyReport, bookLimits, emptyBook, gaugeLeaseMs, snapshotOf } from "./book.ts"
import { rankCandidates } from "./rank-candidates.ts"
import { makeReport, reportable, withNews, withRating, withoutOthers, withoutUsedProbes } from "./local-news.ts"

const now = 1_000_000
const candidate = "openai/gpt-4o"
const empty: Snapshot = { at: 0, candidates: {} }
const success = (responseTimeMs: number): Observation => ({ candidate, ok: true, responseTimeMs, at: now })
const failure: Observation = { candidate, ok: false, at: now }

test("what an isolate believes at once is what the shared book says later", () => {
  const news = [success(1_000), success(2_000), failure, failure, success(4_500), failure]
  const here = news.reduce((snapshot, each) => withNews(snapshot, each, now), empty).candidates[candidate]
  const shared = snapshotOf(applyReport(emptyBook, makeReport("a", {}, news), now), now).candidates[candidate]
  const { p50Ms: _, p95Ms: __, typical: ___, ...comparable } = shared ?? {}
  expect(here).toMatchObject(comparable)
})

test("one failure here after four elsewhere brings the rest at once", () => {
  const shared = snapshotOf(applyReport(emptyBook, makeReport("b", {}, [failure, failure, failure, failure]), now), now)
  expect(shared.candidates[candidate]?.breaker.state).toBe("closed")
  expect(withNews(shared, failure, now).candidates[candidate]?.breaker.state).toBe("open")
})

test("a second failure here, when a sibling of the provider was cut off elsewhere, cuts the candidate off", () => {
  const failures = Array.from({ length: 5 }, () => ({ ...failure, candidate: "openai/other" }))
  const shared = snapshotOf(applyReport(emptyBook, makeReport("b", {}, failures), now), now)
  const once = withNews(shared, failure, now)
  expect(once.candidates[candidate]?.breaker.state).toBe("closed")
  expect(withNews(once, failure, now).candidates[candidate]?.breaker).toMatchObject({
    state: "open",
    why: "provider_fails",
  })
})

test("news of ever new candidates do not grow the snapshot without limit", () => {
  const names = Array.from({ length: bookLimits.candidates + 20 }, (_, index) => `made-up/${index}`)
  const snapshot = names.reduce(
    (before, id, index) => withNews(before, { ...failure, candidate: id }, now + index),
    empty,
  )
  expect(Object.keys(snapshot.candidates)).toHaveLength(bookLimits.candidates)
  expect(snapshot.candidates).not.toHaveProperty(["made-up/0"])
})

test("what others have in flight is forgotten once the snapshot is older than their lease", () => {
  const shared = snapshotOf(applyReport(emptyBook, makeReport("b", { [candidate]: 9 }, [failure]), now), now)
  const inFlightAt = (at: number): number | undefined =>
    withoutOthers(shared, now, at).candidates[candidate]?.inFlightElsewhere
  expect(inFlightAt(now + gaugeLeaseMs - 1)).toBe(9)
  expect(inFlightAt(now + gaugeLeaseMs)).toBe(0)
  expect(withoutOthers(shared, now, now + gaugeLeaseMs).candidates[candidate]?.bad).toBe(1)
})

test("an isolate on its own takes three shares of what a candidate serves, and at least one request", () => {
  const known = applyReport(emptyBook, makeReport("a", {}, [success(900)]), now)
  const shared = (isolates: number): number => {
    let book = known
    for (let index = 1; index < isolates; index++) book = applyReport(book, makeReport(`${index}`, {}, []), now)
    const alone = withoutOthers(snapshotOf(book, now), now, now + gaugeLeaseMs)
    const input = { inFlightHere: () => 0.5, now, random: () => 0.5 }
    const [record] = rankCandidates([{ provider: "openai", model: "gpt-4o" }], alone, input)
    return 0.5 / (1 - (record?.terms.load ?? 1))
  }
  expect(shared(1)).toBeCloseTo(defaultConcurrencyLimit)
  expect(shared(10)).toBeCloseTo(defaultConcurrencyLimit * 0.3)
  expect(shared(300)).toBeCloseTo(1)
})

test("how long answers are to a type of question is known here before the others tell", () => {
  const answered = { ...success(5_000), firstTokenMs: 900, outputTokens: 700, kind: "table/small/long" }
  expect(withNews(empty, answered, now).answerLengths).toHaveProperty(["table", "meanTokens"], 700)
})

test("times out of bounds are brought into bounds rather than refused", () => {
  expect(reportable({ ...failure, restMs: 86_400_000 })).toEqual({ ...failure, restMs: 3_600_000 })
  expect(reportable(success(-5))).toEqual(success(0))
})

test.each(["no-slash", "__proto__", "constructor", "", `openai/${"x".repeat(200)}`])(
  "an observation of %j is left out of reports",
  (id) => {
    expect(reportable({ ...failure, candidate: id })).toBeUndefined()
  },
)

test("an observation whose numbers are none is left out of reports", () => {
  expect(reportable(success(Number.NaN))).toBeUndefined()
  expect(reportable({ ...failure, at: Number.NaN })).toBeUndefined()
})

test("a report of too much is cut to what the contract allows: the busiest candidates, the newest observations", () => {
  const inFlight = Object.fromEntries(Array.from({ length: 150 }, (_, index) => [`made-up/${index}`, index + 1]))
  const observations = Array.from({ length: 600 }, (_, index) => ({ ...failure, at: now + index }))
  const report = makeReport("a", { ...inFlight, "no-slash": 1_000 }, observations)
  expect(v.is(Report, report)).toBe(true)
  expect(Object.keys(report.inFlight)).toHaveLength(reportLimits.candidates)
  expect(report.inFlight).toHaveProperty(["made-up/149"])
  expect(report.observations.at(-1)?.at).toBe(now + 599)
})

test("a rating counts here before the others know of it", () => {
  const rated = withRating(empty, { candidate, queryType: "count", score: 0, at: now })
  expect(rated.candidates[candidate]?.accuracy).toMatchObject({ count: { right: 0, wrong: 1 } })
})

describe("a probe", () => {
  const open = makeReport("a", {}, [failure, failure, failure, failure, failure])
  const due = now + 5_000
  const asked = applyReport(applyReport(emptyBook, open, now), makeReport("a", {}, []), due)

  test("is handed to the isolate that asks first, and shown to nobody else", () => {
    expect(snapshotOf(asked, due, "a").candidates[candidate]?.probeUntil).toBe(due + 5_000)
    const second = applyReport(asked, makeReport("b", {}, []), due)
    expect(snapshotOf(second, due, "b").candidates[candidate]?.probeUntil).toBeUndefined()
  })

  test("is sent once: a lease that was used is gone, a new one is not", () => {
    const snapshot = snapshotOf(asked, due, "a")
    expect(withoutUsedProbes(snapshot, new Map([[candidate, due + 5_000]])).candidates[candidate]?.probeUntil).toBe(
      undefined,
    )
    expect(withoutUsedProbes(snapshot, new Map([[candidate, due]])).candidates[candidate]?.probeUntil).toBeDefined()
  })

  test("is sent without a lease when nobody has handed any out for long", () => {
    const shared = snapshotOf(applyReport(emptyBook, open, now), now)
    expect(withoutOthers(shared, now, now + 3_000).candidates[candidate]?.probeUntil).toBeUndefined()
    const alone = withoutOthers(shared, now, now + 6_000).candidates[candidate]?.probeUntil ?? 0
    expect(alone).toBeGreaterThan(now + 6_000)
    expect(withoutOthers(shared, now, now + 6_001).candidates[candidate]?.probeUntil).toBe(alone)
  })
})
