import { mkdtemp, rm } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { Pool, neon, neonConfig } from "@neondatabase/serverless"
import { afterAll, beforeAll, describe, expect, test } from "vitest"
import { startLoopbackServer } from "../../test/loopback-server.ts"
import { startPostgresEndpoint } from "./start.ts"
import type { PostgresEndpoint } from "./start.ts"

let endpoint: PostgresEndpoint
let sql: ReturnType<typeof neon>
beforeAll(async () => {
  endpoint = await startPostgresEndpoint()
  neonConfig.fetchEndpoint = endpoint.fetchEndpoint
  neonConfig.wsProxy = endpoint.wsProxy
  neonConfig.useSecureWebSocket = false
  neonConfig.pipelineTLS = false
  neonConfig.pipelineConnect = false
  neonConfig.disableWarningInBrowsers = true
  sql = neon(endpoint.connectionString)
}, 30_000)
afterAll(() => endpoint.close())

describe("Neon's client over HTTP", () => {
  test("reads every value by its type", async () => {
    const rows = await sql`select 1 as i, 2::int8 as big, 1.50::numeric as n, ${"ü'"}::text as t, null as nothing,
      true as b, array[1, null] as list, ${{ a: [1] }}::jsonb as j, '2026-11-24T10:00:00Z'::timestamptz as at,
      ${Buffer.from([0, 255])}::bytea as bytes`
    expect(rows).toEqual([
      {
        i: 1,
        big: "2",
        n: "1.50",
        t: "ü'",
        nothing: null,
        b: true,
        list: [1, null],
        j: { a: [1] },
        at: new Date("2026-11-24T10:00:00Z"),
        bytes: Buffer.from([0, 255]),
      },
    ])
  })

  test("is told the command, the count and the fields", async () => {
    const result = await sql.query("select 1 as one where false", [], { fullResults: true })
    expect(result).toMatchObject({
      command: "SELECT",
      rowCount: 0,
      rows: [],
      fields: [{ name: "one", dataTypeID: 23 }],
    })
  })

  test("gets Postgres' own error, field by field", async () => {
    await expect(sql`select nosuch from pg_class`).rejects.toMatchObject({
      name: "NeonDbError",
      code: "42703",
      severity: "ERROR",
      position: "8",
      file: "parse_relation.c",
      message: 'column "nosuch" does not exist',
    })
  })

  test("may not send several statements in one text", async () => {
    await expect(sql.query("select 1; select 2")).rejects.toMatchObject({ code: "42601" })
  })

  test("a batch that fails leaves nothing", async () => {
    await sql`create table batch (i int)`
    await expect(sql.transaction([sql`insert into batch values (1)`, sql`select 1 / 0`])).rejects.toMatchObject({
      code: "22012",
    })
    expect(await sql`select * from batch`).toEqual([])
  })

  test("a batch runs in the kind of transaction that was asked for", async () => {
    const kind = sql`select current_setting('transaction_isolation') as level,
      current_setting('transaction_read_only') as read_only, current_setting('transaction_deferrable') as deferrable`
    const asked = { isolationLevel: "Serializable", readOnly: true, deferrable: true } as const
    expect(await sql.transaction([kind], asked)).toEqual([
      [{ level: "serializable", read_only: "on", deferrable: "on" }],
    ])
    expect(await sql.transaction([kind])).toEqual([[{ level: "read committed", read_only: "off", deferrable: "off" }]])
  })

  test("queries at the same time do not mix, nor do batches", async () => {
    await sql`create table counter as select 0 as n`
    const batches = Array.from({ length: 8 }, () => sql.transaction([sql`update counter set n = n + 1`, sql`select 1`]))
    const queries = Array.from({ length: 40 }, (_, i) =>
      i % 2 === 0 ? sql.query(`select ${i} as x`) : sql.query("select $1::int as x, $2::text as y", [i, "y"]),
    )
    await Promise.all(batches)
    const answers = await Promise.all(queries)
    expect(answers.flat()).toEqual(queries.map((_, i) => (i % 2 === 0 ? { x: i } : { x: i, y: "y" })))
    expect(await sql`select n from counter`).toEqual([{ n: 8 }])
  })
})

