import { mkdtemp, readFile, rm } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { Client } from "pg"
import { afterAll, beforeAll, describe, expect, test } from "vitest"
import { startPostgres } from "../../dev/postgres/start-postgres.ts"
import type { LocalPostgres } from "../../dev/postgres/start-postgres.ts"
import { startPostgresEndpoint } from "../../dev/postgres-endpoint/start.ts"
import { hostOf } from "../testing.ts"
import { dbCommand } from "./db-command.ts"
import { openPool } from "./pool/open-pool.ts"
import { poolMetrics, toPrometheus } from "./pool/pool-metrics.ts"

let server: LocalPostgres
let client: Client
let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "voltgate-db-"))
  server = await startPostgres(18)
  client = new Client({ connectionString: server.url })
  await client.connect()
  await client.query(`
    CREATE TABLE people (id bigint PRIMARY KEY, email text NOT NULL, city text);
    INSERT INTO people SELECT n, 'person' || hashint8(n) || '@example.com', 'City ' || n % 7 FROM generate_series(1, 5000) n;
    CREATE INDEX twin_a ON people (city); CREATE INDEX twin_b ON people (city);
    CREATE TABLE unseen AS SELECT n AS id FROM generate_series(1, 2000) n;
    ALTER TABLE unseen SET (autovacuum_enabled = off); ANALYZE people`)
  await client.query("SELECT pg_sleep(1.1), 'person-secret@example.com'")
}, 60_000)
afterAll(async () => {
  await client.end()
  await server[Symbol.asyncDispose]()
  await rm(folder, { recursive: true, force: true })
})
const db = (line: string, url = server.url) =>
  dbCommand([...line.split(" "), "--url", url], hostOf({ environment: { VOLTGATE_STATE: folder } }))

describe("report", { timeout: 60_000 }, () => {
  test("names what is slow, what takes the time, and what to look at, each with its cure", async () => {
    const { text, exitCode } = await db("report --no-snapshot")
    expect(exitCode).toBe(0)
    expect(text).toMatch(/Slower than a second on average \(1\)\n +1\.1\d s × 1 .*SELECT pg_sleep/)
    expect(text).toMatch(/public\.twin_b: is the same as twin_a/)
    expect(text).toMatch(
      /public\.unseen: has 2000 rows and no statistics: the planner guesses\. → ANALYZE public\.unseen/,
    )
    expect(text).toMatch(/track_io_timing: is off/)
    expect(text).toMatch(/public\.people \(email\): has many values in no order/)
    expect(text).not.toMatch(/secret|@example/)
  })
  test("tells what changed since the one before", async () => {
    await db("report")
    for (let i = 0; i < 5; i++) await client.query("SELECT count(*) FROM people WHERE city = $1", ["City 3"])
    const { trends, trendsSince } = JSON.parse((await db("report --json")).text) as {
      trends: { text: string; calls: number }[]
      trendsSince: string
    }
    expect(Date.parse(trendsSince)).toBeLessThanOrEqual(Date.now())
    expect(trends.find(({ text }) => text.includes("FROM people WHERE city"))?.calls).toBe(5)
  })
  test("is drawn as a page that stands by itself, without a value of anybody", async () => {
    const file = join(folder, "report.html")
    expect((await db(`report --no-snapshot --html ${file}`)).text).toBe(`The report is in ${file}.`)
    const page = await readFile(file, "utf8")
    expect(page).toMatch(/<svg[\s\S]*<rect/)
    expect(page).not.toMatch(/<script|https?:\/\/|secret|@example/)
  })
})

