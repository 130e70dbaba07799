import { Client } from "pg"
import { afterAll, beforeAll, expect, test } from "vitest"
import { startPostgres } from "../../../dev/postgres/start-postgres.ts"
import type { LocalPostgres } from "../../../dev/postgres/start-postgres.ts"
import { hostOf } from "../../testing.ts"
import { dbCommand } from "../db-command.ts"
import { openPool } from "../pool/open-pool.ts"
import { openDatabase } from "./open-database.ts"
import { startStrictProxy } from "./testing.ts"
import type { StrictProxy } from "./testing.ts"

let server: LocalPostgres
let proxy: StrictProxy
beforeAll(async () => {
  server = await startPostgres(18)
  proxy = await startStrictProxy(server.url)
}, 60_000)
afterAll(async () => {
  await proxy[Symbol.asyncDispose]()
  await server[Symbol.asyncDispose]()
})

test("the proxy refuses what PgBouncer refuses", async () => {
  const client = new Client({ connectionString: proxy.url, options: "-c work_mem=1MB" })
  await expect(client.connect()).rejects.toThrow("unsupported startup parameter: options")
})

test("reads through a pooler that takes no options at the start, and cannot write", async () => {
  await using database = await openDatabase({ url: proxy.url, purpose: "test" })
  expect(
    await database.query(
      "SELECT current_setting('transaction_read_only') AS only, current_setting('statement_timeout') AS longest",
    ),
  ).toEqual([{ only: "on", longest: "30s" }])
  await expect(database.query("CREATE TABLE t (n int)")).rejects.toMatchObject({ code: "25006" })
  expect(await database.query("SELECT 1 AS n")).toEqual([{ n: 1 }])
})

test("leaves nothing behind in a session that the next one gets", async () => {
  await using database = await openDatabase({ url: server.url, purpose: "leaving" })
  await database.query("SELECT set_config('work_mem', '1MB', false)")
  expect(
    await database.query(
      "SELECT reset_val = setting AS same FROM pg_settings WHERE name IN ('default_transaction_read_only', 'work_mem')",
    ),
  ).toEqual([{ same: true }, { same: true }])
})

test("questions that are asked at once are answered one after the other", async () => {
  await using database = await openDatabase({ url: server.url, purpose: "test" })
  const answers = await Promise.allSettled([1, 0, 2].map((n) => database.query("SELECT 4 / $1::int AS n", [n])))
  expect(answers.map(({ status }) => status)).toEqual(["fulfilled", "rejected", "fulfilled"])
})

test("an address's own options stay, and cannot take the guard away", async () => {
  const options = encodeURIComponent("-c search_path=pg_catalog -c default_transaction_read_only=off")
  await using database = await openDatabase({ url: `${server.url}?options=${options}`, purpose: "test" })
  expect(
    await database.query(
      "SELECT current_setting('search_path') AS path, current_setting('transaction_read_only') AS only",
    ),
  ).toEqual([{ path: "pg_catalog", only: "on" }])
})

test("a pool's connections have their longest time through a pooler as well", async () => {
  await using pool = await openPool({ url: proxy.url, min: 2, max: 3 })
  const longest = await Promise.all(
    [1, 2, 3].map(() => pool.query("SELECT current_setting('statement_timeout') AS longest, pg_sleep(0.1)")),
  )
  expect(longest.map(([row]) => row?.["longest"])).toEqual(["30s", "30s", "30s"])
})

test.each(["doctor", "report --no-snapshot", "advise", "apply"])(
  "%s works through a pooler",
  async (line) => {
    const ran = await dbCommand([...line.split(" "), "--url", proxy.url], hostOf())
    expect(ran).toMatchObject({ exitCode: 0 })
  },
  60_000,
)

test("PGSSLMODE is honored: whoever requires encryption is not served without it", async () => {
  const host = hostOf({ environment: { PGSSLMODE: "require", DATABASE_URL: server.url } })
  expect(await dbCommand(["doctor"], host)).toMatchObject({
    exitCode: 1,
    text: expect.stringContaining("cannot be used"),
  })
})
