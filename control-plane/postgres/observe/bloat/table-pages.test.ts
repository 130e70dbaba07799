import { expect, test } from "vitest"
import { tablePages } from "./table-pages.ts"
import type { StoredColumn } from "./table-pages.ts"

const fixed = (bytes: number, nullShare = 0): StoredColumn => ({
  fixedBytes: bytes,
  alignment: bytes,
  averageBytes: bytes,
  nullShare,
})
const text = (averageBytes: number): StoredColumn => ({ alignment: 4, averageBytes, nullShare: 0 })

/** The most rows that take no second page. */
const rowsOfPage = (columns: readonly StoredColumn[], fillPercent = 100): number => {
  let rows = 1
  while (tablePages({ rows: rows + 1, columns, fillPercent }) === 1) rows++
  return rows
}

test.each([
  ["an integer", [fixed(4)], 226],
  ["two, which fill the same eight bytes", [fixed(4), fixed(4)], 226],
  ["an integer, and a bigint at the next multiple of eight", [fixed(4), fixed(8)], 185],
  ["a bigint and two booleans", [fixed(8), fixed(1), fixed(1)], 185],
  ["a column that is always NULL and takes a bit", [fixed(8), fixed(8, 1)], 226],
])("a page holds as many rows as Postgres puts there: %s", (_, columns, rows) => {
  expect(rowsOfPage(columns)).toBe(rows)
})

test("a fill factor leaves its part of each page free", () => {
  expect(rowsOfPage([fixed(4)], 50)).toBe(113)
})

test("rows that vary lose half of what alignment may take, and half a row a page", () => {
  // 24 of the header, 20 of text, 3.5 to the next multiple of eight, 4 of the line pointer.
  expect(rowsOfPage([text(20)])).toBe(Math.floor(8168 / 51.5 - 0.5))
  // A number after a text: 1.5 more to its place, and 2 from there to the end on average.
  expect(rowsOfPage([text(20), fixed(4)])).toBe(Math.floor(8168 / (24 + 20 + 1.5 + 4 + 2 + 4) - 0.5))
  // A text of 127 bytes or more is aligned: nothing is lost in front of it here.
  expect(rowsOfPage([fixed(4), text(200)])).toBe(Math.floor(8168 / (24 + 4 + 200 + 3.5 + 4) - 0.5))
})
