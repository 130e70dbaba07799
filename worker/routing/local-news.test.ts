import * as v from "valibot"
import { expect, test } from "vitest"
import { Report, reportLimits } from "../../contract/provider-board.ts"
import type { Observation, Snapshot } from "../../contract/provider-board.ts"
import { applyReport, bookLimits, emptyBook, gaugeLeaseMs, snapshotOf } from "./book.ts"
import { makeReport, reportable, withNews, withoutLapsedGauges } from "./local-news.ts"

const now = 1_000_000
const candidate = "openai/gpt-4o"
const empty: Snapshot = { at: 0, candidates: {} }
const success = (responseTimeMs: number): Observation => ({ candidate, ok: true, responseTimeMs, at: now })
const failure: Observation = { candidate, ok: false, at: now }

test("what an isolate believes at once is what the shared book says later", () => {
  const news = [success(1_000), success(2_000), failure, failure, success(4_500), failure]
  const here = news.reduce((snapshot, each) => withNews(snapshot, each, now), empty).candidates[candidate]
  const shared = snapshotOf(applyReport(emptyBook, makeReport("a", {}, news), now), now).candidates[candidate]
  const { p50Ms: _, p95Ms: __, ...comparable } = shared ?? {}
  expect(here).toEqual(comparable)
})

test("one failure here after four elsewhere brings the rest at once", () => {
  const shared = snapshotOf(applyReport(emptyBook, makeReport("b", {}, [failure, failure, failure, failure]), now), now)
  expect(shared.candidates[candidate]?.restUntil).toBe(0)
  expect(withNews(shared, failure, now).candidates[candidate]).toMatchObject({
    restUntil: now + 4_000,
    restReason: "failures",
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
    withoutLapsedGauges(shared, now, at).candidates[candidate]?.inFlightElsewhere
  expect(inFlightAt(now + gaugeLeaseMs - 1)).toBe(9)
  expect(inFlightAt(now + gaugeLeaseMs)).toBe(0)
  expect(withoutLapsedGauges(shared, now, now + gaugeLeaseMs).candidates[candidate]?.bad).toBe(1)
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
