import { beforeEach, describe, expect, test } from "vitest"
import type { AnswerCache, CacheAddress, CachedAnswer } from "../ports/answer-cache.ts"
import { answerCacheSuite, cachedAnswer, findEntry, freshAddress, keep, near } from "../ports/answer-cache.suite.ts"
import { createMemoryAnswerCache } from "../runtime/memory/answer-cache.ts"
import { createSealedCache } from "./sealed-cache.ts"

const secret = "the gateway's own secret"
const unsealed = (answer: CachedAnswer): CachedAnswer => {
  const { seal: _, ...rest } = answer
  return rest
}

/** Seals are made, so what is given back carries another one than the suite's; without it all must be the same. */
const withoutSeals = (cache: AnswerCache): AnswerCache => ({
  ...cache,
  lookUp: async (address) => {
    const looked = await cache.lookUp(address)
    if (!looked.found) return looked
    const { aliasSeal, ...entry } = looked.entry
    const alias = aliasSeal === undefined ? {} : { aliasSeal: "seal of the alias" }
    return { ...looked, entry: { ...entry, ...alias, answer: { ...entry.answer, seal: "sealed" } } }
  },
  read: async (address) => {
    const entry = await cache.read(address)
    return entry && { ...entry, answer: { ...entry.answer, seal: "sealed" } }
  },
})

answerCacheSuite("sealed, in memory", () => {
  let at = 1_000_000
  const now = (): number => at
  return {
    cache: withoutSeals(createSealedCache(createMemoryAnswerCache({ now }), secret)),
    now,
    pass: async (ms) => {
      at += ms
    },
  }
})

describe("somebody who can write to the store", () => {
  const at = 1_000_000
  let store: AnswerCache
  let cache: AnswerCache
  let address: CacheAddress
  beforeEach(async () => {
    store = createMemoryAnswerCache({ now: () => at })
    cache = createSealedCache(store, secret)
    address = freshAddress()
    await keep(cache, address, unsealed(cachedAnswer(at, 60_000)), { near })
  })

  /** Puts this in the place of what lies at the address. */
  const plant = async (where: CacheAddress, answer: CachedAnswer): Promise<void> => {
    const { epoch } = await store.lookUp(where)
    await store.write(where, { answer, epoch, labels: [], near })
  }
  const stored = async (): Promise<CachedAnswer> => {
    const entry = await findEntry(store, address)
    if (entry === undefined) throw new Error("not found")
    return entry.answer
  }
  /** What the cache finds there, and what is left in the store then: nothing and nothing, for what bears no valid seal. */
  const whatIsAt = async (where: CacheAddress) => [await findEntry(cache, where), await findEntry(store, where)]
  const nothing = [undefined, undefined]

  test.each<[string, Partial<CachedAnswer>]>([
    ["the answer", { answer: "All is safe." }],
    ["the question", { question: "Is it safe?" }],
    ["its model", { model: "gpt-4o-mini" }],
    ["its life", { expiresAt: at + 3_600_000 }],
    ["its age", { writtenAt: at - 1 }],
    ["the seal", { seal: "0".repeat(64) }],
  ])("cannot change %s", async (_, change) => {
    await plant(address, { ...(await stored()), ...change })
    expect(await whatIsAt(address)).toEqual(nothing)
  })

  test("cannot write an answer of their own, sealed or not", async () => {
    await plant(address, cachedAnswer(at, 60_000, "forged"))
    expect(await whatIsAt(address)).toEqual(nothing)
    const stranger = createSealedCache(store, "another secret")
    await keep(stranger, address, unsealed(cachedAnswer(at, 60_000, "forged")))
    expect(await whatIsAt(address)).toEqual(nothing)
  })

  test.each(["tenant", "group", "entry"] as const)("cannot pass an answer off under another %s", async (part) => {
    const elsewhere = { ...address, [part]: freshAddress()[part] }
    await plant(elsewhere, await stored())
    expect(await whatIsAt(elsewhere)).toEqual(nothing)
    await plant(elsewhere, await stored())
    expect(await cache.read(elsewhere)).toBeUndefined()
  })

  test.each<[string, string | undefined]>([
    ["unsealed", undefined],
    ["with a seal that is none", "0".repeat(64)],
  ])("cannot lead a question to another one's answer: an alias %s is nothing", async (_, seal) => {
    const from = { ...address, entry: freshAddress().entry }
    await store.alias(from, address.entry, seal)
    expect(await whatIsAt(from)).toEqual(nothing)
    expect(await findEntry(cache, address)).toBeDefined()
  })

  test("cannot make use of another alias's seal", async () => {
    const [from, other] = [freshAddress(), freshAddress()].map(({ entry }) => ({ ...address, entry })) as [
      CacheAddress,
      CacheAddress,
    ]
    await cache.alias(from, address.entry)
    const seal = (await findEntry(cache, from))?.aliasSeal
    await store.alias(other, address.entry, seal)
    expect(await whatIsAt(other)).toEqual(nothing)
  })

  test("loses a forged neighbor where it is read", async () => {
    const forged = { ...address, entry: freshAddress().entry }
    await plant(forged, cachedAnswer(at, 60_000, "forged"))
    const looked = await cache.lookUp({ ...address, entry: freshAddress().entry })
    expect(looked).toMatchObject({ neighbors: [{ id: address.entry }, { id: forged.entry }] })
    expect(await cache.read(forged)).toBeUndefined()
    expect(await findEntry(store, forged)).toBeUndefined()
  })
})
