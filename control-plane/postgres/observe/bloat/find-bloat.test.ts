import { Client } from "pg"
import { afterAll, beforeAll, expect, test } from "vitest"
import { startPostgres } from "../../../../dev/postgres/start-postgres.ts"
import type { LocalPostgres } from "../../../../dev/postgres/start-postgres.ts"
import type { Database } from "../../database.ts"
import { asDatabase } from "../../weigh/engine/server-engine.ts"
import { findBloat } from "./find-bloat.ts"
import type { Bloat } from "./find-bloat.ts"

const pageBytes = 8192
let server: LocalPostgres
let client: Client
let database: Database
beforeAll(async () => {
  server = await startPostgres(18, { autovacuum: "off" })
  client = new Client({ connectionString: server.url })
  await client.connect()
  database = asDatabase(client)
}, 60_000)
afterAll(async () => {
  await client.end()
  await server[Symbol.asyncDispose]()
})

const tables = {
  numbers: "SELECT n AS id, n::bigint AS big, n % 7 = 0 AS flag, n % 100 AS kind FROM generate_series(1, 300000) n",
  texts:
    "SELECT n AS id, repeat('x', n % 60) AS a, n AS b, CASE WHEN n % 3 > 0 THEN md5(n::text) END AS c, now() AS at, n * 1.5 AS price FROM generate_series(1, 100000) n",
  wide: "SELECT n AS id, repeat(md5(n::text), 1 + n % 30) AS text FROM generate_series(1, 30000) n",
  loose: "SELECT n AS id, md5(n::text) AS text FROM generate_series(1, 60000) n",
} as const

const indexes = {
  numbers_id: "numbers (id)",
  numbers_kind: "numbers (kind)",
  texts_pair: "texts (c, b)",
  texts_price: "texts (price)",
  texts_some: "texts (id) WHERE b % 3 > 0",
  loose_text: "loose (text) WITH (fillfactor = 70)",
  wide_start: "wide (left(text, 40))",
} as const

/** What a session counted is told to others when it next is idle. */
const tellCounts = async (): Promise<void> => {
  await client.query("SELECT pg_stat_force_next_flush()")
  await client.query("SELECT")
}

const build = async (): Promise<void> => {
  for (const [name, query] of Object.entries(tables)) {
    await client.query(
      `DROP TABLE IF EXISTS ${name}; CREATE TABLE ${name} WITH (fillfactor = ${name === "loose" ? 60 : 100}) AS ${query}`,
    )
  }
  for (const [name, on] of Object.entries(indexes)) await client.query(`CREATE INDEX ${name} ON ${on}`)
  await tellCounts()
  // A server that writes many rows at once leaves empty pages at the end.
  await client.query("VACUUM (FULL, ANALYZE)")
}

const bloatByName = async (measure = false): Promise<ReadonlyMap<string, Bloat>> => {
  await tellCounts()
  return new Map((await findBloat(database, measure)).map((each) => [each.name, each]))
}

const sizes = async (): Promise<Record<string, number>> => {
  const { rows } = await client.query<{ name: string; bytes: number }>(
    "SELECT relname AS name, pg_relation_size(oid)::float8 AS bytes FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'i')",
  )
  return Object.fromEntries(rows.map(({ name, bytes }) => [name, bytes]))
}

test("what was just written holds next to nothing that is empty", async () => {
  await build()
  for (const [name, { bloatBytes, sizeBytes }] of await bloatByName()) {
    const share = bloatBytes / sizeBytes
    expect([name, share < 0.08 ? "little" : share.toFixed(3)]).toEqual([name, "little"])
  }
}, 60_000)

test.each([
  ["ANALYZE", "and only new statistics know"],
  ["VACUUM ANALYZE", "and their room is free"],
])(
  "after half of the rows were deleted, %s, the estimate is within a fifth of the truth",
  async (command) => {
    await build()
    for (const name of Object.keys(tables)) await client.query(`DELETE FROM ${name} WHERE id % 2 = 0`)
    await tellCounts()
    await client.query(command)
    const found = await bloatByName()
    const before = await sizes()
    await client.query("VACUUM FULL")
    const after = await sizes()
    const names = [...Object.keys(tables), ...Object.keys(indexes)].filter((name) => found.has(name))
    expect(names.length).toBe(11)
    for (const name of names) {
      const truth = (before[name] ?? 0) - (after[name] ?? 0)
      const error = ((found.get(name)?.bloatBytes ?? 0) - truth) / Math.max(truth, 20 * pageBytes)
      expect([name, Math.abs(error) < 0.2 ? "near" : error.toFixed(2)]).toEqual([name, "near"])
    }
  },
  90_000,
)

test("deletions since the last ANALYZE are known as well", async () => {
  await build()
  await client.query("DELETE FROM numbers WHERE id % 2 = 0")
  const { bloatBytes = 0, sizeBytes = 1 } = (await bloatByName()).get("numbers") ?? {}
  expect(bloatBytes / sizeBytes).toBeCloseTo(0.5, 1)
}, 60_000)

test("pgstattuple measures tables where it is installed and asked for", async () => {
  await build()
  await client.query("DELETE FROM wide WHERE id % 2 = 0")
  expect((await bloatByName(true)).get("wide")?.isMeasured).toBe(false)
  await client.query("CREATE EXTENSION pgstattuple")
  expect((await bloatByName(false)).get("wide")?.isMeasured).toBe(false)
  const { isMeasured, bloatBytes = 0, sizeBytes = 1 } = (await bloatByName(true)).get("wide") ?? {}
  expect(isMeasured).toBe(true)
  expect(bloatBytes / sizeBytes).toBeCloseTo(0.5, 1)
}, 60_000)
