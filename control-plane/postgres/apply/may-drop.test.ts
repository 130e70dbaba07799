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
  counted_days: 40,
  has_twin: false,
  replicas: 0,
}

test("an index that nothing has read for a month may go", () => {
  expect(whyKeep(unused)).toBeUndefined()
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
  ["counted_days", 29],
  ["replicas", 1],
] as const)("an index stays where %s is %s", (fact, value) => {
  expect(whyKeep({ ...unused, [fact]: value })).toBeDefined()
})

test("one that is in use may go where the same one stays, but never a key", () => {
  expect(whyKeep({ ...unused, has_twin: true, scans: 10, replicas: 1 })).toBeUndefined()
  expect(whyKeep({ ...unused, has_twin: true, constraint_or_key: true })).toBeDefined()
})
