import { existsSync } from "node:fs"
import { chmod, mkdir, mkdtemp, readdir, rm, stat, writeFile } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { afterAll, beforeAll, expect, test, vi } from "vitest"
import type { Database } from "../database.ts"
import type { CandidateIndex } from "../what-if.ts"
import { openWhatIf } from "./open-what-if.ts"
import { readPlan } from "./sidecar/read-plan.ts"
import { startSource } from "./testing.ts"
import type { TestSource } from "./testing.ts"

// Each test opens a Postgres of its own.
vi.setConfig({ testTimeout: 30_000 })

let source: TestSource

const schema = [
  "CREATE EXTENSION pg_stat_statements",
  "CREATE TABLE secret (id int PRIMARY KEY, word text NOT NULL)",
  "INSERT INTO secret SELECT i, 'hush-' || i FROM generate_series(1, 5000) i",
  'CREATE SCHEMA "My Schema"',
  'CREATE TABLE "My Schema"."Odd ""table"" ünd" ("select" int, "Größe; --" text)',
  `INSERT INTO "My Schema"."Odd ""table"" ünd" SELECT i, i::text FROM generate_series(1, 5000) i`,
  "CREATE TABLE empty (id int)",
  "CREATE TABLE unknown (id int, at date) WITH (autovacuum_enabled = off)",
  "CREATE TYPE mood AS ENUM ('good', 'bad', 'ugly')",
  "CREATE DOMAIN cents AS int CHECK (VALUE >= 0)",
  "CREATE FUNCTION half(int) RETURNS int IMMUTABLE LANGUAGE sql AS 'SELECT $1 / 2'",
  "CREATE TABLE typed (feeling mood, price cents, CHECK (half(price) >= 0))",
  "INSERT INTO typed SELECT (ARRAY['good', 'bad', 'ugly'])[1 + i % 3]::mood, i FROM generate_series(1, 5000) i",
  "CREATE INDEX typed_half ON typed (half(price))",
  "CREATE TABLE metric (device int NOT NULL, at date NOT NULL) PARTITION BY RANGE (at)",
  "CREATE TABLE metric_a PARTITION OF metric FOR VALUES FROM ('2026-01-01') TO ('2026-02-01')",
  "CREATE TABLE metric_b PARTITION OF metric FOR VALUES FROM ('2026-02-01') TO ('2026-03-01')",
  "INSERT INTO metric SELECT i % 100, date '2026-01-01' + i % 59 FROM generate_series(1, 20000) i",
  "CREATE INDEX metric_at ON metric (at)",
  "ANALYZE",
  "INSERT INTO unknown SELECT i, date '2026-01-01' FROM generate_series(1, 3000) i",
  "CREATE SCHEMA extensions",
  "CREATE EXTENSION citext SCHEMA extensions",
  "CREATE EXTENSION pg_trgm SCHEMA extensions",
  "CREATE TABLE person (name extensions.citext, about text)",
  "INSERT INTO person SELECT 'N' || i, md5(i::text) FROM generate_series(1, 5000) i",
  "CREATE EXTENSION lo",
  "CREATE TABLE blob (id int PRIMARY KEY, content lo)",
  "INSERT INTO blob SELECT i FROM generate_series(1, 5000) i",
  "ANALYZE person, blob",
  "CREATE VIEW overview AS SELECT feeling, count(*) FROM typed GROUP BY feeling",
  "CREATE ROLE watcher LOGIN IN ROLE pg_monitor",
  "CREATE ROLE reader LOGIN IN ROLE pg_monitor, pg_read_all_data",
]

beforeAll(async () => {
  source = await startSource(18)
  for (const statement of schema) await source.database.query(statement)
}, 60_000)

afterAll(() => source[Symbol.asyncDispose]())

const realPlan = async (sql: string, database: Database = source.database) =>
  readPlan(await database.query(`EXPLAIN (FORMAT JSON) ${sql}`))

