import { describe, expect, test } from "vitest"
import { aliasLimit, groupLimit } from "./answer-cache.ts"
import type { AnswerCache, AnswerToKeep, CacheAddress, CachedAnswer, CacheEntry } from "./answer-cache.ts"

export interface CacheUnderTest {
  readonly cache: AnswerCache
  /** The store's own clock; entries end by it. */
  readonly now: () => number
  /** Lets the store's clock pass this time. */
  readonly pass: (ms: number) => Promise<void>
}

const hex = (length: number): string =>
  Array.from({ length }, () => Math.floor(Math.random() * 16).toString(16)).join("")
/** An address in a group of a tenant that no other test has seen; with a group's address, another entry of it. */
export const freshAddress = (within: Partial<CacheAddress> = {}): CacheAddress => ({
  tenant: hex(32),
  group: hex(64),
  entry: hex(64),
  ...within,
})
const siblingOf = ({ tenant, group }: CacheAddress): CacheAddress => freshAddress({ tenant, group })

export const cachedAnswer = (writtenAt: number, lifeMs: number, answer = "Q3 — “C16”, 230 V ±10 %"): CachedAnswer => ({
  question: "Which breaker is Q3? 電気",
  answer,
  provider: "openai",
  model: "gpt-4o",
  finishReason: "stop",
  usage: { inputTokens: 10, outputTokens: 5, cachedInputTokens: 0 },
  costUsd: 0.00025,
  imageTokens: 7,
  writtenAt,
  expiresAt: writtenAt + lifeMs,
  seal: "sealed",
})

export const near: NonNullable<AnswerToKeep["near"]> = {
  embedder: "test-4",
  vector: Int8Array.from([127, -128, 0, 64]),
  answerHash: "5a",
}

/** Asks, as every writer does, and writes what was not found. */
export const keep = async (
  cache: AnswerCache,
  address: CacheAddress,
  answer: CachedAnswer,
  rest: Partial<AnswerToKeep> = {},
): Promise<void> => {
  const { epoch } = await cache.lookUp(address)
  await cache.write(address, { answer, epoch, labels: [], ...rest })
}

export const findEntry = async (cache: AnswerCache, address: CacheAddress): Promise<CacheEntry | undefined> => {
  const looked = await cache.lookUp(address)
  return looked.found ? looked.entry : undefined
}
const mustFind = async (cache: AnswerCache, address: CacheAddress): Promise<CacheEntry> => {
  const entry = await findEntry(cache, address)
  if (entry === undefined) throw new Error("not found")
  return entry
}
const neighborsOf = async (cache: AnswerCache, address: CacheAddress) => {
  const looked = await cache.lookUp(siblingOf(address))
  if (looked.found) throw new Error("found something under an address that is new")
  return looked.neighbors
}

