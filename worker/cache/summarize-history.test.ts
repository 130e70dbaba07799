import { expect, test } from "vitest"
import type { HistoryTally } from "../ports/history.ts"
import { summarizeHistory } from "./summarize-history.ts"

const tally = (changes: Partial<HistoryTally> = {}): HistoryTally => ({
  day: "2026-11-25",
  queryType: "count",
  cache: "miss",
  failed: false,
  requests: 1,
  usd: 0,
  savedUsd: 0,
  ...changes,
})

test("adds up by day and query type, the newest day first", () => {
  const { days } = summarizeHistory([
    tally({ day: "2026-11-24" }),
    tally({ queryType: "ocr" }),
    tally({ requests: 2 }),
    tally({ cache: "hit" }),
  ])
  expect(days.map(({ day, queryType, requests }) => [day, queryType, requests])).toEqual([
    ["2026-11-25", "count", 3],
    ["2026-11-25", "ocr", 1],
    ["2026-11-24", "count", 1],
  ])
})

test("the hit rate is of what the cache could have answered", () => {
  const { total } = summarizeHistory([
    tally({ cache: "hit", requests: 3 }),
    tally({ cache: "canonical" }),
    tally({ cache: "near" }),
    tally({ cache: "miss", requests: 4 }),
    tally({ cache: "coalesced" }),
    tally({ cache: "bypass", requests: 50 }),
    tally({ cache: "refresh", requests: 50 }),
  ])
  expect(total).toMatchObject({ requests: 110, cacheHits: 5, coalesced: 1, hitRate: 0.5 })
})

test("where the cache could answer nothing there is no rate, rather than a rate of zero", () => {
  expect(summarizeHistory([tally({ cache: "bypass" })]).total).not.toHaveProperty("hitRate")
  expect(summarizeHistory([])).toEqual({
    total: { requests: 0, failed: 0, cacheHits: 0, coalesced: 0, usd: 0, savedUsd: 0 },
    days: [],
  })
})

test("counts failures and money", () => {
  const { total } = summarizeHistory([tally({ failed: true, usd: 0.5 }), tally({ usd: 0.25, savedUsd: 2 })])
  expect(total).toMatchObject({ requests: 2, failed: 1, usd: 0.75, savedUsd: 2 })
})
