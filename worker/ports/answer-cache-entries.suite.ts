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
import { groupLimit } from "./answer-cache.ts"
import type { CacheAddress } from "./answer-cache.ts"

/** What every answer cache promises of one entry and of a group. */
export const entriesSuite = (start: () => CacheUnderTest): void => {
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
}
