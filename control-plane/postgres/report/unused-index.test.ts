import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { afterAll, beforeAll, expect, test } from "vitest"
import { hostOf } from "../../testing.ts"
import { dbCommand } from "../db-command.ts"
import { historyFile } from "./history-file.ts"
import { ask, startPair } from "./testing.ts"
import type { Pair } from "./testing.ts"

const dayMs = 86_400_000
let pair: Pair
let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "voltgate-unused-"))
  pair = await startPair([
    "CREATE EXTENSION pg_stat_statements",
    "CREATE TABLE orders AS SELECT n AS id, n % 50 AS customer, md5(n::text) AS note FROM generate_series(1, 5000) n",
    "CREATE INDEX read_there ON orders (customer); CREATE INDEX unread ON orders (note); ANALYZE orders",
  ])
}, 120_000)
afterAll(async () => {
  await pair[Symbol.asyncDispose]()
  await rm(folder, { recursive: true, force: true })
})

const db = (line: string) =>
  dbCommand([...line.split(" "), "--url", pair.primary], hostOf({ environment: { VOLTGATE_STATE: folder } }))

/** Puts what was seen until now so far back that enough days have passed. */
const passDays = async (days: number): Promise<void> => {
  const file = historyFile(folder, pair.primary)
  const history = JSON.parse(await readFile(file, "utf8")) as { at: string }[]
  const moved = history.map((each) => ({ ...each, at: new Date(Date.parse(each.at) - days * dayMs).toISOString() }))
  await writeFile(file, JSON.stringify(moved))
}

test("an index goes that nobody has used for 30 days, on the primary or on a standby, and comes back when asked", async () => {
  const [changes, look] = [join(folder, "changes.json"), "report --unused-over 1B"]
  expect((await db(`${look} --replica ${pair.standby}`)).text).toMatch(
    /unread: was not used .* watched it for 0 days of 30/,
  )
  await ask(pair.standby, "SET enable_seqscan = off; SELECT count(*) FROM orders WHERE customer = 7")
  await passDays(31)
  expect((await db(`${look} --no-snapshot`)).text).toMatch(
    /unread: was not used here in 31 days\. Standbys attached: 1, looked at: 0/,
  )
  await expect
    .poll(async () => (await db(`${look} --no-snapshot --replica ${pair.standby}`)).text, { timeout: 20_000 })
    .not.toMatch(/read_there: was not used in/)
  const { text } = await db(`${look} --replica ${pair.standby} --changes ${changes}`)
  expect(text).toMatch(/unread: was not used in 31 days, here or on a standby/)
  expect((await db(`apply --yes --from ${changes}`)).text).toMatch(/--allow-drop only/)
  const applied = await db(`apply --yes --allow-drop --max-changes 9 --from ${changes}`)
  expect(applied.text).toMatch(/drop-index unread on public.orders: verifying/)
  const left = "SELECT indexrelid::regclass::text AS name FROM pg_index WHERE indrelid = 'orders'::regclass ORDER BY 1"
  expect(await ask(pair.primary, left)).toEqual([{ name: "read_there" }])
  expect((await db("revert --last")).exitCode).toBe(0)
  expect(await ask(pair.primary, left)).toEqual([{ name: "read_there" }, { name: "unread" }])
}, 60_000)

test("a server that is no copy of this one is not taken for a standby", async () => {
  expect(await db(`report --replica ${pair.primary}`)).toMatchObject({
    exitCode: 1,
    text: expect.stringMatching(/is no standby of this database/),
  })
})
