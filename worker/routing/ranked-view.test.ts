import { expect, test } from "vitest"
import { rankedView } from "./ranked-view.ts"
import { viewAt } from "./testing.ts"

test("each view is copied once, with what it says", () => {
  const view = viewAt(1_000_000, { limit: 7, probeUntil: 5 })
  expect(rankedView(view)).toBe(rankedView(view))
  expect(view).toMatchObject(rankedView(view))
  expect(rankedView({ ...view, limit: 8 }).limit).toBe(8)
})

test("views of other shapes give copies of one shape", () => {
  const plain = viewAt(1_000_000)
  const other = { probeUntil: 9, ...plain, p50Ms: 1 }
  expect(Object.keys(rankedView(other))).toEqual(Object.keys(rankedView(plain)))
})
