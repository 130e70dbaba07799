import { expect, test } from "vitest"
import { openWhatIf } from "../open-what-if.ts"
import { startSource } from "../testing.ts"

/** HypoPG comes with systems' packages of Postgres, not with npm's: where it is missing, the plans are not compared. */
const startWithHypopg = async () => {
  const source = await startSource(15).catch(() => undefined)
  const available = await source?.database.query("SELECT FROM pg_available_extensions WHERE name = 'hypopg'")
  if (source !== undefined && available?.length === 1) return source
  await source?.[Symbol.asyncDispose]()
  return undefined
}

test("plans with HypoPG in the database itself where it is asked for", async ({ skip }) => {
  await using source = await startWithHypopg()
  if (source === undefined) return skip("No Postgres 15 with HypoPG is installed.")
  const { database } = source
  await database.query("CREATE EXTENSION hypopg")
  await database.query("CREATE TABLE parcel (id int PRIMARY KEY, code text)")
  await database.query("INSERT INTO parcel SELECT i, md5(i::text) FROM generate_series(1, 20000) i")
  await database.query("ANALYZE parcel")
  const given = (name: string, column: string) => ({
    name,
    schema: "public",
    table: "parcel",
    definition: `ON public.parcel (${column})`,
  })
  await using whatIf = await openWhatIf(database, [given("by_code", "code"), given("of_nothing", "nothing")], {
    engine: "hypopg",
  })
  const sql = { sql: "SELECT * FROM parcel WHERE code = 'abc'" }
  expect((await whatIf.plan(sql, { on: new Set() })).indexes).toEqual([])
  expect((await whatIf.plan(sql, { on: new Set(["by_code"]) })).indexes).toEqual(["by_code"])
  expect((await whatIf.plan(sql, { on: new Set() })).indexes).toEqual([])
  await expect(whatIf.plan({ sql: "SELECT 1; DELETE FROM parcel" }, { on: new Set() })).rejects.toThrow(/one statement/)
  expect([...whatIf.refused.keys()]).toEqual(["of_nothing"])
  expect(whatIf.sizeBytes("by_code")).toBeGreaterThan(100_000)
  expect(whatIf.exactness).toMatchObject({ engineMajor: 15, exact: false })
}, 30_000)

test("says what to do where HypoPG is not in the database", async () => {
  await using source = await startSource(18)
  await expect(openWhatIf(source.database, [], { engine: "hypopg" })).rejects.toThrow(/CREATE EXTENSION hypopg/)
}, 30_000)
