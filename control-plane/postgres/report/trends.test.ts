import { expect, test } from "vitest"
import type { Snapshot } from "./history.ts"
import { totalsByDay, trendsSince } from "./trends.ts"

const snapshot = (at: string, calls: number, totalMs: number, statementsSince: string): Snapshot => ({
  at,
  statementsSince,
  statements: [{ queryId: "1", calls, totalMs }],
  scans: [],
})
const monday = snapshot("2026-01-05T12:00:00Z", 100, 1_000, "2025")
const text = "SELECT $1"
const statement = { queryId: "1", text, calls: 0, totalMs: 0, meanMs: 0, rows: 0 }
const statements = [{ ...statement, sharedBlocksHit: 0, sharedBlocksRead: 0, tempBlocksWritten: 0 }]

test("a trend is what was counted since, beside the mean of before", () => {
  const tuesday = snapshot("2026-01-06T12:00:00Z", 150, 2_000, "2025")
  expect(trendsSince(monday, tuesday, statements)).toEqual([
    { queryId: "1", text, calls: 50, totalMs: 1_000, meanMs: 20, meanMsBefore: 10 },
  ])
})

test.each([
  ["fell", 40],
  ["have passed the old ones since", 150],
])("after a reset all that was counted is new, whether the counts %s", (_, calls) => {
  const tuesday = snapshot("2026-01-06T12:00:00Z", calls, 2_000, "2026-01-06T00:00:00Z")
  expect(trendsSince(monday, tuesday, statements)).toMatchObject([{ calls, totalMs: 2_000 }])
  expect(totalsByDay([monday, tuesday])).toEqual([{ day: "2026-01-06", calls, totalMs: 2_000 }])
})
