import { afterAll, beforeAll, expect, test } from "vitest"
import { applyChanges } from "./apply-changes.ts"
import { systemClock } from "./clock.ts"
import type { JournalEntry } from "./journal-entry.ts"
import { asOnlyRun } from "./open-run.ts"
import type { RunSettings } from "./open-run.ts"
import { connectTo } from "./session.ts"
import { createOrders, indexOn, invalidIndexes, runSettings, startTestServer } from "./testing.ts"
import type { TestDatabase, TestServer } from "./testing.ts"

let server: TestServer
beforeAll(async () => {
  server = await startTestServer(18)
}, 60_000)
afterAll(() => server[Symbol.asyncDispose]())

const apply = (settings: RunSettings, changes = [indexOn("customer_id")]) =>
  asOnlyRun(settings, (run) => applyChanges(run, changes, 1, () => `c${Math.random()}`))

const lastNote = (entry: JournalEntry | undefined): string => entry?.history.at(-1)?.note ?? ""

/** Resolves once the worker's build is at work, or waits in a phase of that name. */
const building = async (database: TestDatabase, phase = "%"): Promise<void> => {
  await using watcher = await database.open()
  for (;;) {
    const rows = await watcher.query("SELECT 1 FROM pg_stat_progress_create_index WHERE phase LIKE $1", [phase])
    if (rows.length > 0) return
    await systemClock.sleep(10)
  }
}

/** Holds a snapshot open, as a long report does: every build of this database waits for it. */
const openReader = async (database: TestDatabase) => {
  const reader = await database.open()
  await reader.query("CREATE TABLE IF NOT EXISTS elsewhere (id int)")
  await reader.query("BEGIN ISOLATION LEVEL REPEATABLE READ")
  await reader.query("SELECT count(*) FROM elsewhere")
  return reader
}

test("keeps no write waiting for a second while it builds under load", async () => {
  const database = await server.createDatabase("under_load")
  await createOrders(database, 300_000)
  const end = new AbortController()
  let slowestMs = 0
  const writer = async (): Promise<void> => {
    await using session = await database.open()
    while (!end.signal.aborted) {
      const start = performance.now()
      await session.query("INSERT INTO orders SELECT 1, 1, 'new'")
      await session.query("UPDATE orders SET note = 'changed' WHERE ctid = '(0,1)'")
      slowestMs = Math.max(slowestMs, performance.now() - start)
      await systemClock.sleep(2)
    }
  }
  const writers = [writer(), writer()]
  const { entries } = await apply(runSettings(database.url))
  end.abort()
  await Promise.all(writers)
  expect(entries[0]?.state).toBe("verifying")
  expect(slowestMs).toBeLessThan(1_000)
}, 30_000)

test("waits for a long transaction, then gives up with a sentence", async () => {
  const database = await server.createDatabase("long_transaction")
  await createOrders(database, 1_000)
  await using reader = await openReader(database)
  const settings = runSettings(database.url)
  const lookedAt = { count: 0 }
  // The limit is a minute: the server's answer is aged, not the test.
  const aged: RunSettings = {
    ...settings,
    limits: { ...settings.limits, patienceMs: 1_200 },
    connect: async (role) => {
      const session = await settings.connect(role)
      return {
        pid: session.pid,
        query: async (sql, parameters) => {
          const rows = await session.query(sql, parameters)
          if (!sql.includes("oldest_s")) return rows
          lookedAt.count += 1
          return rows.map((row) => ({ ...row, oldest_s: Number(row["oldest_s"]) + 60 }))
        },
        [Symbol.asyncDispose]: () => session[Symbol.asyncDispose](),
      }
    },
  }
  const { entries, refused } = await apply(aged)
  expect(entries).toEqual([])
  expect(refused[0]?.reason).toMatch(/^Gave up after 1 s\. A transaction has been open for 6\d s \(limit 60 s\)/)
  expect(lookedAt.count).toBeGreaterThan(1)
  await reader.query("COMMIT")
  expect((await apply(settings)).entries[0]?.state).toBe("verifying")
})

test("gives way to DDL that queues behind its build, and leaves no invalid index", async () => {
  const database = await server.createDatabase("queued_ddl")
  await createOrders(database, 10_000)
  await using reader = await openReader(database)
  await using ddl = await database.open()
  await using writer = await database.open()
  const run = apply(runSettings(database.url))
  await building(database, "waiting for%")
  const start = performance.now()
  const altered = ddl.query("ALTER TABLE orders ADD COLUMN extra int")
  const written = writer.query("INSERT INTO orders SELECT 1, 1, 'new'")
  await Promise.all([altered, written])
  expect(performance.now() - start).toBeLessThan(2_500)
  const { entries } = await run
  expect(entries[0]?.state).toBe("failed")
  expect(entries[0]?.history.map(({ note }) => note).join(" ")).toContain("another session queued behind it")
  expect(entries[0]?.hasLeftover).toBe(false)
  expect(await invalidIndexes(database)).toEqual([])
  await reader.query("COMMIT")
}, 20_000)

test("begins again after it gave way, and succeeds", async () => {
  const database = await server.createDatabase("second_try")
  await createOrders(database, 10_000)
  const reader = await openReader(database)
  const settings = runSettings(database.url)
  const run = apply({ ...settings, limits: { ...settings.limits, attempts: 2 } })
  await building(database, "waiting for%")
  await database.query("ALTER TABLE orders ADD COLUMN extra int")
  await reader.query("COMMIT")
  const { entries } = await run
  expect(entries[0]?.state).toBe("verifying")
  await reader[Symbol.asyncDispose]()
}, 20_000)

