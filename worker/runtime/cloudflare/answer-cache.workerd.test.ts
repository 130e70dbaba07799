import { evictDurableObject, runDurableObjectAlarm, runInDurableObject } from "cloudflare:test"
import { env } from "cloudflare:workers"
import { describe, expect, test } from "vitest"
import { groupLimit } from "../../ports/answer-cache.ts"
import type { CacheAddress } from "../../ports/answer-cache.ts"
import { answerCacheSuite, cachedAnswer, findEntry, freshAddress, keep, near } from "../../ports/answer-cache.suite.ts"
import { createDurableAnswerCache } from "./answer-cache.ts"
import type { DurableCacheOptions } from "./answer-cache.ts"

const sleep = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms))
const cacheOn = (changes: Partial<DurableCacheOptions> = {}) =>
  createDurableAnswerCache({
    shards: env.ANSWER_STORE,
    epochs: env.ANSWER_EPOCHS,
    now: Date.now,
    timeoutMs: 5_000,
    ...changes,
  })

answerCacheSuite("Durable Objects", () => ({ cache: cacheOn(), now: Date.now, pass: sleep }))

const shardOf = ({ tenant, group }: CacheAddress) =>
  env.ANSWER_STORE.get(env.ANSWER_STORE.idFromName(`${tenant}:${group.slice(0, 1)}`))
const epochsOf = ({ tenant }: CacheAddress) => env.ANSWER_EPOCHS.get(env.ANSWER_EPOCHS.idFromName(tenant))
const siblingOf = (address: CacheAddress): CacheAddress => ({ ...address, entry: freshAddress().entry })
const alarmOf = (address: CacheAddress) => runInDurableObject(shardOf(address), (_, { storage }) => storage.getAlarm())
const exec = (address: CacheAddress, statement: string, ...values: readonly string[]) =>
  runInDurableObject(shardOf(address), (_, { storage }) => storage.sql.exec(statement, ...values).toArray())

describe("a shard", () => {
  test("still has its answers, its groups and their vectors when it is evicted", async () => {
    const [address, cache] = [freshAddress(), cacheOn()]
    const from = siblingOf(address)
    await keep(cache, address, cachedAnswer(Date.now(), 60_000), { near, labels: ["a1"] })
    await cache.alias(from, address.entry, "seal of the alias")
    const before = [await cache.lookUp(address), await cache.lookUp(from), await cache.lookUp(siblingOf(address))]
    await evictDurableObject(shardOf(address))
    await evictDurableObject(epochsOf(address))
    const after = cacheOn()
    const found = [await after.lookUp(address), await after.lookUp(from), await after.lookUp(siblingOf(address))]
    expect(found).toEqual(before)
    expect(found[2]).toMatchObject({ neighbors: [{ ...near, id: address.entry }] })
    await after.invalidate(address.tenant, ["a1"])
    expect(await findEntry(after, address)).toBeUndefined()
  })

  test("sets its alarm for the first end, and none while there is nothing to end", async () => {
    const [address, cache] = [freshAddress(), cacheOn()]
    await cache.lookUp(address)
    expect(await alarmOf(address)).toBeNull()
    const answer = cachedAnswer(Date.now(), 60_000)
    await keep(cache, address, answer)
    await keep(cache, siblingOf(address), cachedAnswer(Date.now(), 90_000))
    expect(await alarmOf(address)).toBe(answer.expiresAt)
    const sooner = cachedAnswer(Date.now(), 30_000)
    await keep(cache, siblingOf(address), sooner)
    expect(await alarmOf(address)).toBe(sooner.expiresAt)
  })

  test("clears away what has expired when the alarm comes, and sets the next for what is left", async () => {
    const [address, cache] = [freshAddress(), cacheOn()]
    const lasting = siblingOf(address)
    await keep(cache, address, cachedAnswer(Date.now(), 200), { near })
    await keep(cache, lasting, cachedAnswer(Date.now(), 600_000), { near })
    await cache.alias(siblingOf(address), address.entry)
    await sleep(300)
    await runDurableObjectAlarm(shardOf(address))
    const count =
      "select (select count(*) from entries) + (select count(*) from members) + (select count(*) from aliases) as n"
    expect(await exec(address, count)).toEqual([{ n: 2 }])
    expect(await alarmOf(address)).toBeGreaterThan(Date.now())
    expect(await findEntry(cache, lasting)).toBeDefined()
  })

  test("leaves nothing and sleeps once all has expired, and begins anew when it is written to", async () => {
    const [address, cache] = [freshAddress(), cacheOn()]
    await keep(cache, address, cachedAnswer(Date.now(), 100), { near })
    await sleep(200)
    await runDurableObjectAlarm(shardOf(address))
    expect(await alarmOf(address)).toBeNull()
    expect(await exec(address, "select name from sqlite_master where name = 'entries'")).toEqual([])
    await keep(cache, address, cachedAnswer(Date.now(), 60_000), { near })
    expect(await findEntry(cache, address)).toBeDefined()
    expect(await alarmOf(address)).not.toBeNull()
  })

  test.each([
    ["no JSON", "{oops"],
    ["of another shape", '{"answer":5}'],
  ])("gives nothing for an answer that is %s, and removes it", async (_, stored) => {
    const [address, cache] = [freshAddress(), cacheOn()]
    await keep(cache, address, cachedAnswer(Date.now(), 60_000))
    await exec(address, "update entries set answer = ?", stored)
    expect(await findEntry(cache, address)).toBeUndefined()
    expect(await exec(address, "select id from entries")).toEqual([])
  })

  test("leaves out a neighbor that cannot be read", async () => {
    const [address, cache] = [freshAddress(), cacheOn()]
    const other = siblingOf(address)
    await keep(cache, address, cachedAnswer(Date.now(), 60_000), { near })
    await keep(cache, other, cachedAnswer(Date.now(), 60_000), { near })
    await exec(address, "update members set neighbor = '{oops' where id = ?", address.entry)
    await evictDurableObject(shardOf(address))
    expect(await cache.lookUp(siblingOf(address))).toMatchObject({ neighbors: [{ id: other.entry }] })
  })

  test("holds no more of a group in its tables than in its memory", async () => {
    const [address, cache] = [freshAddress(), cacheOn()]
    const { epoch } = await cache.lookUp(address)
    for (let more = 0; more < groupLimit + 3; more++) {
      await cache.write(siblingOf(address), { answer: cachedAnswer(Date.now(), 60_000), epoch, labels: [], near })
    }
    expect(await exec(address, "select count(*) as n from members")).toEqual([{ n: groupLimit }])
  })
})

