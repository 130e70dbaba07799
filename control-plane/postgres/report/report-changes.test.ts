import { randomBytes } from "node:crypto"
import { mkdtemp, rm } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { afterAll, beforeAll, expect, test } from "vitest"
import { startTestServer } from "../apply/testing.ts"
import { hostOf } from "../../testing.ts"
import { dbCommand } from "../db-command.ts"

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "voltgate-changes-"))
})
afterAll(() => rm(folder, { recursive: true, force: true }))

test.each([14, 18] as const)(
  "on Postgres %i apply carries out, and undoes, what the report finds of tables",
  async (major) => {
    await using server = await startTestServer(major)
    const database = await server.createDatabase("neglected")
    const db = (line: string) =>
      dbCommand(
        [...line.split(" "), "--url", database.url],
        hostOf({ environment: { VOLTGATE_STATE: folder }, randomBytes }),
      )
    await database.query(
      `CREATE TABLE unseen AS SELECT n AS id FROM generate_series(1, 5000) n;
     CREATE TABLE "Odd name" WITH (autovacuum_vacuum_scale_factor = 0.4) AS SELECT n AS id FROM generate_series(1, 5000) n;
     CREATE TABLE switched WITH (autovacuum_enabled = false) AS SELECT n AS id FROM generate_series(1, 5000) n`,
    )
    await database.query(`ANALYZE "Odd name", switched`)
    await database.query(`DELETE FROM "Odd name" WHERE id % 3 = 0; DELETE FROM switched WHERE id % 3 = 0`)
    const file = join(folder, "changes.json")
    const { text } = await db(`report --changes ${file}`)
    expect(text).toMatch(/public\.unseen: has 5000 rows and no statistics/)
    expect(text).toMatch(
      /public\."Odd name": 1666 dead rows beside 3334 living ones: autovacuum waits for 40 in a hundred/,
    )
    expect(text).toMatch(/public\.switched: 1666 dead rows beside 3334 living ones: autovacuum is off for it/)
    const look =
      "SELECT relname AS name, reloptions AS options FROM pg_class WHERE relname IN ('Odd name', 'switched') ORDER BY 1"
    const before = await database.query(look)
    const applied = await db(`apply --yes --max-changes 9 --from ${file}`)
    expect(applied).toMatchObject({ exitCode: 0, text: expect.stringMatching(/analyze public.unseen: kept/) })
    expect(await database.query(look)).toEqual([
      { name: "Odd name", options: ["autovacuum_vacuum_scale_factor=0.02"] },
      { name: "switched", options: ["autovacuum_enabled=on"] },
    ])
    expect(await database.query("SELECT count(*)::int AS n FROM pg_stats WHERE tablename = 'unseen'")).toEqual([
      { n: 1 },
    ])
    for (const _ of before) await db("revert --last")
    const options = (await database.query(look)).map((row) => row["options"])
    expect(options).toEqual(before.map((row) => row["options"]))
  },
  60_000,
)