test("refuses where the disk has less than twice the size free", async () => {
  const database = await server.createDatabase("small_disk")
  await createOrders(database, 1_000)
  const settings = runSettings(database.url)
  const change = indexOn("customer_id", { estimate: { sizeBytes: 600 * 1024 ** 2, queries: [] } })
  const limits = { ...settings.limits, freeBytes: 1024 ** 3 }
  const { entries, refused } = await apply({ ...settings, limits }, [change])
  expect(entries).toEqual([])
  expect(refused[0]?.reason).toBe("The disk has 1.0 GB free, and 1.2 GB are needed: twice what is built.")
})

test("a second run leaves while the first is at work, or waits for it when told to", async () => {
  const database = await server.createDatabase("two_runs")
  await createOrders(database, 10_000)
  await using reader = await openReader(database)
  const first = apply(runSettings(database.url))
  await building(database)
  await expect(apply(runSettings(database.url))).rejects.toThrow(/^Another run is at work on this database/)
  const second = apply(runSettings(database.url, { lockWaitMs: 10_000 }))
  await reader.query("COMMIT")
  expect((await first).entries[0]?.state).toBe("verifying")
  expect((await second).refused[0]?.reason).toMatch(/^It is in place already/)
}, 20_000)

test("never touches an index that a user made under the same name, valid or not", async () => {
  const database = await server.createDatabase("same_name")
  await createOrders(database, 1_000)
  await database.query("CREATE INDEX voltgate_customer_id ON orders (id)")
  await database.query("CREATE INDEX voltgate_note ON orders (id)")
  await database.query("UPDATE pg_index SET indisvalid = false WHERE indexrelid = 'voltgate_note'::regclass")
  const { entries, refused } = await asOnlyRun(runSettings(database.url), (run) =>
    applyChanges(run, [indexOn("customer_id"), indexOn("note")], 2, () => "c1"),
  )
  expect(entries).toEqual([])
  expect(refused.map(({ reason }) => reason.includes("exists, and is not touched"))).toEqual([true, true])
  expect(await database.query("SELECT count(*)::int AS n FROM pg_indexes WHERE tablename = 'orders'")).toEqual([
    { n: 2 },
  ])
})

test("a connection that is cut in mid-build leaves no invalid index, and the record says so", async () => {
  const database = await server.createDatabase("cut")
  await createOrders(database, 10_000)
  await using reader = await openReader(database)
  const run = apply(runSettings(database.url))
  await building(database, "waiting for%")
  await database.query(
    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'voltgate-worker' AND datname = current_database()",
  )
  const { entries } = await run
  expect(entries[0]?.state).toBe("failed")
  expect(lastNote(entries[0])).toBe("What the build left is dropped.")
  expect(await invalidIndexes(database)).toEqual([])
  await reader.query("COMMIT")
}, 20_000)

test("a server that restarts in mid-build is mended by the next run", async () => {
  const database = await server.createDatabase("restarted")
  await createOrders(database, 10_000)
  const reader = await openReader(database)
  const run = apply(runSettings(database.url)).catch((error: unknown) => error)
  await building(database, "waiting for%")
  await server.restart()
  await Promise.allSettled([reader[Symbol.asyncDispose]()])
  expect(await run).toBeInstanceOf(Error)
  expect(await invalidIndexes(database)).toEqual(["voltgate_customer_id"])
  const mended = await asOnlyRun(runSettings(database.url), async (_, entries) => entries)
  expect(mended.map(({ state, hasLeftover }) => [state, hasLeftover])).toEqual([["failed", false]])
  expect(await invalidIndexes(database)).toEqual([])
}, 30_000)

test("refuses a database that became read-only", async () => {
  const database = await server.createDatabase("read_only")
  await createOrders(database, 1_000)
  await asOnlyRun(runSettings(database.url), async () => undefined)
  await database.query("ALTER DATABASE read_only SET default_transaction_read_only = on")
  const { entries, refused } = await apply(runSettings(database.url))
  expect(entries).toEqual([])
  expect(refused[0]?.reason).toMatch(/read-only/)
})

test("a database that becomes read-only in mid-build fails with a sentence and a true record", async () => {
  const database = await server.createDatabase("turns_read_only")
  await createOrders(database, 1_000)
  const connect = connectTo(database.url)
  const settings = runSettings(database.url, {
    connect: async (role) => {
      if (role === "worker") {
        await database.query("ALTER DATABASE turns_read_only SET default_transaction_read_only = on")
      }
      return connect(role)
    },
  })
  const { entries } = await apply(settings)
  expect(entries[0]?.state).toBe("failed")
  expect(entries[0]?.history.some(({ note }) => note.includes("the database became read-only"))).toBe(true)
})

test("a person's Ctrl-C ends the build and cleans up", async () => {
  const database = await server.createDatabase("stopped")
  await createOrders(database, 10_000)
  await using reader = await openReader(database)
  const stop = new AbortController()
  const run = apply(runSettings(database.url, { stop: stop.signal }))
  await building(database, "waiting for%")
  stop.abort()
  const { entries } = await run
  expect(entries[0]?.history.map(({ note }) => note)).toContain("It was not made, as it was stopped.")
  expect(await invalidIndexes(database)).toEqual([])
  await reader.query("COMMIT")
}, 20_000)
