import { parse } from "pgsql-parser"
import { expect, test } from "vitest"
import type { Table } from "../observe/read-tables.ts"
import { collectUses } from "./collect-uses.ts"
import { proposeIndexes } from "./propose-indexes.ts"
import { columnOf } from "./testing.ts"

const table: Table = {
  schema: "public",
  name: "orders",
  rows: 100_000,
  sizeBytes: 10_000_000,
  writes: 0,
  indexes: [],
  columns: [
    columnOf("id", { type: "bigint", category: "N", distinct: -1 }),
    columnOf("tenant_id", { type: "integer", category: "N", distinct: 500 }),
    columnOf("status", { type: "text", category: "S", distinct: 4 }),
    columnOf("reference", { type: "text", category: "S", distinct: -1 }),
    columnOf("created_at", { type: "timestamp with time zone", category: "N", distinct: -1 }),
  ],
}

const propose = async (sql: string): Promise<readonly string[]> => {
  const parsed = (await parse(sql)) as { stmts: [{ stmt: unknown }] }
  return proposeIndexes(collectUses(parsed.stmts[0].stmt, [table])).map(({ definition }) =>
    definition.replace("ON public.orders USING btree ", ""),
  )
}

test("what is equal comes before what is ordered, and one direction serves both", async () => {
  const found = await propose("SELECT id FROM orders WHERE tenant_id = $1 ORDER BY created_at DESC LIMIT 20")
  expect(found).toContain("(tenant_id, created_at)")
  expect(found.filter((each) => each.includes("DESC"))).toEqual([])
})

test("an order of two directions is kept as it is", async () => {
  const found = await propose("SELECT id FROM orders ORDER BY status DESC, created_at LIMIT 20")
  expect(found).toContain("(status DESC, created_at)")
})

test("a literal makes a partial index where the column has few values, alone and in a list", async () => {
  expect(await propose("SELECT id FROM orders WHERE tenant_id = $1 AND status = 'open'")).toContain(
    "(tenant_id) WHERE status = 'open'",
  )
  expect(await propose("SELECT id FROM orders WHERE tenant_id = $1 AND status IN ('open', 'failed')")).toContain(
    "(tenant_id) WHERE status IN ('open', 'failed')",
  )
})

test("a literal of a column of many values, or a list with a parameter, makes none", async () => {
  const one = await propose("SELECT id FROM orders WHERE reference = 'R-1' AND tenant_id = $1")
  const other = await propose("SELECT id FROM orders WHERE tenant_id = $1 AND status IN ('open', $2)")
  expect([...one, ...other].filter((each) => each.includes("WHERE"))).toEqual([])
})
