import { expect, test } from "vitest"
import { judgeSurroundings } from "./preflight.ts"
import type { Surroundings } from "./preflight.ts"
import { readWindow } from "./window.ts"

const gigabyte = 1024 ** 3
const calm: Surroundings = {
  isStandby: false,
  isReadOnly: false,
  oldestTransactionS: 0,
  unseenSessions: 0,
  hasWraparoundVacuum: false,
  replicaLagS: 0,
  databaseBytes: 10 * gigabyte,
}
const need = { sizeBytes: 1_000, now: new Date("2026-11-26T12:00:00Z") }
const judge = (
  seen: Partial<Surroundings>,
  more: Partial<typeof need> & { window?: ReturnType<typeof readWindow> } = {},
) => judgeSurroundings({ ...calm, ...seen }, { ...need, ...more })

test("goes where nothing is in the way", () => {
  expect(judge({})).toEqual({ kind: "go" })
})

test.each<[string, Partial<Surroundings>, RegExp]>([
  ["a standby", { isStandby: true }, /standby/],
  ["a read-only database", { isReadOnly: true }, /read-only/],
  ["a full disk", { freeBytes: 1_999 }, /needed: twice/],
])("refuses %s", (_, seen, reason) => {
  expect(judge(seen)).toEqual({ kind: "refuse", reason: expect.stringMatching(reason) })
})

test.each<[string, Partial<Surroundings>, RegExp]>([
  ["a long transaction", { oldestTransactionS: 61 }, /open for 61 s/],
  ["a vacuum against wraparound", { hasWraparoundVacuum: true }, /wraparound/],
  ["a replica that is behind", { replicaLagS: 90 }, /90 s behind/],
])("waits for %s", (_, seen, reason) => {
  expect(judge(seen)).toEqual({ kind: "wait", reason: expect.stringMatching(reason) })
})

test("builds on a disk that nobody measured only what is small against the database", () => {
  expect(judge({}, { sizeBytes: gigabyte / 2 }).kind).toBe("go")
  expect(judge({}, { sizeBytes: gigabyte })).toEqual({ kind: "refuse", reason: expect.stringContaining("--disk-free") })
  expect(judge({ databaseBytes: 100 * gigabyte }, { sizeBytes: gigabyte }).kind).toBe("go")
})

test("does nothing outside of the window", () => {
  expect(judge({}, { window: readWindow("22:00-05:00") })).toMatchObject({ kind: "refuse" })
  expect(judge({}, { window: readWindow("11:00-13:00") }).kind).toBe("go")
})
