import { describe, expect, test } from "vitest"
import {
  cachedAnswer,
  findEntry,
  freshAddress,
  keep,
  near,
  neighborsOf,
  siblingOf,
} from "./answer-cache-builders.suite.ts"
import type { CacheUnderTest } from "./answer-cache-builders.suite.ts"

/** What every answer cache promises of invalidations. */
export const epochsSuite = (start: () => CacheUnderTest): void => {
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
}
