import { describe, expect, test } from "vitest"
import type { LaneFinding } from "../../contract/lanes.ts"
import type { LaneLedger } from "./lane-ledger.ts"

let tenants = 0
export const freshTenant = (): string => `tenant-${++tenants}-${Math.random()}`

export const finding = (changes: Partial<LaneFinding> = {}): LaneFinding => ({
  queryType: "count",
  bin: 2,
  right: true,
  weight: 1,
  wouldServe: true,
  ...changes,
})

/** What every lane ledger promises. */
export const laneLedgerSuite = (name: string, start: () => LaneLedger): void => {
  describe(`lane ledger: ${name}`, () => {
    test("knows nothing of a tenant before there is anything to know", async () => {
      const ledger = start()
      const tenant = freshTenant()
      expect(ledger.book(tenant)).toEqual({ lanes: {}, pairs: [], judged: 0 })
      expect(await ledger.status(tenant)).toEqual({ lanes: {}, pairs: [], judged: 0 })
    })

    test("counts by query type and state, at once here and soon for all", async () => {
      const ledger = start()
      const tenant = freshTenant()
      ledger.count(tenant, "count", "hit")
      ledger.count(tenant, "count", "hit")
      ledger.count(tenant, "count", "near")
      ledger.count(tenant, "ocr", "miss")
      expect(ledger.book(tenant).lanes["count"]?.counts).toEqual({ hit: 2, near: 1 })
      const { lanes } = await ledger.status(tenant)
      expect(lanes["count"]?.counts).toEqual({ hit: 2, near: 1 })
      expect(lanes["ocr"]?.counts).toEqual({ miss: 1 })
    })

    test("learns from findings, and closes a lane whose answers are wrong", async () => {
      const ledger = start()
      const tenant = freshTenant()
      ledger.learn(tenant, finding())
      expect(ledger.book(tenant).lanes["count"]).toMatchObject({ open: true, auditedEver: 1, wrongEver: 0 })
      for (let wrong = 0; wrong < 3; wrong++) ledger.learn(tenant, finding({ right: false }))
      expect(ledger.book(tenant).lanes["count"]).toMatchObject({ open: false, auditedEver: 4, wrongEver: 3 })
      expect((await ledger.status(tenant)).lanes["count"]).toMatchObject({ open: false, wrongEver: 3 })
    })

    test("remembers which wordings are one", async () => {
      const ledger = start()
      const tenant = freshTenant()
      const pair = { key: "0123456789abcdef", verdict: "same", weight: 0.9 } as const
      ledger.learnPair(tenant, pair)
      ledger.learnPair(tenant, pair)
      expect((await ledger.status(tenant)).pairs).toEqual([{ key: pair.key, points: 1.8 }])
    })

    test("each tenant has a book of its own", async () => {
      const ledger = start()
      const [one, other] = [freshTenant(), freshTenant()]
      ledger.count(one, "count", "hit")
      expect((await ledger.status(other)).lanes).toEqual({})
    })

    test("sharing never rejects", async () => {
      const ledger = start()
      const tenant = freshTenant()
      ledger.count(tenant, "count", "hit")
      await expect(Promise.all([ledger.sync(tenant), ledger.sync(tenant)])).resolves.toBeDefined()
    })
  })
}
