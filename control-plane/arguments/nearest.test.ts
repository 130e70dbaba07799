import { expect, test } from "vitest"
import { editDistance, nearest } from "./nearest.ts"

test.each([
  ["key", "key", 0],
  ["kye", "key", 1],
  ["ke", "key", 1],
  ["keyy", "key", 1],
  ["kez", "key", 1],
  ["", "key", 3],
  ["kitten", "sitting", 3],
])("from %j to %j it is %i steps, in both directions", (from, to, steps) => {
  expect(editDistance(from, to)).toBe(steps)
  expect(editDistance(to, from)).toBe(steps)
})

test("the closest name is meant, with or without its dashes", () => {
  const names = ["key", "doctor", "--help", "--version"]
  expect(nearest("docter", names)).toBe("doctor")
  expect(nearest("-key", names)).toBe("key")
  expect(nearest("help", names)).toBe("--help")
})

test("a word that is like none of them means none of them", () => {
  expect(nearest("kubernetes", ["key", "doctor"])).toBeUndefined()
  expect(nearest("key", [])).toBeUndefined()
})