/** What every answer cache promises. */
export const answerCacheSuite = (name: string, start: () => CacheUnderTest): void => {
  describe(`answer cache: ${name}`, () => {
    describe("one entry", () => {
      test("is not found under an address that was never written", async () => {
        const { cache } = start()
        const address = freshAddress()
        expect(await cache.lookUp(address)).toMatchObject({ found: false, neighbors: [] })
        expect(await cache.read(address)).toBeUndefined()
      })

      test("is given back as it was written, unused so far", async () => {
        const { cache, now } = start()
        const [address, answer] = [freshAddress(), cachedAnswer(now(), 60_000)]
        await keep(cache, address, answer)
        const entry = { id: address.entry, answer, hits: 0 }
        expect(await cache.lookUp(address)).toMatchObject({ found: true, entry })
        expect(await findEntry(cache, address)).toEqual(entry)
        expect(await cache.read(address)).toEqual(entry)
      })

      test("counts hits and remembers the last one", async () => {
        const { cache, now } = start()
        const address = freshAddress()
        await keep(cache, address, cachedAnswer(now(), 60_000))
        const entry = await mustFind(cache, address)
        await cache.touch(address, entry, 1_000)
        await cache.touch(address, entry, 2_000)
        expect(await findEntry(cache, address)).toMatchObject({ hits: 2, lastAccessAt: 2_000 })
      })

      test("gives way to a new answer, with its counts", async () => {
        const { cache, now } = start()
        const address = freshAddress()
        await keep(cache, address, cachedAnswer(now(), 60_000))
        await cache.touch(address, await mustFind(cache, address), 1_000)
        const answer = cachedAnswer(now(), 60_000, "new")
        await keep(cache, address, answer)
        expect(await findEntry(cache, address)).toEqual({ id: address.entry, answer, hits: 0 })
      })

      test("ends when its time is over, and a hit does not prolong it", async () => {
        const { cache, now, pass } = start()
        const address = freshAddress()
        await keep(cache, address, cachedAnswer(now(), 1_000))
        const entry = await mustFind(cache, address)
        await pass(600)
        await cache.touch(address, entry, now())
        await pass(600)
        expect(await findEntry(cache, address)).toBeUndefined()
        expect(await cache.read(address)).toBeUndefined()
      })

      test("that has just gone is not brought back by counting a hit on it", async () => {
        const { cache, now, pass } = start()
        const address = freshAddress()
        await keep(cache, address, cachedAnswer(now(), 500))
        const entry = await mustFind(cache, address)
        await pass(600)
        await cache.touch(address, entry, now())
        expect(await findEntry(cache, address)).toBeUndefined()
      })

      test("is removed alone", async () => {
        const { cache, now } = start()
        const address = freshAddress()
        const other = siblingOf(address)
        await keep(cache, address, cachedAnswer(now(), 60_000))
        await keep(cache, other, cachedAnswer(now(), 60_000))
        await cache.remove(address)
        expect(await findEntry(cache, address)).toBeUndefined()
        expect(await findEntry(cache, other)).toBeDefined()
      })

      test.each<keyof CacheAddress>(["tenant", "group", "entry"])(
        "is not found under another %s",
        async (part: keyof CacheAddress) => {
          const { cache, now } = start()
          const address = freshAddress()
          await keep(cache, address, cachedAnswer(now(), 60_000))
          const other = { ...address, [part]: freshAddress()[part] }
          expect(await findEntry(cache, other)).toBeUndefined()
          expect(await cache.read(other)).toBeUndefined()
        },
      )
    })

    describe("a group", () => {
      test("is given where nothing is found: its entries without their answers", async () => {
        const { cache, now } = start()
        const [address, answer] = [freshAddress(), cachedAnswer(now(), 60_000)]
        await keep(cache, address, answer, { near })
        await keep(cache, siblingOf(address), answer)
        const { question, writtenAt } = answer
        expect(await neighborsOf(cache, address)).toEqual([{ id: address.entry, question, writtenAt, ...near }])
      })

      test("holds nothing of another group or another tenant", async () => {
        const { cache, now } = start()
        const address = freshAddress()
        await keep(cache, address, cachedAnswer(now(), 60_000), { near })
        expect(await neighborsOf(cache, freshAddress({ tenant: address.tenant }))).toEqual([])
        expect(await neighborsOf(cache, freshAddress({ group: address.group }))).toEqual([])
      })

      test("loses each entry at its own time", async () => {
        const { cache, now, pass } = start()
        const [short, long] = [freshAddress(), freshAddress()].map((each, _, [first]) => ({
          ...(first ?? each),
          entry: each.entry,
        })) as [CacheAddress, CacheAddress]
        await keep(cache, long, cachedAnswer(now(), 60_000), { near })
        await keep(cache, short, cachedAnswer(now(), 500), { near })
        await pass(600)
        expect((await neighborsOf(cache, short)).map(({ id }) => id)).toEqual([long.entry])
      })

      test("never has more than its limit: the one used longest ago goes", async () => {
        const { cache, now, pass } = start()
        const first = freshAddress()
        const siblings = Array.from({ length: groupLimit }, () => siblingOf(first))
        const from = now()
        await keep(cache, first, cachedAnswer(from, 60_000), { near })
        for (const [index, sibling] of siblings.slice(0, -1).entries()) {
          await keep(cache, sibling, cachedAnswer(from + index, 60_000), { near })
        }
        await cache.touch(first, await mustFind(cache, first), from + 5_000)
        await pass(1)
        await keep(cache, siblings.at(-1) ?? first, cachedAnswer(from + groupLimit, 60_000), { near })
        const ids = (await neighborsOf(cache, first)).map(({ id }) => id)
        expect(ids).toHaveLength(groupLimit)
        expect(ids).toContain(first.entry)
        expect(ids).toContain(siblings.at(-1)?.entry)
        expect(ids).not.toContain(siblings[0]?.entry)
        expect(await findEntry(cache, siblings[0] ?? first)).toBeDefined()
      })

      test("keeps to its limit when many write at once", async () => {
        const { cache, now } = start()
        const first = freshAddress()
        await keep(cache, first, cachedAnswer(now(), 60_000), { near })
        const many = Array.from({ length: groupLimit + 10 }, () => siblingOf(first))
        await Promise.all(many.map((sibling) => keep(cache, sibling, cachedAnswer(now(), 60_000), { near })))
        expect((await neighborsOf(cache, first)).length).toBe(groupLimit)
      })
    })

    describe("an invalidation", () => {
      test("by a label takes all entries that carry it out at once, and no others", async () => {
        const { cache, now } = start()
        const tagged = freshAddress()
        const [also, other] = [freshAddress({ tenant: tagged.tenant }), siblingOf(tagged)]
        const foreign = freshAddress()
        await keep(cache, tagged, cachedAnswer(now(), 60_000), { labels: ["a1", "b2"], near })
        await keep(cache, also, cachedAnswer(now(), 60_000), { labels: ["b2"] })
        await keep(cache, other, cachedAnswer(now(), 60_000), { labels: ["a1"], near })
        await keep(cache, foreign, cachedAnswer(now(), 60_000), { labels: ["b2"] })
        await cache.invalidate(tagged.tenant, ["b2"])
        expect(await findEntry(cache, tagged)).toBeUndefined()
        expect(await cache.read(tagged)).toBeUndefined()
        expect(await findEntry(cache, also)).toBeUndefined()
        expect(await findEntry(cache, other)).toBeDefined()
        expect(await findEntry(cache, foreign)).toBeDefined()
        expect((await neighborsOf(cache, tagged)).map(({ id }) => id)).toEqual([other.entry])
      })

      test("of all takes everything of that tenant out, labeled or not, and nothing of another", async () => {
        const { cache, now } = start()
        const [address, foreign] = [freshAddress(), freshAddress()]
        await keep(cache, address, cachedAnswer(now(), 60_000), { near })
        await keep(cache, foreign, cachedAnswer(now(), 60_000), { near })
        await cache.invalidate(address.tenant, "all")
        expect(await findEntry(cache, address)).toBeUndefined()
        expect(await neighborsOf(cache, address)).toEqual([])
        expect(await findEntry(cache, foreign)).toBeDefined()
      })

      test("does not keep later answers out", async () => {
        const { cache, now } = start()
        const address = freshAddress()
        for (const what of [["a1"], "all", ["a1", "b2"]] as const) {
          await cache.invalidate(address.tenant, what)
          await keep(cache, address, cachedAnswer(now(), 60_000), { labels: ["a1"], near })
          expect(await findEntry(cache, address)).toBeDefined()
          expect(await neighborsOf(cache, address)).toHaveLength(1)
        }
      })

      test.each<readonly [string, readonly string[] | "all"]>([
        ["a label", ["a1"]],
        ["all", "all"],
      ])("by %s also counts for an answer that was on its way", async (_, what) => {
        const { cache, now } = start()
        const [address, known] = [freshAddress(), freshAddress()]
        await keep(cache, { ...known, tenant: address.tenant }, cachedAnswer(now(), 60_000))
        const { epoch } = await cache.lookUp(address)
        await cache.invalidate(address.tenant, what)
        await cache.write(address, { answer: cachedAnswer(now(), 60_000), epoch, labels: ["a1"], near })
        expect(await findEntry(cache, address)).toBeUndefined()
        expect(await neighborsOf(cache, address)).toEqual([])
      })

      test("counts for the very first answer of a tenant too", async () => {
        const { cache, now } = start()
        const address = freshAddress()
        const { epoch } = await cache.lookUp(address)
        await cache.invalidate(address.tenant, ["a1"])
        await cache.write(address, { answer: cachedAnswer(now(), 60_000), epoch, labels: ["a1"] })
        expect(await findEntry(cache, address)).toBeUndefined()
      })

      test("is not mixed up by first answers that come at once", async () => {
        const { cache, now } = start()
        const first = freshAddress()
        const addresses = [first, siblingOf(first), siblingOf(first)]
        const epochs = await Promise.all(addresses.map((address) => cache.lookUp(address)))
        await Promise.all(
          addresses.map((address, index) =>
            cache.write(address, {
              answer: cachedAnswer(now(), 60_000),
              epoch: epochs[index]?.epoch ?? "",
              labels: [],
            }),
          ),
        )
        for (const address of addresses) expect(await findEntry(cache, address)).toBeDefined()
      })
    })

    describe("an alias", () => {
      test("leads to the entry, with its id, and counts for itself", async () => {
        const { cache, now } = start()
        const [address, answer] = [freshAddress(), cachedAnswer(now(), 60_000)]
        const from = siblingOf(address)
        await keep(cache, address, answer)
        await cache.alias(from, address.entry, "seal of the alias")
        expect(await findEntry(cache, from)).toEqual({
          id: address.entry,
          answer,
          hits: 0,
          aliasSeal: "seal of the alias",
        })
        await cache.touch(from, await mustFind(cache, from), 1_000)
        expect(await findEntry(cache, from)).toMatchObject({ hits: 1 })
        expect(await findEntry(cache, address)).toEqual({ id: address.entry, answer, hits: 0 })
      })

      test("is no neighbor, and is not read as one", async () => {
        const { cache, now } = start()
        const address = freshAddress()
        const from = siblingOf(address)
        await keep(cache, address, cachedAnswer(now(), 60_000), { near })
        await cache.alias(from, address.entry)
        expect((await neighborsOf(cache, address)).map(({ id }) => id)).toEqual([address.entry])
        expect(await cache.read(from)).toBeUndefined()
      })

      test("of something that is not there leads nowhere", async () => {
        const { cache } = start()
        const from = freshAddress()
        await cache.alias(from, freshAddress().entry)
        expect(await findEntry(cache, from)).toBeUndefined()
      })

      test("ends with its entry, and goes when that is invalidated", async () => {
        const { cache, now, pass } = start()
        const address = freshAddress()
        const [from, tagged] = [siblingOf(address), siblingOf(address)]
        const fromTagged = siblingOf(address)
        await keep(cache, address, cachedAnswer(now(), 1_000))
        await keep(cache, tagged, cachedAnswer(now(), 60_000), { labels: ["a1"] })
        await cache.alias(from, address.entry)
        await cache.alias(fromTagged, tagged.entry)
        await pass(1_100)
        expect(await findEntry(cache, from)).toBeUndefined()
        expect(await findEntry(cache, fromTagged)).toBeDefined()
        await cache.invalidate(address.tenant, ["a1"])
        expect(await findEntry(cache, fromTagged)).toBeUndefined()
      })

      test("leads no further: one of an alias is none, nor is one of itself", async () => {
        const { cache, now } = start()
        const address = freshAddress()
        const [from, further] = [siblingOf(address), siblingOf(address)]
        await keep(cache, address, cachedAnswer(now(), 60_000))
        await cache.alias(from, address.entry)
        await cache.alias(further, from.entry)
        await cache.alias(address, address.entry, "of itself")
        expect(await findEntry(cache, further)).toBeUndefined()
        expect(await findEntry(cache, address)).not.toHaveProperty("aliasSeal")
      })

      test("too many of one entry are not kept", async () => {
        const { cache, now } = start()
        const address = freshAddress()
        await keep(cache, address, cachedAnswer(now(), 60_000))
        const aliases = Array.from({ length: aliasLimit + 1 }, () => siblingOf(address))
        for (const from of aliases) await cache.alias(from, address.entry)
        expect(await findEntry(cache, aliases.at(-2) ?? address)).toBeDefined()
        expect(await findEntry(cache, aliases.at(-1) ?? address)).toBeUndefined()
      })
    })

    describe("a quarantine", () => {
      test("removes the entry with its aliases, and marks it for those who would be near it", async () => {
        const { cache, now } = start()
        const address = freshAddress()
        const [from, other] = [siblingOf(address), siblingOf(address)]
        await keep(cache, address, cachedAnswer(now(), 60_000), { near })
        await keep(cache, other, cachedAnswer(now(), 60_000), { near })
        await cache.alias(from, address.entry)
        await cache.quarantine(address)
        expect(await findEntry(cache, address)).toBeUndefined()
        expect(await findEntry(cache, from)).toBeUndefined()
        expect(await cache.read(address)).toBeUndefined()
        expect(await findEntry(cache, other)).toBeDefined()
        const marked = (await neighborsOf(cache, address)).filter(({ quarantined }) => quarantined === true)
        expect(marked.map(({ id }) => id)).toEqual([address.entry])
      })

      test("of an alias hits what it leads to", async () => {
        const { cache, now } = start()
        const address = freshAddress()
        const [from, also] = [siblingOf(address), siblingOf(address)]
        await keep(cache, address, cachedAnswer(now(), 60_000), { near })
        await cache.alias(from, address.entry)
        await cache.alias(also, address.entry)
        await cache.quarantine(from)
        for (const each of [address, from, also]) expect(await findEntry(cache, each)).toBeUndefined()
        expect(await neighborsOf(cache, address)).toMatchObject([{ quarantined: true }])
      })

      test("lets the question be answered anew, and still nothing near it", async () => {
        const { cache, now } = start()
        const address = freshAddress()
        await keep(cache, address, cachedAnswer(now(), 60_000), { near })
        await cache.quarantine(address)
        await keep(cache, address, cachedAnswer(now(), 60_000, "right this time"), { near })
        expect(await findEntry(cache, address)).toMatchObject({ answer: { answer: "right this time" } })
        expect(await neighborsOf(cache, address)).toMatchObject([{ id: address.entry, quarantined: true }])
      })

      test("reaches the aliases of an entry that was written anew", async () => {
        const { cache, now } = start()
        const address = freshAddress()
        const from = siblingOf(address)
        await keep(cache, address, cachedAnswer(now(), 60_000))
        await cache.alias(from, address.entry)
        await keep(cache, address, cachedAnswer(now(), 60_000, "new"))
        expect(await findEntry(cache, from)).toBeDefined()
        await cache.quarantine(address)
        expect(await findEntry(cache, from)).toBeUndefined()
      })

      test("leaves no way for an alias that comes late", async () => {
        const { cache, now } = start()
        const address = freshAddress()
        const from = siblingOf(address)
        await keep(cache, address, cachedAnswer(now(), 60_000), { near })
        await cache.quarantine(address)
        await cache.alias(from, address.entry)
        expect(await findEntry(cache, from)).toBeUndefined()
      })

      test("of something that is not there does nothing", async () => {
        const { cache } = start()
        await expect(cache.quarantine(freshAddress())).resolves.toBeUndefined()
      })
    })
  })
}
