import * as v from "valibot"
import { expect, test } from "vitest"
import { Report } from "../../contract/provider-board.ts"
import type { Observation } from "../../contract/provider-board.ts"
import { expectedTokens } from "./answer-lengths.ts"
import { applyReport, bookLimits, emptyBook, snapshotOf } from "./book.ts"
import { limitOf } from "./concurrency-limit.ts"
import { makeReport, reportable } from "./local-news.ts"
import { rankCandidates } from "./rank-candidates.ts"
import { keptTimes } from "./response-times.ts"

/** The same numbers for the same seed, so that a failure can be repeated: a linear congruential generator. */
const seeded = (seed: number): (() => number) => {
  let state = seed >>> 0
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return state / 2 ** 32
  }
}

const models = ["a", "b", "c", "d", "e", "f"].map((model) => ({ provider: "p", model }))
const seeds = Array.from({ length: 40 }, (_, index) => index + 1)

/** Also values that a broken clock or a strange provider could give. */
const randomObservation = (random: () => number, now: number): Observation => {
  const oneOf = <T>(values: readonly T[]): T => values[Math.floor(random() * values.length)] as T
  const ms = (): number => oneOf([0, 1, 800, 25_000, 1e9, -3, Number.NaN, Number.POSITIVE_INFINITY, random() * 60_000])
  return {
    candidate: oneOf([...models.map(({ model }) => `p/${model}`), "__proto__", "toString", "p/", "x".repeat(300)]),
    ok: random() < 0.5,
    ...(random() < 0.7 ? { responseTimeMs: ms() } : {}),
    ...(random() < 0.2 ? { restMs: ms() } : {}),
    ...(random() < 0.2 ? { silentMs: ms() } : {}),
    ...(random() < 0.5 ? { firstTokenMs: ms(), outputTokens: oneOf([0, 1, 300, -1, 1.5]) } : {}),
    ...(random() < 0.2
      ? { quotaLeft: oneOf([0, 0.05, 1, 2, Number.NaN]), statedP90Ms: ms(), kind: oneOf(["", "a", "b"]) }
      : {}),
    at: oneOf([now, now - 5_000, now + 5_000, 0, 1e15, Number.NaN]),
  }
}

/** A history of reports from a few isolates over a clock that mostly goes forward. */
const history = (seed: number) => {
  const random = seeded(seed)
  let now = 1_000_000
  let book = emptyBook
  const reports: Report[] = []
  for (let step = 0; step < 30; step++) {
    now += random() < 0.1 ? -2_000 : random() * 8_000
    const observations = Array.from({ length: Math.floor(random() * 20) }, () => randomObservation(random, now))
    const report = makeReport(
      `isolate ${Math.floor(random() * 5)}`,
      Object.fromEntries(models.map(({ model }) => [`p/${model}`, Math.floor(random() * 200)])),
      observations.map(reportable).filter((each) => each !== undefined),
    )
    reports.push(report)
    book = applyReport(book, report, now)
  }
  return { book, now, random, reports }
}

test.each(seeds)("whatever isolates observe, what they report is never refused (seed %i)", (seed) => {
  for (const report of history(seed).reports) expect(v.safeParse(Report, report).issues).toBeUndefined()
})

test.each(seeds)(
  "after any history, all scores are numbers from 0 to 1 and every candidate has a place (seed %i)",
  (seed) => {
    const { book, now, random } = history(seed)
    const ranked = rankCandidates(models, snapshotOf(book, now), { inFlightHere: () => 3, now, random })
    for (const { selectionWeight, planScore, terms, inFlight, expectedMs } of ranked) {
      for (const score of [selectionWeight, planScore, ...Object.values(terms)]) {
        expect(score).toBeGreaterThanOrEqual(0)
        expect(score).toBeLessThanOrEqual(1)
      }
      expect(Number.isFinite(inFlight) && Number.isFinite(expectedMs)).toBe(true)
    }
    expect(ranked.map(({ model }) => model).toSorted()).toEqual(models.map(({ model }) => model))
  },
)

test.each(seeds)("no candidate that may be asked stands behind one that may not (seed %i)", (seed) => {
  const { book, now, random } = history(seed)
  const ranked = rankCandidates(models, snapshotOf(book, now), { inFlightHere: () => 0, now, random })
  const places = ranked.map(({ standing }) => ["probe", "ready", "spared", "pausing", "cut_off"].indexOf(standing))
  const allAreCutOff = places.every((place) => place === 4)
  expect(allAreCutOff || places).toEqual(allAreCutOff || places.toSorted((a, b) => a - b))
})

test.each(seeds)(
  "after any history, the book keeps its bounds and nobody rests for more than 5 minutes (seed %i)",
  (seed) => {
    const { book, now } = history(seed)
    expect(Object.keys(book.candidates).length).toBeLessThanOrEqual(bookLimits.candidates)
    expect(book.history.length).toBeLessThanOrEqual(60)
    const tokens = expectedTokens(book.answerLengths, "")
    expect(tokens >= 0 && Number.isFinite(tokens)).toBe(true)
    for (const [id, { health, times, limit }] of Object.entries(book.candidates)) {
      expect(id).toMatch(/^p\//)
      expect(times.lastMs.length).toBeLessThanOrEqual(keptTimes)
      expect(times.lastMs.every((time) => time >= 0 && time <= 3_600_000)).toBe(true)
      expect(limitOf(limit)).toBeGreaterThanOrEqual(4)
      expect(limitOf(limit)).toBeLessThanOrEqual(1_000)
      // The clock may have gone back by 2 s a few times since the rest began.
      const slackMs = 30 * 2_000
      expect(health.pause.until - now).toBeLessThanOrEqual(300_000 + slackMs)
      if (health.breaker.state === "open") expect(health.breaker.until - now).toBeLessThanOrEqual(16_500 + slackMs)
    }
  },
)

test.each(seeds)("two isolates that hold no lease never probe the same candidate at once (seed %i)", (seed) => {
  const { book, now } = history(seed)
  const asking = ["one", "two", "three"]
  const after = asking.reduce((before, isolate) => applyReport(before, makeReport(isolate, {}, []), now), book)
  for (const { model } of models) {
    const holders = asking.filter((isolate) => snapshotOf(after, now, isolate).candidates[`p/${model}`]?.probeUntil)
    expect(holders.length).toBeLessThanOrEqual(1)
  }
})
