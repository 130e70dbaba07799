import { mkdtemp, writeFile } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { Client } from "pg"
import { afterAll, beforeAll, describe, expect, test } from "vitest"
import { startPostgres } from "../../../dev/postgres/start-postgres.ts"
import type { LocalPostgres } from "../../../dev/postgres/start-postgres.ts"
import { createSaas, saasRows } from "../../../dev/postgres-workload/create-saas.ts"
import { runShapes } from "../../../dev/postgres-workload/run-shapes.ts"
import { saasShapes } from "../../../dev/postgres-workload/saas-shapes.ts"
import { hostOf } from "../../testing.ts"
import { seeded } from "../../../dev/scale-demo/random.ts"
import { openDatabase } from "../connect/open-database.ts"
import { dbCommand } from "../db-command.ts"
import { sampleLiveTexts } from "../observe/read-live-texts.ts"
import { advise } from "./advise.ts"
import type { Advice } from "./advise.ts"

const total = 60_000
let server: LocalPostgres
let client: Client
beforeAll(async () => {
  server = await startPostgres(18)
  client = new Client({ connectionString: server.url })
  await client.connect()
  await createSaas(client, total, () => undefined)
  await runShapes(client, saasShapes, saasRows(total), { calls: 120, random: seeded(3) })
}, 120_000)
afterAll(async () => {
  await client.end()
  await server[Symbol.asyncDispose]()
})

const db = (line: string) => dbCommand([...line.split(" "), "--url", server.url], hostOf())
const ask = async (line = ""): Promise<Advice> => JSON.parse((await db(`advise --json ${line}`.trim())).text) as Advice