describe("invalidations", () => {
  test("are seen by another isolate within 30 s", async () => {
    let at = Date.now()
    const [here, there] = [cacheOn(), cacheOn({ now: () => at })]
    const address = freshAddress()
    await keep(here, address, cachedAnswer(Date.now(), 600_000), { labels: ["a1"], near })
    expect(await findEntry(there, address)).toBeDefined()
    await here.invalidate(address.tenant, ["a1"])
    at += 20_000
    expect(await findEntry(there, address)).toBeUndefined()
    expect(await there.lookUp(siblingOf(address))).toMatchObject({ neighbors: [] })
  })

  test("told since an isolate's last reading are all that it is told", async () => {
    const [address, cache] = [freshAddress(), cacheOn()]
    await cache.invalidate(address.tenant, ["a1", "b2"])
    const first = await epochsOf(address).read()
    await cache.invalidate(address.tenant, ["c3"])
    expect(first.labels).toEqual([
      { label: "a1", tick: 1 },
      { label: "b2", tick: 1 },
    ])
    expect(await epochsOf(address).read(first)).toEqual({ ...first, clock: 2, labels: [{ label: "c3", tick: 2 }] })
    expect((await epochsOf(address).read({ base: "another", clock: 9 })).labels).toHaveLength(3)
  })

  test("that were lost make void all that they stood for", async () => {
    const [address, cache] = [freshAddress(), cacheOn()]
    await keep(cache, address, cachedAnswer(Date.now(), 60_000))
    await runInDurableObject(epochsOf(address), (_, { storage }) => storage.put("book", "garbage"))
    await evictDurableObject(epochsOf(address))
    const after = cacheOn()
    expect(await findEntry(after, address)).toBeUndefined()
    await keep(after, address, cachedAnswer(Date.now(), 60_000))
    expect(await findEntry(after, address)).toBeDefined()
  })
})

describe("objects that fail", () => {
  const silent = {
    idFromName: (name: string) => name,
    get: () => ({ lookUp: () => new Promise<never>(() => undefined) }),
  }

  test("are waited for no longer than the deadline, and left alone after some failures", async () => {
    // Only what the cache uses of a namespace.
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion
    const shards = silent as unknown as DurableCacheOptions["shards"]
    const cache = cacheOn({ shards, timeoutMs: 50 })
    for (let failure = 0; failure < 3; failure++) {
      await expect(cache.lookUp(freshAddress())).rejects.toThrow(/No answer within 50 ms/)
    }
    await expect(cache.lookUp(freshAddress())).rejects.toThrow(/rests/)
  })
})
