import { expect, test } from "vitest"
import { recallAt, servedFrom } from "./operating-points.ts"

const decided = [
  { score: 5, same: true },
  { score: 4, same: true },
  { score: 3, same: false },
  { score: 2, same: true },
  { score: undefined, same: true },
]

test("recall counts all same pairs, also those that are never served", () => {
  expect(recallAt(0, decided)).toBe(0.5)
  expect(recallAt(0.25, decided)).toBe(0.75)
})

test("a threshold cannot part equal scores", () => {
  const tied = [
    { score: 1, same: true },
    { score: 1, same: false },
  ]
  expect(recallAt(0.4, tied)).toBe(0)
  expect(recallAt(0.5, tied)).toBe(1)
})

test("tells what a fixed threshold serves", () => {
  expect(servedFrom(3, decided)).toEqual({ served: 3, wrong: 1, recall: 0.5 })
  expect(servedFrom(9, decided)).toEqual({ served: 0, wrong: 0, recall: 0 })
})
