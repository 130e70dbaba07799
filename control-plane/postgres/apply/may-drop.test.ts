import { expect, test } from "vitest"
import { whyKeep } from "./may-drop.ts"

const unused: Parameters<typeof whyKeep>[0] = {
  constraint_or_key: false,
  replica_identity: false,
  clustered: false,
  supports_foreign_key: false,
  is_partition: false,
  extension_owned: false,
  has_expression: false,
  is_valid: true,
  scans: 0,
  has_twin: false,
}

test("an index that nothing has read stays all the same: the counters do not say since when", () => {
  expect(whyKeep(unused)).toMatch(/watched for 30 days/)
})

test("what a cut build left may go", () => {
  expect(whyKeep({ ...unused, is_valid: false })).toBeUndefined()
})

test.each([
  ["constraint_or_key", true],
  ["replica_identity", true],
  ["clustered", true],
  ["supports_foreign_key", true],
  ["is_partition", true],
  ["extension_owned", true],
  ["has_expression", true],
  ["scans", 1],
] as const)("an index stays where %s is %s", (fact, value) => {
  expect(whyKeep({ ...unused, [fact]: value })).toBeDefined()
})

test("one that is in use may go where the same one stays, but never a key", () => {
  expect(whyKeep({ ...unused, has_twin: true, scans: 10 })).toBeUndefined()
  expect(whyKeep({ ...unused, has_twin: true, constraint_or_key: true })).toBeDefined()
})
