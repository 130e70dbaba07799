import { describe, expect, test } from "vitest"
import type { PictureIndex, StoredPicture } from "./picture-index.ts"
import { largestLookBytes, picturesPerTenant } from "./picture-index.ts"

export interface PictureIndexHarness {
  readonly index: PictureIndex
  /** The index's clock, and how to move it on. */
  readonly now: () => number
  readonly wait: (ms: number) => Promise<void>
}

/** What every picture index promises. */
export const pictureIndexSuite = (name: string, make: () => Promise<PictureIndexHarness>): void => {
  const picture = (harness: PictureIndexHarness, of: string, lifeMs = 60_000): StoredPicture => ({
    name: of,
    facts: `facts of ${of}`,
    expiresAt: harness.now() + lifeMs,
  })
  const look = Uint8Array.from({ length: 300 }, (_, i) => i)

  describe(`picture index ${name}`, () => {
    test("knows nothing of a tenant that it has not heard of", async () => {
      const { index } = await make()
      expect(await index.list("nobody")).toEqual([])
      expect(await index.look("nobody", "a")).toBeUndefined()
    })

    test("gives back what it was told, and the look byte by byte", async () => {
      const harness = await make()
      const { index } = harness
      const [a, b] = [picture(harness, "a"), picture(harness, "b")]
      await index.remember("t1", a, look)
      await index.remember("t1", b)
      expect((await index.list("t1")).toSorted((x, y) => (x.name < y.name ? -1 : 1))).toEqual([a, b])
      expect(await index.look("t1", "a")).toEqual(look)
      expect(await index.look("t1", "b")).toBeUndefined()
    })

    test("keeps a look as large as they come", async () => {
      const harness = await make()
      const large = Uint8Array.from({ length: largestLookBytes }, (_, i) => (i * 31) >> 3)
      await harness.index.remember("t1", picture(harness, "a"), large)
      expect(await harness.index.look("t1", "a")).toEqual(large)
    })

    test("shows no tenant another's pictures", async () => {
      const harness = await make()
      await harness.index.remember("t1", picture(harness, "a"), look)
      expect(await harness.index.list("t2")).toEqual([])
      expect(await harness.index.look("t2", "a")).toBeUndefined()
    })

    test("puts what is told anew in the place of what was there", async () => {
      const harness = await make()
      const anew = { ...picture(harness, "a"), facts: "other facts" }
      await harness.index.remember("t1", picture(harness, "a"))
      await harness.index.remember("t1", anew, look)
      expect(await harness.index.list("t1")).toEqual([anew])
      expect(await harness.index.look("t1", "a")).toEqual(look)
    })

    test("finds nothing that has expired, while the rest lives on", async () => {
      const harness = await make()
      const { index } = harness
      await index.remember("t1", picture(harness, "short", 150), look)
      const long = picture(harness, "long")
      await index.remember("t1", long, look)
      await harness.wait(200)
      expect(await index.list("t1")).toEqual([long])
      expect(await index.look("t1", "short")).toBeUndefined()
      expect(await index.look("t1", "long")).toEqual(look)
    })

    test("lets the oldest go when there are too many", { timeout: 60_000 }, async () => {
      const harness = await make()
      const { index } = harness
      for (let i = 0; i < picturesPerTenant + 5; i++) await index.remember("t1", picture(harness, `p${i}`, 60_000 + i))
      const names = (await index.list("t1")).map((stored) => stored.name)
      expect(names).toHaveLength(picturesPerTenant)
      expect(names).not.toContain("p0")
      expect(names).toContain(`p${picturesPerTenant + 4}`)
    })

    test("takes many at once", async () => {
      const harness = await make()
      const { index } = harness
      await Promise.all(Array.from({ length: 20 }, (_, i) => index.remember("t1", picture(harness, `p${i}`), look)))
      expect(await index.list("t1")).toHaveLength(20)
    })
  })
}