const candidate = (table: string, name: string, definition: string, schemaName = "public"): CandidateIndex => ({
  name,
  schema: schemaName,
  table,
  definition,
})

const none = { on: new Set<string>() }

test("the source sees reads of its catalog and statistics, and nothing else", async () => {
  const { database } = source
  const scans = () =>
    database.query(
      "SELECT sum(seq_scan + coalesce(idx_scan, 0))::text AS scans, count(*)::text AS tables FROM pg_stat_user_tables",
    )
  // What this session did to make the tables is counted a moment later otherwise.
  await database.query("SELECT pg_stat_force_next_flush()")
  const before = await scans()
  await database.query("SELECT pg_stat_statements_reset()")
  const watched = await source.connectAs("voltgate")
  const whatIf = await openWhatIf(watched, [candidate("secret", "by_word", "ON public.secret (word)")])
  await whatIf.plan({ sql: "SELECT * FROM secret WHERE word = 'hush-7'" }, { on: new Set(["by_word"]) })
  await whatIf[Symbol.asyncDispose]()
  await watched.query("SELECT pg_stat_force_next_flush()")
  const seen = await database.query(
    "SELECT query FROM pg_stat_statements WHERE query !~ 'pg_stat_statements|pg_stat_user_tables|force_next_flush'",
  )
  expect(seen.length).toBeGreaterThan(10)
  for (const { query } of seen) {
    expect(query).toMatch(/^\s*(SELECT|WITH)\b/)
    expect(query).not.toMatch(/\bEXPLAIN\b|\b(FROM|JOIN)\s+(secret|typed|metric)\b/)
  }
  expect(await scans()).toEqual(before)
})

test("a role that may only monitor is served, and is told what its statistics lack", async () => {
  await using whatIf = await openWhatIf(await source.connectAs("watcher"), [])
  expect(whatIf.exactness).toMatchObject({
    exact: false,
    note: expect.stringMatching(/hidden from this role.*blob/) as string,
  })
  expect((await whatIf.plan({ sql: "SELECT * FROM secret WHERE id = 7" }, none)).indexes).toEqual(["secret_pkey"])
})

test("a role that may read everything sees as exactly as the owner", async () => {
  await using whatIf = await openWhatIf(await source.connectAs("reader"), [])
  expect(whatIf.exactness).toMatchObject({ exact: true })
  const sql = "SELECT * FROM secret WHERE word > 'hush-4'"
  expect((await whatIf.plan({ sql }, none)).cost).toBe((await realPlan(sql)).cost)
})

test("odd names, empty and never analyzed tables, enums, domains, functions and views plan as in the source", async () => {
  const odd = candidate(
    'Odd "table" ünd',
    'odd "index"',
    'ON "My Schema"."Odd ""table"" ünd" ("Größe; --")',
    "My Schema",
  )
  await using whatIf = await openWhatIf(source.database, [odd])
  for (const sql of [
    `SELECT * FROM "My Schema"."Odd ""table"" ünd" WHERE "select" < 7`,
    "SELECT * FROM empty WHERE id = 1",
    "SELECT * FROM unknown WHERE at = '2026-01-01' AND id < 100",
    "SELECT * FROM typed WHERE feeling = 'ugly' AND price < 100",
    "SELECT * FROM typed WHERE half(price) = 7",
    "SELECT * FROM overview",
    "INSERT INTO typed VALUES ('good', 1)",
  ]) {
    const { cost, shape } = await whatIf.plan({ sql }, none)
    expect({ sql, cost, shape }).toEqual({ sql, cost: (await realPlan(sql)).cost, shape: (await realPlan(sql)).shape })
  }
  const found = await whatIf.plan(
    { sql: `SELECT * FROM "My Schema"."Odd ""table"" ünd" WHERE "Größe; --" = '7'` },
    { on: new Set(['odd "index"']) },
  )
  expect(found.indexes).toEqual(['odd "index"'])
})