describe("doctor", { timeout: 60_000 }, () => {
  test("finds a database in order that is", async () => {
    await client.query("ALTER SYSTEM SET track_io_timing = on")
    await client.query("SELECT pg_reload_conf()")
    await expect.poll(async () => (await db("doctor")).text).toMatch(/✓ timing/)
    const { text, exitCode } = await db("doctor")
    expect(exitCode).toBe(0)
    expect(text).toMatch(
      /✓ version .*Postgres 18\.\d+: planning beside it is exact[\s\S]*✓ statements[\s\S]*✓ rights to change/,
    )
  })
  test("says what a role lacks, and that the role that is shipped for advice lacks nothing", async () => {
    await client.query("CREATE ROLE poor LOGIN; GRANT CONNECT ON DATABASE postgres TO poor")
    const poor = await db("doctor", server.url.replace("voltgate@", "poor@"))
    expect(poor.text).toMatch(
      /! rights to read .*its own statements alone[\s\S]*! rights to change .*does not own every table/,
    )
    await client.query(await readFile("deploy/postgres/roles-advice.sql", "utf8"))
    const url = server.url.replace("voltgate@", "voltgate_advice@")
    expect((await db("doctor", url)).text).toMatch(/✓ rights to read/)
    expect((await db("report --no-snapshot", url)).exitCode).toBe(0)
    expect((await db("advise", url)).exitCode).toBe(0)
  }, 60_000)
  test("a database that is away, or not there, is one failure with its cure", async () => {
    expect(await db("doctor", "postgres://x@127.0.0.1:1/none")).toMatchObject({
      exitCode: 1,
      text: expect.stringMatching(/nothing listens there/),
    })
    expect(await db("doctor", server.url.replace(/postgres$/, "nowhere"))).toMatchObject({
      exitCode: 1,
      text: expect.stringMatching(/no database of that name/),
    })
  })
})

describe("the pool", { timeout: 60_000 }, () => {
  test("keeps its least, opens more for work, and never more than its most; who comes too many waits", async () => {
    const { text } = await db("pool --json --min 3 --max 6 --load 10")
    expect(JSON.parse(text)).toMatchObject({
      driver: "pg",
      idle: { total: 3, idle: 3, active: 0, waiting: 0, utilization: 0 },
      busy: { total: 6, idle: 0, active: 6, waiting: 4, utilization: 1 },
    })
  })
  test("a server that has no connection left is told, and what was opened is given back", async () => {
    await expect(openPool({ url: server.url, min: 60, max: 60 })).rejects.toMatchObject({ code: "53300" })
    await expect
      .poll(
        async () =>
          (await client.query("SELECT FROM pg_stat_activity WHERE application_name = 'voltgate pool'")).rowCount,
      )
      .toBe(0)
  })
  test("an empty pool is used by nobody", () => {
    expect(poolMetrics({ totalCount: 0, idleCount: 0, waitingCount: 0 })).toEqual({
      total: 0,
      idle: 0,
      active: 0,
      waiting: 0,
      utilization: 0,
    })
    expect(toPrometheus(poolMetrics({ totalCount: 4, idleCount: 1, waitingCount: 2 }))).toMatch(
      /# TYPE voltgate_postgres_pool_utilization gauge\nvoltgate_postgres_pool_utilization 0\.75\n$/,
    )
  })
  test("serves its metrics to Prometheus until it is stopped", async () => {
    const stop = new AbortController()
    const printed = Promise.withResolvers<string>()
    const running = dbCommand(
      ["pool", "--url", server.url, "--listen", "127.0.0.1:0"],
      hostOf({ stop: stop.signal, print: printed.resolve }),
    )
    const [address] = /http:\S+metrics/.exec(await printed.promise) ?? []
    expect(await (await fetch(address ?? "")).text()).toMatch(/voltgate_postgres_pool_total 5/)
    stop.abort()
    expect(await running).toEqual({ text: "Stopped.", exitCode: 0 })
  })
  test("speaks to Neon by its own driver, over its WebSocket", async () => {
    const endpoint = await startPostgresEndpoint()
    try {
      await using pool = await openPool({ url: endpoint.connectionString, min: 1, max: 2, neonProxy: endpoint.wsProxy })
      expect(pool.driver).toBe("neon")
      expect(await pool.query("SELECT 7 AS seven")).toEqual([{ seven: 7 }])
      expect(pool.metrics()).toMatchObject({ total: 1, idle: 1 })
    } finally {
      await endpoint.close()
    }
  })
  test.each([
    ["pool --min 9 --max 3", /above --max/],
    ["pool --listen nowhere", /--listen takes a host and a port/],
    ["pool --load none", /--load takes a whole number/],
  ])("%s is wrong usage", async (line, message) => {
    await expect(db(line)).rejects.toThrow(message)
  })
})
