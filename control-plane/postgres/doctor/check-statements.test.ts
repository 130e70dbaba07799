import { Client } from "pg"
import { afterAll, beforeAll, expect, test } from "vitest"
import { startPostgres } from "../../../dev/postgres/start-postgres.ts"
import type { LocalPostgres } from "../../../dev/postgres/start-postgres.ts"
import { hostOf } from "../../testing.ts"
import { dbCommand } from "../db-command.ts"
import { asDatabase } from "../weigh/engine/server-engine.ts"
import { checkStatements } from "./check-statements.ts"

let server: LocalPostgres
let client: Client
beforeAll(async () => {
  server = await startPostgres(18, { "pg_stat_statements.max": "100" })
  client = new Client({ connectionString: server.url })
  await client.connect()
}, 60_000)
afterAll(async () => {
  await client.end()
  await server[Symbol.asyncDispose]()
})

const check = () => checkStatements(asDatabase(client))

test("a server that forgets statements is told how much room would do", async () => {
  expect((await check())[1]).toMatchObject({ state: "ok", message: "None was forgotten; there is room for 100." })
  for (let n = 1; n < 150; n++) await client.query(`SELECT ${Array.from({ length: n }, () => "1").join(", ")}`)
  expect(await check()).toMatchObject([
    { name: "statements", state: "ok" },
    {
      name: "statements kept",
      state: "warning",
      message: expect.stringMatching(/room for 100, and some were forgotten \d+ times since 20/),
      cure: "ALTER SYSTEM SET pg_stat_statements.max = 200; then restart the server.",
    },
  ])
})

test.each([
  ["pg_stat_statements.track", "none", /track is none/],
  ["compute_query_id", "off", /compute_query_id is off/],
])("one that counts nothing, as %s is %s, is a failure with its cure", async (setting, value, message) => {
  await client.query(`SET ${setting} = '${value}'`)
  expect(await check()).toMatchObject([{ state: "failed", message: expect.stringMatching(message) }])
  await client.query(`RESET ${setting}`)
  expect((await check())[0]?.state).toBe("ok")
})

test("without the extension it says how to get it", async () => {
  await client.query("DROP EXTENSION pg_stat_statements")
  expect(await check()).toMatchObject([{ state: "failed", cure: "CREATE EXTENSION pg_stat_statements;" }])
  await client.query("CREATE EXTENSION pg_stat_statements")
})

test("an extension that is installed and not loaded is named by every command that needs it", async () => {
  await using bare = await startPostgres(18, { shared_preload_libraries: "" })
  const db = (name: string) => dbCommand([name, "--url", bare.url], hostOf())
  expect(await db("doctor")).toMatchObject({
    exitCode: 1,
    text: expect.stringMatching(/installed, but not loaded[\s\S]*Add it to shared_preload_libraries, and restart/),
  })
  for (const name of ["report", "advise"]) {
    expect(await db(name)).toMatchObject({
      exitCode: 1,
      text: expect.stringMatching(/is installed, but not loaded: add it/),
    })
  }
}, 60_000)
