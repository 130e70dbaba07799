import { beforeEach, describe, expect, test } from "vitest"
import type { AnswerCache } from "../ports/answer-cache.ts"
import { answerCacheSuite, cachedAnswer, findEntry, freshAddress, keep } from "../ports/answer-cache.suite.ts"
import { createMemoryAnswerCache } from "../runtime/memory/answer-cache.ts"
import { createFrontCache } from "./front-cache.ts"

answerCacheSuite("in front of a memory", () => {
  let at = 1_000_000
  const now = (): number => at
  return {
    cache: createFrontCache(createMemoryAnswerCache({ now }), { now }),
    now,
    pass: async (ms) => {
      at += ms
    },
  }
})

describe("two isolates before one store", () => {
  let at: number
  let asked: number
  let [here, there]: AnswerCache[] = []
  let store: AnswerCache
  const now = (): number => at
  beforeEach(() => {
    at = 1_000_000
    asked = 0
    const memory = createMemoryAnswerCache({ now })
    store = {
      ...memory,
      lookUp: (address) => {
        asked++
        return memory.lookUp(address)
      },
    }
    ;[here, there] = [createFrontCache(store, { now }), createFrontCache(store, { now })]
  })
  const both = (): readonly [AnswerCache, AnswerCache] => {
    if (here === undefined || there === undefined) throw new Error("not started")
    return [here, there]
  }

  test("what was found or written is held for some seconds, and costs no trip meanwhile", async () => {
    const [one, other] = both()
    const address = freshAddress()
    await keep(one, address, cachedAnswer(at, 60_000))
    await findEntry(other, address)
    asked = 0
    at += 9_000
    for (const cache of [one, other]) expect(await findEntry(cache, address)).toBeDefined()
    expect(asked).toBe(0)
    at += 2_000
    for (const cache of [one, other]) expect(await findEntry(cache, address)).toBeDefined()
    expect(asked).toBe(2)
  })

  test("the latest epoch is known here, for when the store is away", async () => {
    const one = createFrontCache(store, { now })
    const address = freshAddress()
    expect(one.latestEpoch(address.tenant)).toBeUndefined()
    await keep(one, address, cachedAnswer(at, 60_000))
    await one.invalidate(address.tenant, ["a1"])
    const { epoch } = await one.lookUp(freshAddress({ tenant: address.tenant }))
    expect(one.latestEpoch(address.tenant)).toBe(epoch)
  })

  test("what is held ends with its entry", async () => {
    const [one] = both()
    const address = freshAddress()
    await keep(one, address, cachedAnswer(at, 2_000))
    at += 2_000
    expect(await findEntry(one, address)).toBeUndefined()
  })

  test.each<readonly [string, readonly string[] | "all"]>([
    ["a label", ["a1"]],
    ["all", "all"],
  ])("an invalidation by %s is seen here at once, and there within 30 s", async (_, what) => {
    const [one, other] = both()
    const address = freshAddress()
    await keep(one, address, cachedAnswer(at, 60_000), { labels: ["a1"] })
    await findEntry(other, address)
    await one.invalidate(address.tenant, what)
    expect(await findEntry(one, address)).toBeUndefined()
    at += 30_000
    expect(await findEntry(other, address)).toBeUndefined()
  })

  test("what comes late, having been asked for before an invalidation, is not held either", async () => {
    const [one] = both()
    const [address, known] = [freshAddress(), freshAddress()]
    await keep(one, { ...known, tenant: address.tenant }, cachedAnswer(at, 60_000))
    const { epoch } = await one.lookUp(address)
    await one.invalidate(address.tenant, "all")
    await one.write(address, { answer: cachedAnswer(at, 60_000), epoch, labels: [] })
    expect(await findEntry(one, address)).toBeUndefined()
    await keep(one, address, cachedAnswer(at, 60_000))
    asked = 0
    expect(await findEntry(one, address)).toBeDefined()
    expect(asked).toBe(0)
  })

  test("what is found while an invalidation is under way is not held", async () => {
    const address = freshAddress()
    await keep(store, address, cachedAnswer(at, 60_000))
    const found = await store.lookUp(address)
    const late = Promise.withResolvers<typeof found>()
    let lookUp: AnswerCache["lookUp"] = () => late.promise
    const one = createFrontCache({ ...store, lookUp: (asking) => lookUp(asking) }, { now })
    const looking = one.lookUp(address)
    await one.invalidate(address.tenant, "all")
    late.resolve(found)
    await looking
    lookUp = store.lookUp
    expect(await findEntry(one, address)).toBeUndefined()
  })

  test("a quarantine here takes all of the group out of what is held here, and there within seconds", async () => {
    const [one, other] = both()
    const address = freshAddress()
    const from = { ...address, entry: freshAddress().entry }
    await keep(one, address, cachedAnswer(at, 60_000))
    await one.alias(from, address.entry)
    for (const cache of both()) expect(await findEntry(cache, from)).toBeDefined()
    await one.quarantine(address)
    expect(await findEntry(one, from)).toBeUndefined()
    at += 10_000
    expect(await findEntry(other, from)).toBeUndefined()
  })

  test("hits on what is held are counted, here and in the store", async () => {
    const [one] = both()
    const address = freshAddress()
    await keep(one, address, cachedAnswer(at, 60_000))
    for (const hits of [1, 2]) {
      const entry = await findEntry(one, address)
      if (entry !== undefined) await one.touch(address, entry, at)
      expect(await findEntry(one, address)).toMatchObject({ hits, lastAccessAt: at })
    }
    expect(await findEntry(store, address)).toMatchObject({ hits: 2 })
  })

  test("its memory is bounded: what was longest unused goes first, and what is too large is not held", async () => {
    const [small, large, other] = [freshAddress(), freshAddress(), freshAddress()]
    const one = createFrontCache(store, { now, maxBytes: 2_500 })
    await keep(one, small, cachedAnswer(at, 60_000))
    await keep(one, other, cachedAnswer(at, 60_000))
    await findEntry(one, small)
    await keep(one, freshAddress(), cachedAnswer(at, 60_000))
    asked = 0
    await findEntry(one, small)
    expect(asked).toBe(0)
    await findEntry(one, other)
    expect(asked).toBe(1)
    await keep(one, large, cachedAnswer(at, 60_000, "x".repeat(5_000)))
    asked = 0
    expect(await findEntry(one, large)).toBeDefined()
    expect(asked).toBe(1)
  })
})
