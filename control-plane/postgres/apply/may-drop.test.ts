import { expect, test } from "vitest"
import type { Unused } from "../change.ts"
import { plainIndex } from "../observe/testing.ts"
import { whyKeep } from "./may-drop.ts"
import type { Present } from "./may-drop.ts"

const present: Present = { hasTwin: false, now: new Date("2026-03-01T12:00:00Z"), countedSince: "2025", standbys: 0 }
const unused: Unused = {
  indexId: "101",
  definitionHash: "d0",
  watchedDays: 31,
  until: "2026-03-01T06:00:00Z",
  scans: 0,
  countedSince: "2025",
  standbys: 0,
}

test("an index that nothing has read stays all the same: the counters do not say since when", () => {
  expect(whyKeep(plainIndex(), present)).toMatch(/nobody has watched for 30 days/)
})

test("what a cut build left may go, and what was watched for 30 days without a use", () => {
  expect(whyKeep(plainIndex({ isValid: false }), present)).toBeUndefined()
  expect(whyKeep(plainIndex(), present, unused)).toBeUndefined()
})

test("one that was used before it was watched may go, as long as its count is what it was", () => {
  const used = { ...unused, scans: 9 }
  expect(whyKeep(plainIndex({ scans: 9 }), present, used)).toBeUndefined()
  expect(whyKeep(plainIndex({ scans: 10 }), present, used)).toMatch(/used since/)
  expect(whyKeep(plainIndex({ scans: 9 }), { ...present, countedSince: "2026" }, used)).toMatch(/used since/)
})

test.each([
  ["watched for 29 days, and 30 are needed", {}, { watchedDays: 29.9 }],
  ["not the index that was watched", {}, { indexId: "102" }],
  ["not the index that was watched", {}, { definitionHash: "d1" }],
  ["not watched until today", {}, { until: "2026-02-27T06:00:00Z" }],
  ["not watched until today", {}, { until: "2027-01-01T00:00:00Z" }],
  ["a standby is attached that nobody has looked at", { standbys: 1 }, {}],
])("evidence is not enough: %s", (why, now, seen) => {
  expect(whyKeep(plainIndex(), { ...present, ...now }, { ...unused, ...seen })).toContain(why)
})

test.each([
  "isConstraint",
  "isReplicaIdentity",
  "isClustered",
  "supportsForeignKey",
  "isPartition",
  "isOfExtension",
  "hasExpression",
] as const)("an unused index stays where %s holds", (fact) => {
  const index = plainIndex()
  expect(whyKeep({ ...index, protection: { ...index.protection, [fact]: true } }, present, unused)).toBeDefined()
})

test("one that is in use may go where the same one stays, but never a key", () => {
  const twin = { ...present, hasTwin: true }
  const index = plainIndex({ scans: 10 })
  expect(whyKeep(index, twin)).toBeUndefined()
  expect(whyKeep({ ...index, protection: { ...index.protection, isConstraint: true } }, twin)).toBeDefined()
})
