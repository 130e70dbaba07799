import { PGlite } from "@electric-sql/pglite"
import { afterAll, beforeAll, expect, test } from "vitest"
import type { Database } from "../database.ts"
import { readIndexes } from "../observe/read-indexes.ts"
import { plainIndex } from "../observe/testing.ts"
import type { Snapshot } from "./history.ts"
import { indexHints } from "./index-hints.ts"

let engine: PGlite
let database: Database
beforeAll(async () => {
  engine = await PGlite.create()
  database = {
    query: async (sql, parameters = []) => (await engine.query<Record<string, unknown>>(sql, [...parameters])).rows,
  }
}, 30_000)
afterAll(() => engine.close())

const nothingWatched = { history: [], standbysAttached: 0, leastBytes: 0 }
const hintsFor = async (table: string, indexes: string): Promise<readonly string[]> => {
  await engine.exec(`DROP SCHEMA IF EXISTS shop CASCADE; CREATE SCHEMA shop; SET search_path = shop;
    CREATE TABLE ${table} (id int, a int, b int, note text, meta jsonb); ${indexes}`)
  return indexHints(await readIndexes(database), nothingWatched).map(({ subject, message }) => `${subject} ${message}`)
}

test("twins are found by what they are, whatever their names hold", async () => {
  const hints = await hintsFor(
    '"Odd table"',
    `CREATE INDEX "one ""index""" ON "Odd table" (a, note); CREATE INDEX "two indexes" ON "Odd table" (a, note);`,
  )
  expect(hints).toEqual(['shop."two indexes" is the same as "one ""index""", and takes 8.0 kB more.'])
})

test("of a key and its plain twin the plain one is too many", async () => {
  const hints = await hintsFor("t", "CREATE INDEX a_plain ON t (a); CREATE UNIQUE INDEX z_key ON t (a);")
  expect(hints).toEqual(["shop.a_plain is the same as z_key, and takes 8.0 kB more."])
})

test("what a wider index begins with is too many, with the sizes of both", async () => {
  const hints = await hintsFor(
    "t",
    "CREATE INDEX narrow ON t (a) WHERE b > 0; CREATE INDEX wide ON t (a, b DESC) WHERE b > 0; CREATE INDEX holder ON t (note) INCLUDE (id); CREATE UNIQUE INDEX key ON t (note, id);",
  )
  expect(hints).toEqual([
    "shop.holder is what key begins with, and takes 8.0 kB more (key: 8.0 kB).",
    "shop.narrow is what wide begins with, and takes 8.0 kB more (wide: 8.0 kB).",
  ])
})

test.each([
  ["columns in another order", "(a, b)", "(b, a)"],
  ["another direction", "(a DESC)", "(a, b)"],
  ["another operator class", "(note text_pattern_ops)", "(note, a)"],
  ["another collation", '(note COLLATE "POSIX")', '(note COLLATE "C", a)'],
  ["another condition", "(a) WHERE b > 0", "(a, b)"],
  ["another expression", "(lower(note))", "(upper(note), a)"],
  ["another method", "USING hash (a)", "(a, b)"],
  ["what only one carries along", "(a) INCLUDE (note)", "(a, b)"],
  ["two of GIN", "USING gin (meta)", "USING gin (meta jsonb_path_ops)"],
])("an index stays beside one with %s", async (_, one, other) => {
  expect(await hintsFor("t", `CREATE INDEX i ON t ${one}; CREATE INDEX j ON t ${other};`)).toEqual([])
})

test("a unique index is never too many", async () => {
  expect(await hintsFor("t", "CREATE UNIQUE INDEX i ON t (a); CREATE UNIQUE INDEX j ON t (a, b);")).toEqual([])
})

const watchedFor = (days: number, standbys: readonly string[] = []): readonly Snapshot[] =>
  [0, days].map((day) => ({
    at: new Date(Date.UTC(2026, 0, 1 + day)).toISOString(),
    statements: [],
    scans: ["primary", ...standbys].map((server) => ({ server, byIndex: { "101": 0 } })),
  }))
const unusedHint = (watch: { readonly history: readonly Snapshot[]; readonly standbysAttached: number }) =>
  indexHints([plainIndex()], { leastBytes: 100 * 1_048_576, ...watch })[0]

test("an unused index is told with the time that it was watched, and may go after 30 days", () => {
  const early = unusedHint({ history: watchedFor(12), standbysAttached: 0 })
  expect(early?.message).toMatch(/watched it for 12 days of 30/)
  expect(early?.change).toBeUndefined()
  expect(unusedHint({ history: watchedFor(31), standbysAttached: 0 })?.change).toMatchObject({
    sql: "DROP INDEX public.orders_note",
    unused: { indexId: "101", watchedDays: 31, standbys: 0 },
  })
})

test("it may not go as long as a standby is attached that nobody looks at", () => {
  const blind = unusedHint({ history: watchedFor(31, ["s1"]), standbysAttached: 2 })
  expect(blind?.message).toMatch(/Standbys attached: 2, looked at: 1; name each with --replica/)
  expect(blind?.change).toBeUndefined()
  expect(unusedHint({ history: watchedFor(31, ["s1", "s2"]), standbysAttached: 2 })?.change?.unused?.standbys).toBe(2)
})
