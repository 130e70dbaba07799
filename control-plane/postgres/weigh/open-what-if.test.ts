import { PGlite } from "@electric-sql/pglite"
import { afterAll, beforeAll, expect, test } from "vitest"
import type { Database } from "../database.ts"
import type { CandidateIndex, WhatIf } from "../what-if.ts"
import { openWhatIf } from "./open-what-if.ts"

const schema = `
  CREATE TABLE orders (id bigint PRIMARY KEY, customer_id int NOT NULL, status text NOT NULL, placed_at timestamptz NOT NULL);
  INSERT INTO orders SELECT i, i % 500, (ARRAY['new', 'paid', 'sent'])[1 + i % 3], timestamptz '2026-01-01' + i * interval '1 minute'
    FROM generate_series(1, 20000) i;
  CREATE INDEX orders_status ON orders (status, id)`

const candidate = (name: string, definition: string): CandidateIndex => ({
  name,
  schema: "public",
  table: "orders",
  definition,
})

const candidates = [
  candidate("by customer", "ON public.orders USING btree (customer_id)"),
  candidate("by_time", "ON public.orders USING btree (placed_at DESC)"),
  candidate("of_no_column", "ON public.orders USING btree (nothing)"),
]

let source: PGlite
let database: Database
let whatIf: WhatIf

beforeAll(async () => {
  source = await PGlite.create()
  await source.exec(schema)
  await source.exec("VACUUM ANALYZE orders")
  database = {
    query: async (sql, parameters = []) => (await source.query<Record<string, unknown>>(sql, [...parameters])).rows,
  }
  whatIf = await openWhatIf(database, candidates)
}, 60_000)

afterAll(async () => {
  await whatIf[Symbol.asyncDispose]()
  await source.close()
})

const ofCustomer = { sql: "SELECT * FROM orders WHERE customer_id = 7" }
const none = new Set<string>()

test("plans as the source does while no candidate is on", async () => {
  const [row] = await database.query(`EXPLAIN (FORMAT JSON) ${ofCustomer.sql}`)
  const plan = await whatIf.plan(ofCustomer, { on: none })
  expect(row).toMatchObject({ "QUERY PLAN": [{ Plan: { "Total Cost": plan.cost } }] })
  expect(plan).toMatchObject({ indexes: [], shape: "Seq Scan orders" })
})

test("uses a candidate that is on, at a lower cost, and forgets it when it is off", async () => {
  const without = await whatIf.plan(ofCustomer, { on: none })
  const withIt = await whatIf.plan(ofCustomer, { on: new Set(["by customer"]) })
  expect(withIt.indexes).toEqual(["by customer"])
  expect(withIt.cost).toBeLessThan(without.cost / 2)
  expect(await whatIf.plan(ofCustomer, { on: none })).toEqual(without)
})

test("does without an existing index that is hidden", async () => {
  const first = { sql: "SELECT * FROM orders WHERE id = 7" }
  expect((await whatIf.plan(first, { on: none })).indexes).toEqual(["orders_pkey"])
  expect((await whatIf.plan(first, { on: none, hidden: new Set(["public.orders_pkey"]) })).indexes).not.toContain(
    "orders_pkey",
  )
})

test("estimates the size that the built index has", async () => {
  await source.exec("CREATE INDEX real ON orders (placed_at DESC)")
  const [row] = await database.query("SELECT pg_relation_size('real')::float8 AS bytes")
  expect(row).toEqual({ bytes: whatIf.sizeBytes("by_time") })
  await source.exec("DROP INDEX real")
})

test("refuses a candidate that cannot be made, with the reason, and keeps the others", () => {
  expect([...whatIf.refused]).toEqual([["of_no_column", expect.stringContaining("nothing")]])
  expect(whatIf.sizeBytes("of_no_column")).toBe(0)
})

test("answers questions that are asked at once as if they came one after the other", async () => {
  const ask = (on: readonly string[]) => whatIf.plan(ofCustomer, { on: new Set(on) })
  const plans = await Promise.all([ask([]), ask(["by customer"]), ask([]), ask(["by customer"])])
  expect(plans.map(({ indexes }) => indexes)).toEqual([[], ["by customer"], [], ["by customer"]])
})

test("an error keeps its code and loses the values that it quotes", async () => {
  const refused = whatIf.plan({ sql: "SELECT * FROM orders WHERE customer_id = 'secret'" }, { on: none })
  await expect(refused).rejects.toMatchObject({
    code: "22P02",
    message: expect.not.stringContaining("secret") as string,
  })
})

test("says that it is exact for a source of the engine's own version", () => {
  expect(whatIf.exactness).toMatchObject({ sourceMajor: 18, engineMajor: 18, exact: true })
})
