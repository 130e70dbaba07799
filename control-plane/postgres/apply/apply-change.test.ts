import { mkdtemp, readFile, rm } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { afterAll, beforeAll, expect, test } from "vitest"
import type { ProposedChange } from "../change.ts"
import { applyChanges } from "./apply-changes.ts"
import { asOnlyRun } from "./open-run.ts"
import { undo } from "./revert.ts"
import { createOrders, indexOn, invalidIndexes, runSettings, startTestServer } from "./testing.ts"
import type { TestServer } from "./testing.ts"
import { verifyWaiting } from "./verify-waiting.ts"

let server: TestServer
beforeAll(async () => {
  server = await startTestServer(18)
}, 60_000)
afterAll(() => server[Symbol.asyncDispose]())

test("builds an index, records it before and after, and undoes it by its id", async () => {
  const database = await server.createDatabase("builds")
  await createOrders(database, 20_000)
  const settings = runSettings(database.url)
  const { entries } = await asOnlyRun(settings, (run) => applyChanges(run, [indexOn("customer_id")], 1, () => "c1"))
  expect(entries.map(({ state }) => state)).toEqual(["verifying"])
  expect(entries[0]?.history.map(({ state }) => state)).toEqual(["planned", "building", "built", "verifying"])
  expect(await invalidIndexes(database)).toEqual([])
  expect(await database.query("SELECT to_regclass('public.voltgate_customer_id') IS NOT NULL AS there")).toEqual([
    { there: true },
  ])
  const undone = await asOnlyRun(settings, async (run) => {
    const [entry] = await run.journal.list()
    return entry === undefined ? undefined : undo(run, entry, "Asked for.")
  })
  expect(undone?.state).toBe("reverted")
  expect(await database.query("SELECT to_regclass('public.voltgate_customer_id') AS there")).toEqual([{ there: null }])
})

test("builds an index on a partitioned table part by part, and drops all of it", async () => {
  const database = await server.createDatabase("partitioned")
  await database.query(
    `CREATE TABLE orders (id int, customer_id int) PARTITION BY RANGE (id);
     CREATE TABLE orders_1 PARTITION OF orders FOR VALUES FROM (0) TO (1000);
     CREATE TABLE orders_2 PARTITION OF orders FOR VALUES FROM (1000) TO (3000) PARTITION BY RANGE (id);
     CREATE TABLE orders_2a PARTITION OF orders_2 FOR VALUES FROM (1000) TO (2000);
     INSERT INTO orders SELECT i, i FROM generate_series(0, 1999) i`,
  )
  const settings = runSettings(database.url)
  const { entries, refused } = await asOnlyRun(settings, (run) =>
    applyChanges(run, [indexOn("customer_id")], 1, () => "c1"),
  )
  expect(refused).toEqual([])
  expect(entries[0]?.state).toBe("verifying")
  expect(await invalidIndexes(database)).toEqual([])
  const count = "SELECT count(*)::int AS n FROM pg_class WHERE relname LIKE 'voltgate\\_customer\\_id%'"
  expect(await database.query(count)).toEqual([{ n: 4 }])
  await asOnlyRun(settings, async (run) => {
    for (const entry of await run.journal.list()) await undo(run, entry, "Asked for.")
  })
  expect(await database.query(count)).toEqual([{ n: 0 }])
})

test("sets, and sets back, what can be set", async () => {
  const database = await server.createDatabase("settable")
  await createOrders(database, 1_000)
  await database.query("ALTER TABLE orders SET (fillfactor = 80)")
  const { object: _, ...plain } = indexOn("note")
  const changes: readonly ProposedChange[] = [
    { ...plain, kind: "analyze", sql: "ANALYZE public.orders" },
    { ...plain, kind: "set-statistics-target", sql: "ALTER TABLE public.orders ALTER note SET STATISTICS 500" },
    {
      ...plain,
      kind: "set-table-option",
      sql: "ALTER TABLE public.orders SET (fillfactor = 90, autovacuum_vacuum_threshold = 7)",
    },
    {
      ...plain,
      kind: "create-statistics",
      object: "voltgate_s",
      sql: "CREATE STATISTICS public.voltgate_s ON id, customer_id FROM public.orders",
    },
  ]
  const look = `SELECT reloptions, (SELECT attstattarget FROM pg_attribute WHERE attrelid = c.oid AND attname = 'note') AS target,
    (SELECT count(*)::int FROM pg_statistic_ext) AS extended FROM pg_class c WHERE relname = 'orders'`
  const before = await database.query(look)
  let id = 0
  const settings = runSettings(database.url)
  const { entries } = await asOnlyRun(settings, (run) => applyChanges(run, changes, 9, () => `c${id++}`))
  expect(entries.map(({ state }) => state)).toEqual(["kept", "verifying", "verifying", "verifying"])
  expect(await database.query(look)).toEqual([
    { reloptions: ["fillfactor=90", "autovacuum_vacuum_threshold=7"], target: 500, extended: 1 },
  ])
  const undone = await asOnlyRun(settings, async (run) => {
    const states: string[] = []
    for (const entry of entries.slice(1)) states.push((await undo(run, entry, "Asked for.")).state)
    return states
  })
  expect(undone).toEqual(["reverted", "reverted", "reverted"])
  expect(await database.query(look)).toEqual(before)
})

