import { expect, test } from "vitest"
import { withSnapshot } from "./history.ts"
import type { History, Snapshot } from "./history.ts"
import { unusedDays } from "./watch-index.ts"

const dayOfMonth = (day: number): string => new Date(Date.UTC(2026, 0, day, 12)).toISOString()
const snapshot = (day: number, count: number, since = "2025-01-01T00:00:00.000Z", server = "primary"): Snapshot => ({
  at: dayOfMonth(day),
  statements: [],
  scans: [{ server, since, byIndex: { "101": count } }],
})
const days = (from: number, to: number, make: (day: number) => Snapshot): History =>
  Array.from({ length: to - from + 1 }, (_, at) => make(from + at))

test("an index is watched from the first snapshot that knows it, and unused since its count last grew", () => {
  expect(
    unusedDays(
      days(1, 32, (day) => snapshot(day, 5)),
      "101",
    ),
  ).toBe(31)
  expect(
    unusedDays(
      days(1, 32, (day) => snapshot(day, day < 20 ? 5 : 6)),
      "101",
    ),
  ).toBe(12)
  expect(
    unusedDays(
      days(1, 32, (day) => snapshot(day, 5)),
      "102",
    ),
  ).toBe(0)
})

test("a reset takes away the time of which the counts are lost, and no more", () => {
  // At noon of the 9th was the last look; at noon of the 10th the server had counted since six in the morning.
  const history = days(1, 32, (day) => snapshot(day, 0, day < 10 ? undefined : "2026-01-10T06:00:00.000Z"))
  expect(unusedDays(history, "101")).toBe(31 - 0.75)
})

test("a use after a reset shows, though the count has grown beyond the old one or come to the same", () => {
  for (const count of [5, 7]) {
    const history = days(1, 32, (day) =>
      day < 10 ? snapshot(day, 5) : snapshot(day, count, "2026-01-10T06:00:00.000Z"),
    )
    expect(unusedDays(history, "101")).toBe(22)
  }
})

test("a count that fell is a reset also where the server does not say when", () => {
  const history = days(1, 32, (day) => snapshot(day, day < 10 ? 5 : 0))
  expect(unusedDays(history, "101")).toBe(31 - 1)
})

test("a standby's use counts as well, and one that was never looked at before is watched from now on", () => {
  const both = (day: number): Snapshot => ({
    ...snapshot(day, 0),
    scans: [...snapshot(day, 0).scans, ...snapshot(day, day < 25 ? 1 : 2, "2025", "standby:5432").scans],
  })
  expect(unusedDays(days(1, 32, both), "101")).toBe(7)
  expect(unusedDays([...days(1, 31, (day) => snapshot(day, 0)), both(32)], "101")).toBe(0)
})

test("one snapshot a day stays, the last, for 60 days", () => {
  const twice = days(1, 80, (day) => snapshot(day, day)).reduce<History>(
    (history, each) =>
      withSnapshot(withSnapshot(history, { ...each, at: each.at.replace("T12", "T08"), scans: [] }), each),
    [],
  )
  expect(twice).toHaveLength(60)
  expect(twice[0]).toEqual(snapshot(21, 21))
})
