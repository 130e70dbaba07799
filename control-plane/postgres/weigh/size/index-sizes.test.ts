import { expect, test } from "vitest"
import { brinSize } from "./brin-size.ts"
import { btreeHeight, btreeSize } from "./btree-size.ts"
import { expectDistinct } from "./expect-distinct.ts"
import { ginSize } from "./gin-size.ts"
import { hashPages } from "./hash-size.ts"
import type { IndexColumn } from "./tuple-width.ts"

const column = (of: Partial<IndexColumn>): IndexColumn => ({
  alignment: 8,
  widths: [],
  nullShare: 0,
  distinct: 1,
  commonShares: [],
  isKey: true,
  ...of,
})
const bigint = (distinct: number, of: Partial<IndexColumn> = {}) => column({ fixedBytes: 8, distinct, ...of })
const text = (bytes: number, distinct: number) => column({ alignment: 4, widths: [{ bytes, weight: 1 }], distinct })

// Pages as Postgres 18 made them.
test.each([
  ["150,000 different numbers", 150_000, [bigint(150_000)], 414],
  ["30,000 texts of 41 characters", 30_000, [text(42, 30_000)], 251],
  ["a short text before a time", 30_000, [text(3, 5), bigint(30_000)], 117],
  [
    "200,000 rows of 8 states",
    200_000,
    [column({ widths: [{ bytes: 5, weight: 1 }], distinct: 8, commonShares: Array.from({ length: 8 }, () => 0.125) })],
    171,
  ],
  ["no row", 0, [bigint(1)], 1],
] as const)("a B-tree of %s has the pages that the server gives it", (_what, rows, columns, pages) => {
  const size = btreeSize({ rows, columns, deduplicates: true, fillPercent: 90 })
  expect(Math.abs(size.pages - pages)).toBeLessThanOrEqual(1)
})

test("columns that have more combinations than there are rows make every key a different one", () => {
  const columns = [bigint(100_000), bigint(100_000), bigint(100_000), bigint(100_000), bigint(100_000)]
  const size = (deduplicates: boolean) => btreeSize({ rows: 1_000_000, columns, deduplicates, fillPercent: 90 }).pages
  expect(size(true)).toBe(size(false))
})

test("a NULL costs the tuple its map of NULLs, and its value nothing", () => {
  const size = (nullShare: number) =>
    btreeSize({
      rows: 100_000,
      columns: [bigint(1000), bigint(100_000, { nullShare })],
      deduplicates: false,
      fillPercent: 90,
    }).pages
  expect(size(1)).toBe(size(0))
})

// The primary key of pgbench's accounts at scale 100.
test("a tree is as high as its pages make it", () => {
  const shape = { rows: 10_000_000, columns: [bigint(10_000_000)], deduplicates: true, fillPercent: 90 }
  expect(btreeSize(shape)).toMatchObject({ pages: 27_422, height: 2 })
  expect([1, 2, 280, 300, 27_422, 100_000].map((pages) => btreeHeight(pages, shape))).toEqual([0, 0, 1, 2, 2, 3])
})

test("an index of frequent keys keeps a tree of rows for each", () => {
  const tags = [{ count: 50, rowsPerKey: 5940, keyBytes: 4 }]
  expect(ginSize(tags, 2500).pages / 152).toBeCloseTo(1, 1)
})

test("a BRIN index has a summary for each range of pages", () => {
  expect(brinSize({ tablePages: 2500, pagesPerRange: 128, summaryBytes: 16 })).toEqual({ pages: 3, mapPages: 1 })
  expect(brinSize({ tablePages: 1_000_000, pagesPerRange: 1, summaryBytes: 16 }).mapPages).toBe(736)
})

test("a hash index has a power of two of buckets, and from 512 on quarters of the next step", () => {
  expect(hashPages(150_000, 150_000)).toBe(2 + 512)
  expect(hashPages(165_000, 165_000)).toBe(2 + 640)
})

test("values never seen twice may be as many as the rows; values seen again are few", () => {
  expect(expectDistinct({ once: 100, twice: 0, more: 0 }, 1_000_000)).toBeGreaterThan(50_000)
  expect(expectDistinct({ once: 60, twice: 15, more: 5 }, 1_000_000)).toBeCloseTo(190, -1)
  expect(expectDistinct({ once: 0, twice: 2, more: 5 }, 1_000_000)).toBe(7)
})
