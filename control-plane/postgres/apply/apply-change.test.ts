import { afterAll, beforeAll, expect, test } from "vitest"
import { applyChanges } from "./apply-changes.ts"
import { asOnlyRun } from "./open-run.ts"
import { undo } from "./revert.ts"
import { createOrders, indexOn, invalidIndexes, runSettings, startTestServer } from "./testing.ts"
import type { TestServer } from "./testing.ts"

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
