import { expect, test } from "vitest"
import { keepNewest } from "./keep-newest.ts"

test("of too many the one that was set longest ago goes", () => {
  let kept: Readonly<Record<string, number>> = {}
  for (const name of ["a", "b", "c", "a", "d"]) kept = keepNewest(kept, name, 1, 3)
  expect(Object.keys(kept)).toEqual(["c", "a", "d"])
})

test("the entries given stay as they were", () => {
  const before = { a: 1, b: 2 }
  expect(keepNewest(before, "a", 3, 1)).toEqual({ a: 3 })
  expect(before).toEqual({ a: 1, b: 2 })
})
