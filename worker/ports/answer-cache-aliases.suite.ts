import { describe, expect, test } from "vitest"
import {
  cachedAnswer,
  findEntry,
  freshAddress,
  keep,
  mustFind,
  near,
  neighborsOf,
  siblingOf,
} from "./answer-cache-builders.suite.ts"
import type { CacheUnderTest } from "./answer-cache-builders.suite.ts"
import { aliasLimit } from "./answer-cache.ts"

/** What every answer cache promises of aliases and quarantines. */
export const aliasesSuite = (start: () => CacheUnderTest): void => {
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
}