describe("an HTTP request that is not Neon's client", () => {
  const send = async (headers: Record<string, string | undefined>, body: unknown = { query: "select 1" }) => {
    const usual = {
      "neon-connection-string": endpoint.connectionString,
      "neon-raw-text-output": "true",
      "neon-array-mode": "true",
    }
    const sent = Object.entries({ ...usual, ...headers }).flatMap(([name, value]): [string, string][] =>
      value === undefined ? [] : [[name, value]],
    )
    const response = await fetch(endpoint.fetchEndpoint, { method: "POST", headers: sent, body: JSON.stringify(body) })
    return [response.status, await response.text()]
  }
  const away = "postgres://postgres:postgres@db.example.com/postgres"

  test("is answered when it sends what that would", async () => {
    expect(await send({})).toEqual([200, expect.stringContaining('"rows":[["1"]]')])
  })

  test.each<[string, Record<string, string | undefined>, unknown, RegExp]>([
    [
      "no connection string, as a page would have to",
      { "neon-connection-string": undefined },
      undefined,
      /Connection-String/,
    ],
    ["another database", { "neon-connection-string": away }, undefined, /Connection-String/],
    ["no address", { "neon-connection-string": "psql" }, undefined, /Connection-String/],
    ["a wish for parsed values", { "neon-raw-text-output": "false" }, undefined, /Raw-Text-Output/],
    [
      "an isolation level of its own",
      { "neon-batch-isolation-level": "None; drop table x" },
      { queries: [] },
      /Isolation/,
    ],
    ["no query", {}, { sql: "select 1" }, /`query`/],
  ])("is refused with %s", async (_, headers, body, words) => {
    expect(await send(headers, body)).toEqual([400, expect.stringMatching(words)])
  })
})

describe("Neon's client over a WebSocket", () => {
  test("runs queries and a transaction of its own", async () => {
    const pool = new Pool({ connectionString: endpoint.connectionString })
    const client = await pool.connect()
    await client.query("begin")
    await client.query("create table tunneled as select $1::text as t", ["x".repeat(200_000)])
    await client.query("commit")
    expect((await client.query("select length(t) as long from tunneled")).rows).toEqual([{ long: 200_000 }])
    client.release()
    await pool.end()
    expect(await sql`select count(*)::int as n from tunneled`).toEqual([{ n: 1 }])
  })

  test("frees its connection when it ends, so that the next one finds room", async () => {
    for (let turn = 0; turn < 25; turn++) {
      const pool = new Pool({ connectionString: endpoint.connectionString })
      expect((await pool.query("select 1 as one")).rows).toEqual([{ one: 1 }])
      await pool.end()
    }
  })

  const outcome = async (url: string, headers: Record<string, string> = {}): Promise<number> => {
    const { WebSocket } = await import("ws")
    const socket = new WebSocket(url, { headers })
    return new Promise((resolve) => {
      socket.on("open", () => {
        socket.terminate()
        resolve(101)
      })
      socket.on("unexpected-response", (request, response) => {
        request.destroy()
        resolve(response.statusCode ?? 0)
      })
      socket.on("error", () => undefined)
    })
  }

  test("is led to its own Postgres and nowhere else, and no page is", async () => {
    const other = await startLoopbackServer(async () => undefined)
    const own = `ws://${endpoint.wsProxy}?address=${new URL(endpoint.databaseUrl).host}`
    expect(await outcome(own)).toBe(101)
    expect(await outcome(own, { origin: "https://page.example.com" })).toBe(403)
    expect(await outcome(`ws://${endpoint.wsProxy}?address=${new URL(other.url).host}`)).toBe(403)
    expect(await outcome(`ws://${endpoint.wsProxy}`)).toBe(403)
    expect(await outcome(own.replace("/v2", "/v1"))).toBe(404)
    await other.close()
  })
})

test("data in a folder is there again after a restart", async () => {
  const dataDir = await mkdtemp(join(tmpdir(), "voltgate-postgres-"))
  const run = async (query: string) => {
    const started = await startPostgresEndpoint({ dataDir })
    const headers = {
      "neon-connection-string": started.connectionString,
      "neon-raw-text-output": "true",
      "neon-array-mode": "true",
    }
    const response = await fetch(started.fetchEndpoint, { method: "POST", headers, body: JSON.stringify({ query }) })
    await started.close()
    return ((await response.json()) as { rows: unknown }).rows
  }
  await run("create table kept as select 7 as n")
  expect(await run("select n from kept")).toEqual([["7"]])
  await rm(dataDir, { recursive: true })
}, 30_000)

test("a Postgres that is not there is a clear error, without its password", async () => {
  const started = startPostgresEndpoint({ databaseUrl: "postgres://user:secret@127.0.0.1:1/db" })
  await expect(started).rejects.toThrow("The Postgres of DATABASE_URL does not answer")
  await expect(started).rejects.not.toThrow(/secret/)
})