describe("advice for a small software company's database", { timeout: 120_000 }, () => {
  test("is found by the planner, within the budget, and saves most of the time when it is built", async () => {
    const advice = await ask("--budget 30MB --least 0.2%")
    const definitions = advice.changes.map(({ sql }) => sql.replace(/^CREATE INDEX voltgate_\w+ /, ""))
    expect(definitions).toContain("ON public.users USING btree (lower(email))")
    expect(definitions).toContain("ON public.events USING gin (payload jsonb_path_ops)")
    expect(
      definitions.some((each) => each.includes("WHERE deleted_at IS NULL") || each.includes("paid_at IS NULL")),
    ).toBe(true)
    const sizeBytes = advice.changes.reduce((sum, { estimate }) => sum + (estimate.sizeBytes ?? 0), 0)
    expect(sizeBytes).toBeLessThanOrEqual(30 * 1_048_576)
    expect(advice.exactness.exact).toBe(true)
    const slow = "SELECT id, name, plan FROM users WHERE lower(email) = 'user7@example7.com'"
    for (const { sql, inverse } of advice.changes) {
      await client.query(sql)
      expect(inverse).toMatch(/^DROP INDEX public\.voltgate_/)
    }
    const { rows } = await client.query<{ "QUERY PLAN": string }>(`EXPLAIN ${slow}`)
    expect(rows.map((row) => row["QUERY PLAN"]).join("\n")).toMatch(/voltgate_/)
    // What is there now is not proposed again.
    const again = await ask("--budget 60MB --least 0.2%")
    const before = new Set(advice.changes.map(({ object }) => object))
    expect(again.changes.filter(({ object }) => before.has(object))).toEqual([])
    for (const { inverse } of advice.changes) await client.query(inverse ?? "")
  })

  test("asks the database for its catalog alone, and never shows a value of a user", async () => {
    await client.query("SELECT pg_stat_statements_reset()")
    await runShapes(client, saasShapes.slice(0, 4), saasRows(total), { calls: 20, random: seeded(4) })
    const { text } = await db("advise")
    expect(text).not.toMatch(/@example|R-\d{8}/i)
    const { rows } = await client.query<{ query: string }>(
      "SELECT query FROM pg_stat_statements WHERE query ~* '^\\s*(explain|create index|insert|update|delete)'",
    )
    expect(rows).toEqual([])
  })

  test("knows a field's name that counting lost from what sessions send, and shows it in no text", async () => {
    const sent = "SELECT count(*) FROM events WHERE payload ->> 'path' = $1"
    for (let call = 0; call < 20; call++) await client.query(sent, ["/p/1"])
    const { changes } = await ask("--sample 1s --least 0.1%")
    expect(changes.map(({ sql }) => sql).join("\n")).toContain("((payload ->> 'path'))")
    expect((await db("advise --sample 1s --least 0.1%")).text).not.toContain("'path'")
    await client.query("SELECT 1")
    const blind = await ask("--sample 1s --least 0.1%")
    expect(blind.changes.map(({ sql }) => sql).join("\n")).not.toContain("->>")
  })

  test("leaves out what sessions sent where it was cut, or elsewhere", async () => {
    const other = new Client({ connectionString: server.url.replace(/postgres$/, "template1") })
    await other.connect()
    await using database = await openDatabase({ url: server.url, purpose: "advise" })
    const texts = async () => [...(await sampleLiveTexts(database, { forMs: 0 })).values()].flat()
    await other.query("SELECT 'elsewhere'")
    await client.query("SELECT 'here'")
    expect(await texts()).toEqual(["SELECT 'here'"])
    await client.query(`SELECT '${"long".repeat(300)}'`)
    expect(await texts()).toEqual([])
    await other.end()
  })

  test("counts what it cannot read, with the reason", async () => {
    const file = join(await mkdtemp(join(tmpdir(), "voltgate-advise-")), "statements.json")
    const statements = [
      "SELECT * FROM users WHERE lower(email) = $1",
      "SELECT * FROM users WHERE em",
      "SELECT $",
      "VACUUM",
      "SELECT 1",
      "SELECT * FROM nowhere WHERE x = $1",
    ]
    await writeFile(file, JSON.stringify(statements.map((text) => ({ text, calls: 10, totalMs: 1_000 }))))
    const advice = await ask(`--statements ${file}`)
    expect(advice.changes.map(({ table }) => table)).toEqual(["users"])
    expect(Object.values(advice.statements.skipped).reduce((sum, count) => sum + count, 0)).toBe(5)
  })

  test("begins with the statistics that a table lacks, as all else is weighed by them, and is without them afterwards", async () => {
    await client.query("CREATE TABLE fresh (id int, kind int) WITH (autovacuum_enabled = off)")
    await client.query("INSERT INTO fresh SELECT i, i % 7 FROM generate_series(1, 5000) i")
    await client.query("SELECT pg_stat_force_next_flush()")
    const sent = "SELECT count(*) FROM fresh WHERE kind = $1"
    for (let call = 0; call < 500; call++) await client.query(sent, [3])
    const [first] = (await ask("--sample 1s")).changes
    expect(first).toMatchObject({ kind: "analyze", sql: "ANALYZE public.fresh" })
    expect(first?.reason).toBe("It has 5000 rows and no statistics: the planner guesses.")
    expect((await db("explain 1 --sample 1s")).text).toMatch(/^ANALYZE public\.fresh;[\s\S]*It leaves nothing to undo/)
    await client.query("ANALYZE fresh")
    expect((await ask("--sample 1s")).changes.map(({ kind }) => kind)).not.toContain("analyze")
    await client.query("DROP TABLE fresh")
  })

  test("one piece of it is told in words", async () => {
    const { text, exitCode } = await db("explain 1 --least 0.1%")
    expect([exitCode, text]).toEqual([
      0,
      expect.stringMatching(/^CREATE INDEX voltgate_[\s\S]*of its cost now: SELECT[\s\S]*To undo it: DROP INDEX/),
    ])
    expect((await db("explain 99")).exitCode).toBe(1)
  })
})

test.each([
  ["advise --budget lots", /--budget takes a size/],
  ["advise --least 5", /--least takes a share/],
  ["advise --engine oracle", /--engine takes automatic/],
  ["advise --statements /none.json", /no such file/],
])("%s is wrong usage", async (line, message) => {
  await expect(db(line)).rejects.toThrow(message)
})

test.each([0, 1, 2, 5])(
  "a database that goes away after %i questions is one error, and no other is left over",
  async (answered) => {
    let asked = 0
    const query = async () => {
      if (asked++ < answered) return []
      throw new Error("gone")
    }
    const options = { leastShare: 0.005, engine: "automatic" as const, onProgress: () => undefined }
    await expect(advise({ query }, [], options, Date.now)).rejects.toThrow(/gone|does not say/)
  },
)

test("a database that is away is one sentence", async () => {
  const { text, exitCode } = await dbCommand(["advise", "--url", "postgres://nobody@127.0.0.1:1/none"], hostOf())
  expect([exitCode, text]).toEqual([1, expect.stringMatching(/out of reach: nothing listens there/)])
})
