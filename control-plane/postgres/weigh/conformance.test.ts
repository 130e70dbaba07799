import { afterAll, beforeAll, describe, expect, test } from "vitest"
import type { CandidateIndex, WhatIf } from "../what-if.ts"
import { openWhatIf } from "./open-what-if.ts"
import { readPlan } from "./sidecar/read-plan.ts"
import { startSource } from "./testing.ts"
import type { TestSource } from "./testing.ts"

const schema = [
  "SELECT setseed(0.5)",
  "CREATE TABLE account (id int PRIMARY KEY, email text NOT NULL, plan text NOT NULL, seen date)",
  `INSERT INTO account SELECT i, md5(i::text) || '@example.com', (ARRAY['free', 'team', 'large'])[1 + floor(random() * random() * 3)::int],
     CASE WHEN random() < 0.9 THEN date '2026-01-01' + floor(random() * 300)::int END FROM generate_series(1, 20000) i`,
  "CREATE TABLE invoice (id bigint PRIMARY KEY, account_id int NOT NULL REFERENCES account, state text NOT NULL, issued timestamptz NOT NULL, amount numeric(12, 2), tags text[] NOT NULL)",
  `INSERT INTO invoice SELECT i, 1 + floor(random() * 20000)::int, (ARRAY['open', 'paid', 'paid', 'paid', 'void'])[1 + floor(random() * 5)::int],
     timestamptz '2026-01-01' + i * interval '3 minutes', round((random() * 900)::numeric, 2),
     ARRAY['t' || floor(random() * 40)::int, 't' || floor(random() * 40)::int] FROM generate_series(1, 100000) i`,
  "CREATE TABLE place (id int, town int, region int, country int)",
  "INSERT INTO place SELECT i, i % 1000, i % 100, i % 10 FROM generate_series(1, 20000) i",
  "ALTER TABLE place DROP COLUMN id",
  "CREATE STATISTICS place_columns (ndistinct, dependencies) ON town, region, country FROM place",
  "VACUUM ANALYZE",
]

const candidate = (table: string, name: string, definition: string): CandidateIndex => ({
  name,
  schema: "public",
  table,
  definition: `ON public.${table} ${definition}`,
})

const candidates = [
  candidate("invoice", "by_account", "(account_id)"),
  candidate("invoice", "by_state_issued", "(state, issued DESC)"),
  candidate("invoice", "covering", "(account_id) INCLUDE (amount, state)"),
  candidate("invoice", "void_only", "(issued) WHERE state = 'void'"),
  candidate("invoice", "by_amount", "(amount)"),
  candidate("invoice", "ranges", "USING brin (issued)"),
  candidate("invoice", "by_tag", "USING gin (tags)"),
  candidate("invoice", "hashed", "USING hash (account_id)"),
  candidate("account", "by_email", "(email)"),
  candidate("account", "by_prefix", "(email text_pattern_ops)"),
  candidate("account", "by_plan_seen", "(plan, seen)"),
]

const queries = [
  "SELECT * FROM invoice WHERE account_id = 77",
  "SELECT sum(amount) FROM invoice WHERE account_id BETWEEN 100 AND 140 AND state = 'paid'",
  "SELECT * FROM invoice WHERE state = 'open' ORDER BY issued DESC LIMIT 20",
  "SELECT count(*) FROM invoice WHERE state = 'void' AND issued > '2026-05-01'",
  "SELECT * FROM invoice WHERE amount BETWEEN 10 AND 11",
  "SELECT * FROM invoice WHERE issued BETWEEN '2026-03-01' AND '2026-03-02'",
  "SELECT count(*) FROM invoice WHERE tags @> ARRAY['t7']",
  "SELECT plan, sum(amount) FROM account JOIN invoice ON account_id = account.id WHERE seen = '2026-05-05' GROUP BY plan",
  "SELECT * FROM account WHERE email LIKE 'abc%'",
  "SELECT * FROM account WHERE email = 'abc'",
  "SELECT town FROM place WHERE town = 77 AND region = 77 AND country = 7 ORDER BY town + 1",
  "SELECT town, region, count(*) FROM place GROUP BY town, region",
  "SELECT id FROM account WHERE plan = 'large' AND seen IS NULL",
]

describe.each([
  { major: 18, engine: "automatic", name: "its own programs" },
  { major: 18, engine: "pglite", name: "PGlite" },
  { major: 14, engine: "automatic", name: "its own programs" },
] as const)("beside a real Postgres $major, by $name", ({ major, engine }) => {
  let source: TestSource
  let whatIf: WhatIf

  beforeAll(async () => {
    source = await startSource(major)
    for (const statement of schema) await source.database.query(statement)
    whatIf = await openWhatIf(source.database, candidates, { engine })
  }, 90_000)

  afterAll(async () => {
    await whatIf[Symbol.asyncDispose]()
    await source[Symbol.asyncDispose]()
  })

  const differences = async (on: readonly string[]) => {
    const found: { readonly query: string; readonly costError: number; readonly samePlan: boolean }[] = []
    for (const sql of queries) {
      const real = readPlan(await source.database.query(`EXPLAIN (FORMAT JSON) ${sql}`))
      const planned = await whatIf.plan({ sql }, { on: new Set(on) })
      found.push({
        query: sql,
        costError: Math.abs(planned.cost / real.cost - 1),
        samePlan: planned.shape === real.shape,
      })
    }
    return found
  }

  test("is exact, refuses nothing, and plans as the database without any candidate", async () => {
    expect(whatIf.exactness).toMatchObject({ sourceMajor: major, engineMajor: major, exact: true })
    expect([...whatIf.refused]).toEqual([])
    for (const difference of await differences([])) expect(difference).toMatchObject({ costError: 0, samePlan: true })
  })

  test("believes that columns depend on each other for one question, and goes a plan's ways at another's cost", async () => {
    const query = { sql: "SELECT FROM invoice WHERE state = 'open' AND account_id = 77" }
    const dependency = { schema: "public", table: "invoice", columns: ["state", "account_id"] }
    const ask = async (degree: number) => (await whatIf.planDependent?.(query, { ...dependency, degree }))?.rows ?? 0
    const { rows } = await whatIf.plan(query, { on: new Set() })
    expect(await ask(1)).toBeGreaterThan(2 * rows)
    expect(await ask(0)).toBe(rows)
    expect((await whatIf.plan(query, { on: new Set() })).rows).toBe(rows)
    const byKey = await whatIf.plan({ sql: "SELECT FROM invoice WHERE id = 7" }, { on: new Set() })
    const like = await whatIf.planDependent?.(
      { sql: "SELECT FROM invoice WHERE id < 90000" },
      { ...dependency, degree: 1 },
      byKey,
    )
    expect(like?.shape).toMatch(/^Index/)
  })

  test.each(candidates)("plans with $name as if it were built, and knows its size", async ({ name, definition }) => {
    await source.database.query(`CREATE INDEX ${name} ${definition}`)
    try {
      const [row] = await source.database.query("SELECT pg_relation_size($1::regclass)::float8 AS bytes", [name])
      const [real, pages] = [Number(row?.["bytes"]) / 8192, whatIf.sizeBytes(name) / 8192]
      // How full a GIN index is depends on the order in which its keys came.
      expect(Math.abs(pages - real)).toBeLessThanOrEqual(1 + real * (name === "by_tag" ? 0.15 : 0.03))
      for (const { query, costError, samePlan } of await differences([name])) {
        expect({ query, samePlan }).toEqual({ query, samePlan: true })
        expect(costError).toBeLessThan(0.02)
      }
    } finally {
      await source.database.query(`DROP INDEX ${name}`)
    }
  })
})
