import { evictDurableObject, runDurableObjectAlarm, runInDurableObject } from "cloudflare:test"
import { env } from "cloudflare:workers"
import { expect, test } from "vitest"
import { ledgerLifeMs, ledgerLimits } from "../contract/ledger.ts"
import type { LedgerEntry } from "../contract/ledger.ts"

let objects = 0
/** The object of a tenant that no other test has seen. */
const freshObject = () => env.LEDGER.get(env.LEDGER.idFromName(`test ${++objects}`))
type Stub = ReturnType<typeof freshObject>

const entry = (requestId: string, rest: Partial<LedgerEntry> = {}): LedgerEntry => ({
  requestId,
  tenant: "acme",
  queryType: "ocr",
  candidates: ["openai/gpt-4o"],
  answeredAt: Date.now(),
  ...rest,
})
const countIn = (stub: Stub): Promise<number> =>
  runInDurableObject(
    stub,
    (_, { storage }) => storage.sql.exec<{ n: number }>("select count(*) n from requests").one().n,
  )
const alarmOf = (stub: Stub) => runInDurableObject(stub, (_, { storage }) => storage.getAlarm())

test("requests and scores survive an eviction", async () => {
  const stub = freshObject()
  await stub.remember([entry("a")])
  await stub.rate("a", 0.5, Date.now())
  await evictDurableObject(stub)
  expect(await stub.rate("a", 1, Date.now())).toMatchObject({ entry: { requestId: "a" }, previous: 0.5 })
})

test.each<readonly [string, unknown]>([
  ["what is no list", "a"],
  ["an entry without a tenant", [{ ...entry("a"), tenant: "" }]],
  ["an entry with a field that nobody knows", [{ ...entry("a"), answer: "secret" }]],
  ["a bad entry among good ones", [entry("a"), { ...entry("b"), answeredAt: "now" }]],
  ["too many at once", Array.from({ length: ledgerLimits.entriesAtOnce + 1 }, (_, index) => entry(`${index}`))],
])("refuses %s, and keeps nothing of it", async (_, entries) => {
  const stub = freshObject()
  const refused = await runInDurableObject(stub, (object: { remember: (e: unknown) => Promise<void> }) =>
    object.remember(entries).catch(String),
  )
  expect(refused).toMatch(/Error/)
  expect(await countIn(stub)).toBe(0)
})

test("an alarm sweeps what is over a day old, and comes again only while there is something left", async () => {
  const stub = freshObject()
  await stub.remember([entry("old", { answeredAt: Date.now() - ledgerLifeMs }), entry("young")])
  expect(await alarmOf(stub)).toBeGreaterThan(Date.now())
  await runDurableObjectAlarm(stub)
  expect(await countIn(stub)).toBe(1)
  expect(await alarmOf(stub)).toBeGreaterThan(Date.now())
  await runInDurableObject(stub, (_, { storage }) => void storage.sql.exec("update requests set answered_at = 0"))
  await runDurableObjectAlarm(stub)
  expect(await countIn(stub)).toBe(0)
  expect(await alarmOf(stub)).toBeNull()
})

test("keeps the newest when a tenant makes more requests in a day than it holds", async () => {
  const stub = freshObject()
  await stub.remember([entry("first"), entry("second")])
  // As if so many had come since.
  await runInDurableObject(
    stub,
    (_, { storage }) => void storage.sql.exec("update sqlite_sequence set seq = ?", ledgerLimits.entries + 1),
  )
  await stub.remember([entry("last")])
  expect(await stub.rate("first", 1, Date.now())).toBeUndefined()
  expect(await stub.rate("second", 1, Date.now())).toBeUndefined()
  expect(await stub.rate("last", 1, Date.now())).toBeDefined()
})

test("takes an id for an id, whatever it holds", async () => {
  const stub = freshObject()
  await stub.remember([entry("a")])
  expect(await stub.rate("a' or '1'='1", 0, Date.now())).toBeUndefined()
  expect(await stub.rate("a", 1, Date.now())).not.toHaveProperty("previous")
})
