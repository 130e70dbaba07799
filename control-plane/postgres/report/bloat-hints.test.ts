import { expect, test } from "vitest"
import type { Bloat } from "../observe/bloat/find-bloat.ts"
import { bloatHints } from "./bloat-hints.ts"

const mega = 1_048_576
const bloat = (kind: Bloat["kind"], bloatMb: number, sizeMb: number): Bloat => ({
  kind,
  schema: "public",
  name: "orders",
  bloatBytes: bloatMb * mega,
  sizeBytes: sizeMb * mega,
  isMeasured: false,
})

test("what holds much that is empty is named with its sizes and its cure", () => {
  expect(bloatHints([bloat("index", 80, 120)])).toEqual([
    {
      topic: "bloat",
      subject: "public.orders",
      message: "80.0 MB of 120 MB hold nothing, by an estimate from its columns' statistics.",
      cure: "REINDEX INDEX CONCURRENTLY public.orders",
    },
  ])
  expect(bloatHints([bloat("table", 80, 120)])[0]?.cure).toMatch(/^VACUUM \(FULL/)
})

test.each([
  ["little in all", bloat("table", 40, 60)],
  ["little of a large table", bloat("table", 100, 1_000)],
  ["a B-tree as full as one in use", bloat("index", 400, 1_000)],
])("no word about %s", (_, one) => {
  expect(bloatHints([one])).toEqual([])
})
