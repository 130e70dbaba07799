import { expect, test } from "vitest"
import type { LaneNews } from "../../../contract/lanes.ts"
import { applyLaneNews, emptyLaneBook, laneOf } from "./lane-book.ts"
import { hasNews, mergeLaneNews, noLaneNews, withCount, withFinding, withPair } from "./lane-news.ts"

const delta = 0.02
const nothing = noLaneNews(delta)
const finding = { queryType: "count", bin: 1, right: true, weight: 0.9, wouldServe: true } as const
const pair = { key: "0123456789abcdef", verdict: "same", weight: 0.9 } as const

test("a lane that nothing is known of is open, and has answered nobody", () => {
  expect(laneOf(emptyLaneBook, "count", 7)).toMatchObject({ open: true, counts: {}, auditedEver: 0, changedAt: 7 })
  expect(laneOf(emptyLaneBook, "constructor", 7)).toMatchObject({ open: true })
})

test("counts add up, lane by lane", () => {
  const news = withCount(withCount(withCount(nothing, "count", "hit"), "count", "hit"), "ocr", "miss")
  const { lanes } = applyLaneNews(applyLaneNews(emptyLaneBook, news, 0), news, 1)
  expect([lanes["count"]?.counts, lanes["ocr"]?.counts]).toEqual([{ hit: 4 }, { miss: 2 }])
})

test("findings and pairs are learned without disturbing the counts", () => {
  const counted = applyLaneNews(emptyLaneBook, withCount(nothing, "count", "near"), 0)
  const { lanes, pairs } = applyLaneNews(counted, withPair(withFinding(nothing, finding), pair), 5)
  expect(lanes["count"]).toMatchObject({ counts: { near: 1 }, audited: 0.9, auditedEver: 1 })
  expect(pairs).toEqual([{ key: pair.key, points: 0.9 }])
})

test("there are never more than a hundred lanes", () => {
  const counts: LaneNews["counts"] = Object.fromEntries(
    Array.from({ length: 150 }, (_, index) => [`type${index}`, { hit: 1 }]),
  )
  const book = applyLaneNews(emptyLaneBook, { ...nothing, counts, findings: [{ ...finding, queryType: "late" }] }, 0)
  expect(Object.keys(book.lanes)).toHaveLength(100)
  expect(book.lanes).not.toHaveProperty("late")
})

test("what was not told is told with what came since", () => {
  const older = withFinding(withCount(nothing, "count", "hit"), finding)
  const newer = withPair(withCount(withCount(nothing, "count", "hit"), "ocr", "miss"), pair)
  expect(mergeLaneNews(older, newer)).toEqual({
    delta,
    counts: { count: { hit: 2 }, ocr: { miss: 1 } },
    findings: [finding],
    pairs: [pair],
    judged: 0,
  })
  expect([hasNews(nothing), hasNews(older), hasNews(newer)]).toEqual([false, true, true])
})
