import { Client } from "pg"
import { afterAll, beforeAll, expect, test } from "vitest"
import { migrate } from "../../dev/postgres-endpoint/migrate.ts"
import { startPostgresEndpoint } from "../../dev/postgres-endpoint/start.ts"
import type { PostgresEndpoint } from "../../dev/postgres-endpoint/start.ts"
import { checkPostgres } from "./check-postgres.ts"
import { checkStatements } from "./postgres-facts.ts"
import { doctor, nobodyUrl } from "./testing.ts"

const deadlineMs = 5_000

let endpoint: PostgresEndpoint
beforeAll(async () => {
  endpoint = await startPostgresEndpoint()
})
afterAll(() => endpoint.close())

test("a database before its migrations fails in that one thing, after them in none", async () => {
  const before = await doctor(["--url", nobodyUrl], { DATABASE_URL: endpoint.databaseUrl })
  expect(before.exitCode).toBe(1)
  expect([...before.checks.keys()].slice(-4)).toEqual([
    "Postgres",
    "Postgres version",
    "History table",
    "Query statistics",
  ])
  expect(before.checks.get("Postgres")?.state).toBe("ok")
  expect(before.checks.get("Postgres version")).toMatchObject({
    state: "ok",
    message: expect.stringMatching(/1[4-9]\.\d/),
  })
  expect(before.checks.get("History table")).toMatchObject({
    state: "failed",
    cure: expect.stringContaining("migrations"),
  })

  await migrate(endpoint.databaseUrl)
  const after = await doctor(["--url", nobodyUrl], { DATABASE_URL: endpoint.databaseUrl })
  expect(after.checks.get("History table")?.state).toBe("ok")
  expect(after.checks.get("Query statistics")).toMatchObject({
    state: "warning",
    cure: expect.stringContaining("CREATE EXTENSION pg_stat_statements"),
  })
  expect(after.stdout + after.stderr).not.toContain("postgres:postgres@")
})

const usage = "grant usage on schema electrical_analysis to reader;"
const insert = "grant insert on electrical_analysis.analyses to reader;"

test.each([
  ["failed", ""],
  ["failed", usage],
  ["failed", insert],
  ["ok", usage + insert],
])("the history's table is %s for a user after %j", async (state, grants) => {
  await migrate(endpoint.databaseUrl)
  const client = new Client({ connectionString: endpoint.databaseUrl })
  await client.connect()
  try {
    // The endpoint has one session, which keeps the role for whoever connects next.
    await client.query(`create role reader; ${grants} set role reader`)
    const checks = await checkPostgres(endpoint.databaseUrl, { deadlineMs })
    expect(checks[2]).toMatchObject({
      name: "History table",
      state,
      ...(state === "ok" ? {} : { cure: expect.stringContaining("GRANT INSERT") }),
    })
  } finally {
    await client.query("reset role; drop owned by reader; drop role reader")
    await client.end()
  }
})

test.each([
  ["nothing listens there", "postgres://user:s3cret-word@127.0.0.1:10/database"],
  ["not the address of a Postgres", "mysql://user:s3cret-word@127.0.0.1/database"],
  ["not the address of a Postgres", "postgres://user:s3cret-word@127.0.0.1:port/database"],
])("%s: told without the password", async (message, databaseUrl) => {
  const { checks, stdout, stderr } = await doctor(["--url", nobodyUrl], { DATABASE_URL: databaseUrl })
  expect(checks.get("Postgres")).toMatchObject({ state: "failed", message: expect.stringContaining(message) })
  expect(checks.has("Postgres version")).toBe(false)
  expect(stdout + stderr).not.toContain("s3cret-word")
})

const refusing = (code: string) => ({
  query: (): never => {
    throw Object.assign(new Error("refused"), { code })
  },
})

test.each([
  ["55000", "shared_preload_libraries"],
  ["42501", "pg_read_all_stats"],
])("query statistics that cannot be read (%s) are a warning with their cure", async (code, cure) => {
  const facts = { statementsView: "public.pg_stat_statements", statementsAvailable: true }
  expect(await checkStatements(refusing(code) as never, facts)).toMatchObject({
    state: "warning",
    cure: expect.stringContaining(cure),
  })
})