test("drops what it did not make only when allowed and unneeded, and brings it back", async () => {
  const database = await server.createDatabase("droppable")
  await createOrders(database, 1_000)
  await database.query(
    "CREATE INDEX old ON orders (id); CREATE INDEX twin ON orders (id); CREATE UNIQUE INDEX one ON orders (id)",
  )
  const drop = (object: string) => indexOn("id", { kind: "drop-index", object, sql: `DROP INDEX public.${object}` })
  const settings = runSettings(database.url)
  const forbidden = await asOnlyRun(settings, (run) => applyChanges(run, [drop("old")], 1, () => "c1"))
  expect(forbidden.refused[0]?.reason).toMatch(/with --allow-drop only/)
  const allowed = { ...settings, limits: { ...settings.limits, allowDrop: true } }
  const { entries, refused } = await asOnlyRun(allowed, (run) =>
    applyChanges(run, [drop("one"), drop("old")], 2, () => "c2"),
  )
  expect(refused[0]?.reason).toBe("public.one stays, as it is unique, or stands behind a constraint.")
  expect(entries[0]?.state).toBe("verifying")
  const [entry] = entries
  await asOnlyRun(settings, async (run) => entry && undo(run, entry, "Asked for."))
  expect(await database.query("SELECT to_regclass('public.old') IS NOT NULL AS there")).toEqual([{ there: true }])
})

test("judges by the server's own counters: keeps what helps, undoes what does not", async () => {
  const database = await server.createDatabase("judged")
  await createOrders(database, 30_000)
  await using session = await database.open()
  const call = async (): Promise<void> => {
    for (let i = 0; i < 40; i++) await session.query("SELECT count(*) FROM orders WHERE customer_id = $1", [i])
  }
  await call()
  const [row] = await session.query(
    "SELECT queryid::text AS id FROM pg_stat_statements WHERE query LIKE 'SELECT count(*) FROM orders WHERE%'",
  )
  const estimate = { queries: [{ queryId: String(row?.["id"]), costRatio: 0.05 }] }
  const settings = runSettings(database.url)
  const useless = indexOn("note", { estimate })
  await asOnlyRun(settings, (run) => applyChanges(run, [useless], 1, () => "c1"))
  expect(await asOnlyRun(settings, verifyWaiting)).toEqual([])
  await call()
  expect((await asOnlyRun(settings, verifyWaiting)).map(({ state }) => state)).toEqual(["reverted"])
  const again = await asOnlyRun(settings, (run) => applyChanges(run, [useless], 1, () => "c2"))
  expect(again.refused[0]?.reason).toMatch(/^It was undone as c1 and is not tried again before /)
  await asOnlyRun(settings, (run) => applyChanges(run, [indexOn("customer_id", { estimate })], 1, () => "c3"))
  await call()
  expect((await asOnlyRun(settings, verifyWaiting)).map(({ id, state }) => [id, state])).toEqual([["c3", "kept"]])
})

const rolesFile = new URL("../../../deploy/postgres/roles-apply.sql", import.meta.url)

test("the rights of deploy/postgres are enough; a role without them changes nothing and keeps its journal in a file", async () => {
  const database = await server.createDatabase("least_rights")
  await createOrders(database, 1_000)
  await database.query("CREATE ROLE shop_owner; CREATE ROLE reader LOGIN; CREATE ROLE partner LOGIN IN ROLE shop_owner")
  await database.query("GRANT CREATE, USAGE ON SCHEMA public TO shop_owner; ALTER TABLE orders OWNER TO shop_owner")
  await database.query((await readFile(rolesFile, "utf8")).replaceAll("app_owner", "shop_owner"))
  const stateFolder = await mkdtemp(join(tmpdir(), "voltgate-state-"))
  const applyAs = (role: string, change: ProposedChange) =>
    asOnlyRun(runSettings(server.urlOf("least_rights", role), { stateFolder }), async (run) => ({
      ...(await applyChanges(run, [change], 1, () => `c-${role}`)),
      place: run.journal.place,
      list: await run.journal.list(),
    }))
  const reader = await applyAs("reader", indexOn("id"))
  expect(reader.refused[0]?.reason).toMatch(/^This role does not own public\.orders/)
  const partner = await applyAs("partner", indexOn("note"))
  expect(partner.entries[0]?.state).toBe("verifying")
  expect(partner.place).toContain(stateFolder)
  expect(partner.list).toEqual(partner.entries)
  const shipped = await applyAs("voltgate_apply", indexOn("customer_id"))
  expect(shipped.entries[0]?.state).toBe("verifying")
  expect(shipped.entries[0]?.before).toBeDefined()
  expect(shipped.place).toBe("schema voltgate of the watched database")
  await rm(stateFolder, { recursive: true })
})
