import { expect, test } from "vitest"
import { columnOf } from "../candidates/testing.ts"
import type { Table } from "../observe/read-tables.ts"
import { readWorkload } from "./read-workload.ts"

const orders: Table = {
  schema: "public",
  name: "orders",
  rows: 100_000,
  sizeBytes: 10_000_000,
  writes: 0,
  indexes: [],
  columns: [
    columnOf("status", { distinct: 3, samples: ["done", "failed", "open"], shares: [0.9, 0.06, 0.04] }),
    columnOf("reference", { samples: ["R-1", "R-2", "R-3"] }),
    columnOf("deleted_at", { type: "date", category: "D", samples: ["2026-01-01"] }),
  ],
}

const statement = {
  queryId: "7",
  text: "SELECT reference FROM orders WHERE status = $1 AND deleted_at IS NULL",
  calls: 10,
  totalMs: 100,
  meanMs: 10,
  rows: 20,
  sharedBlocksHit: 0,
  sharedBlocksRead: 0,
  tempBlocksWritten: 0,
}

const sent = (status: string): string =>
  `SELECT reference FROM orders WHERE status = '${status}' AND deleted_at IS NULL`

const read = async (texts: readonly string[]) => {
  const { read: found } = await readWorkload([statement], [orders], new Map([["7", texts]]))
  return found[0]
}

test("a literal that every text of a statement has is the program's own, and may be a condition of an index", async () => {
  const found = await read([sent("open"), `${sent("open")} -- again`])
  expect(found?.uses.map(({ fixed }) => fixed)).toEqual([["status = 'open'", "deleted_at IS NULL"]])
  expect(found?.queries.map(({ sql }) => sql.replaceAll(/\s+/g, " "))).toEqual([sent("open")])
})

test("one that differs is a value that somebody asked for", async () => {
  const found = await read([sent("open"), sent("failed")])
  expect(found?.uses.map(({ fixed }) => fixed)).toEqual([["deleted_at IS NULL"]])
  expect(found?.queries).toHaveLength(2)
})

test("a text that was cut, or is several statements, leaves the normalized one", async () => {
  const found = await read(["SELECT reference FROM orders WHERE sta'", `${sent("open")}; SELECT 1`])
  expect(found?.queries.length).toBeGreaterThan(1)
})
