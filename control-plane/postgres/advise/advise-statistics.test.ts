import { mkdtemp, rm, writeFile } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { Client } from "pg"
import { afterAll, beforeAll, describe, expect, test } from "vitest"
import { startPostgres } from "../../../dev/postgres/start-postgres.ts"
import type { LocalPostgres } from "../../../dev/postgres/start-postgres.ts"
import { hostOf } from "../../testing.ts"
import { dbCommand } from "../db-command.ts"
import type { Advice } from "./advise.ts"

let server: LocalPostgres
let client: Client
let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "voltgate-statistics-"))
  server = await startPostgres(18, { autovacuum: "off", max_parallel_workers_per_gather: "0" })
  client = new Client({ connectionString: server.url })
  await client.connect()
  // A town lies in one region: the two together let through as many as the town alone.
  for (const sql of [
    "CREATE TABLE owner (id int PRIMARY KEY, name text)",
    "CREATE TABLE place (id int PRIMARY KEY, owner_id int, town int, region int, colour int)",
    "INSERT INTO owner SELECT i, rpad('Owner ' || i, 400, 'x') FROM generate_series(1, 100000) i",
    "INSERT INTO place SELECT i, 1 + (i::bigint * 7919) % 100000, i % 40, i % 10, (i / 40) % 10 FROM generate_series(1, 200000) i",
    // Else what was written may be told after ANALYZE, and count as changed since.
    "SELECT pg_stat_force_next_flush()",
    "VACUUM ANALYZE",
  ])
    await client.query(sql)
}, 60_000)
afterAll(async () => {
  await client.end()
  await server[Symbol.asyncDispose]()
  await rm(folder, { recursive: true, force: true })
})

const db = (line: string) => dbCommand([...line.split(" "), "--url", server.url], hostOf())

/** What is advised after a statement was sent some times, without indexes. */
const adviceFor = async (sql: string, parameters: readonly unknown[]) => {
  await client.query("SELECT pg_stat_statements_reset()")
  for (let call = 0; call < 5; call++) await client.query(sql, [...parameters])
  const { text } = await db("advise --json --sample 1s --budget 0.01MB")
  return (JSON.parse(text) as Advice).changes.filter(({ kind }) => kind === "create-statistics")
}

const joined = (condition: string): string =>
  `SELECT p.id, o.name FROM place p JOIN owner o ON o.id = p.owner_id WHERE ${condition}`

describe("statistics of columns together", { timeout: 60_000 }, () => {
  test("are advised where the planner takes for independent what is not, and another plan would be cheaper", async () => {
    const [change, ...others] = await adviceFor(joined("p.town = $1 AND p.region = $2"), [13, 3])
    expect(others).toEqual([])
    expect(change?.sql).toMatch(
      /^CREATE STATISTICS public\.voltgate_\w+ \(ndistinct, dependencies\) ON town, region FROM public\.place$/,
    )
    expect(change?.reason).toMatch(/5,000 rows a call where at most 5\d\d are expected.* expects 5,\d\d\d/)
    expect(change?.estimate.queries[0]?.costRatio).toBeLessThan(0.9)
  })

  test("make the database's own planner choose that plan once they are applied, and go when that is undone", async () => {
    const planOf = async (): Promise<string> => {
      const { rows } = await client.query<{ "QUERY PLAN": string }>(
        `EXPLAIN (COSTS OFF) ${joined("p.town = 13 AND p.region = 3")}`,
      )
      return rows.map((row) => row["QUERY PLAN"]).join("\n")
    }
    await client.query("SELECT pg_stat_statements_reset()")
    for (let call = 0; call < 5; call++) await client.query(joined("p.town = $1 AND p.region = $2"), [13, 3])
    expect(await planOf()).toMatch(/Nested Loop/)
    const file = join(folder, "advice.json")
    await writeFile(file, (await db("advise --json --sample 1s --budget 0.01MB")).text)
    const { text, exitCode } = await db(`apply --yes --from ${file} --disk-free 100GB`)
    expect([exitCode, text]).toEqual([0, expect.stringMatching(/create-statistics voltgate_/)])
    expect(await planOf()).toMatch(/Hash Join/)
    expect((await db("revert --last")).exitCode).toBe(0)
    expect((await client.query("SELECT FROM pg_statistic_ext")).rows).toEqual([])
    await client.query("ANALYZE place")
    expect(await planOf()).toMatch(/Nested Loop/)
  })

  test("are not advised where columns are independent, or where no plan would change", async () => {
    expect(await adviceFor(joined("p.town = $1 AND p.colour = $2"), [13, 3])).toEqual([])
    expect(await adviceFor("SELECT id FROM place WHERE town = $1 AND region = $2", [13, 3])).toEqual([])
  })
})