test("types of extensions are known where they live, and a column of an unknown one does not take its table along", async () => {
  const search = candidate("person", "by_about", "ON public.person USING gin (about extensions.gin_trgm_ops)")
  await using whatIf = await openWhatIf(source.database, [search])
  for (const sql of ["SELECT * FROM person WHERE name = 'n7'", "SELECT id FROM blob WHERE id < 7"]) {
    expect(await whatIf.plan({ sql }, none)).toEqual(await realPlan(sql))
  }
  const found = await whatIf.plan(
    { sql: "SELECT * FROM person WHERE about LIKE '%abcde%'" },
    { on: new Set(["by_about"]) },
  )
  expect(found.indexes).toEqual(["by_about"])
})

test("an index on a partitioned table is one candidate, with the size of all its parts, named as asked", async () => {
  await using whatIf = await openWhatIf(source.database, [
    candidate("metric", "by_device", "ON public.metric (device)"),
  ])
  const sql = "SELECT * FROM metric WHERE device = 7"
  expect(await whatIf.plan({ sql }, none)).toEqual(await realPlan(sql))
  expect((await whatIf.plan({ sql }, { on: new Set(["by_device"]) })).indexes).toEqual(["by_device"])
  await source.database.query("CREATE INDEX by_device ON metric (device)")
  const [row] = await source.database.query(
    "SELECT sum(pg_relation_size(inhrelid))::float8 AS bytes FROM pg_inherits WHERE inhparent = 'by_device'::regclass",
  )
  await source.database.query("DROP INDEX by_device")
  expect(whatIf.sizeBytes("by_device") / Number(row?.["bytes"])).toBeCloseTo(1, 1)
})

test("an existing index on a partitioned table is hidden with its parts", async () => {
  await using whatIf = await openWhatIf(source.database, [])
  const sql = { sql: "SELECT * FROM metric WHERE at = '2026-01-05'" }
  expect((await whatIf.plan(sql, none)).indexes).toEqual(["metric_at"])
  expect((await whatIf.plan(sql, { ...none, hidden: new Set(["public.metric_at"]) })).indexes).toEqual([])
})

const ownFolders = async (): Promise<readonly string[]> => {
  const all = await Promise.all(
    ["/dev/shm", tmpdir()].map(async (parent) =>
      (await readdir(parent).catch(() => [])).map((name) => join(parent, name)),
    ),
  )
  return all.flat().filter((path) => path.includes(`voltgate-what-if-${process.pid}-`))
}

test("its folder is open to this user alone, and gone once it is closed", async () => {
  const whatIf = await openWhatIf(source.database, [])
  const folders = await ownFolders()
  expect(folders).not.toEqual([])
  for (const folder of folders) expect((await stat(folder)).mode & 0o777).toBe(0o700)
  await whatIf[Symbol.asyncDispose]()
  expect(await ownFolders()).toEqual([])
})

test.each([tmpdir(), "/dev/shm"].filter(existsSync))(
  "what a killed run left in %s is removed by the next one",
  async (parent) => {
    const left = join(parent, "voltgate-what-if-999999999-left")
    await mkdir(left, { recursive: true, mode: 0o700 })
    await writeFile(join(left, "statistics"), "a user's value")
    await (await openWhatIf(source.database, []))[Symbol.asyncDispose]()
    await expect(stat(left)).rejects.toMatchObject({ code: "ENOENT" })
  },
)

test("its folder is where the user wants temporary files, if they say so", async () => {
  const wanted = await mkdtemp(join(tmpdir(), "voltgate-wanted-"))
  await chmod(wanted, 0o755)
  vi.stubEnv("TMPDIR", wanted)
  try {
    await using whatIf = await openWhatIf(source.database, [])
    expect(await ownFolders()).toEqual([expect.stringContaining(wanted)])
    expect(whatIf.exactness.sourceMajor).toBeGreaterThan(0)
  } finally {
    vi.unstubAllEnvs()
    await rm(wanted, { recursive: true })
  }
})
