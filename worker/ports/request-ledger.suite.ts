import { describe, expect, test } from "vitest"
import type { LedgerEntry } from "../../contract/ledger.ts"
import { ledgerLifeMs } from "../../contract/ledger.ts"
import type { RequestLedger } from "./request-ledger.ts"

export interface LedgerUnderTest {
  readonly ledger: RequestLedger
  readonly now: () => number
  /** Moves the ledger's clock on. */
  readonly pass: (ms: number) => void
}

let requests = 0

/** What every ledger promises. */
export const requestLedgerSuite = (name: string, start: () => LedgerUnderTest): void => {
  describe(`request ledger: ${name}`, () => {
    const begin = () => {
      const { ledger, now, pass } = start()
      const tenant = `tenant-${++requests}`
      const entry = (rest: Partial<LedgerEntry> = {}): LedgerEntry => ({
        requestId: `request-${++requests}`,
        tenant,
        queryType: "count",
        candidates: ["openai/gpt-4o"],
        answeredAt: now(),
        ...rest,
      })
      return { ledger, pass, tenant, entry }
    }

    test("gives back what it was told, and no score before there is one", async () => {
      const { ledger, tenant, entry } = begin()
      const told = entry({
        candidates: ["openai/gpt-4o", "google/gemini-2.5-flash"],
        cached: { tenant: "t", group: "g", entry: "e" },
      })
      await ledger.remember(told)
      expect(await ledger.rate(tenant, told.requestId, 1)).toEqual({ entry: told })
    })

    test("remembers the last score, of each request its own", async () => {
      const { ledger, tenant, entry } = begin()
      const [one, other] = [entry(), entry()]
      await Promise.all([ledger.remember(one), ledger.remember(other)])
      await ledger.rate(tenant, one.requestId, 0.25)
      expect(await ledger.rate(tenant, one.requestId, 1)).toMatchObject({ previous: 0.25 })
      expect(await ledger.rate(tenant, one.requestId, 1)).toMatchObject({ previous: 1 })
      expect(await ledger.rate(tenant, other.requestId, 0)).not.toHaveProperty("previous")
    })

    test("finds a request at once, while it is still being written", async () => {
      const { ledger, tenant, entry } = begin()
      const told = entry()
      const writing = ledger.remember(told)
      expect(await ledger.rate(tenant, told.requestId, 0)).toMatchObject({ entry: told })
      await writing
      expect(await ledger.rate(tenant, told.requestId, 0)).toMatchObject({ previous: 0 })
    })

    test("knows nothing of a request that nobody made", async () => {
      const { ledger, tenant } = begin()
      expect(await ledger.rate(tenant, "request-0", 1)).toBeUndefined()
    })

    test("knows nothing of a request that another tenant made, and its score stays", async () => {
      const { ledger, tenant, entry } = begin()
      const told = entry()
      await ledger.remember(told)
      await ledger.rate(tenant, told.requestId, 1)
      expect(await ledger.rate(`${tenant}-2`, told.requestId, 0)).toBeUndefined()
      expect(await ledger.rate(tenant, told.requestId, 1)).toMatchObject({ previous: 1 })
    })

    test("told the same twice, keeps the score", async () => {
      const { ledger, tenant, entry } = begin()
      const told = entry()
      await ledger.remember(told)
      await ledger.rate(tenant, told.requestId, 1)
      await ledger.remember(told)
      expect(await ledger.rate(tenant, told.requestId, 1)).toMatchObject({ previous: 1 })
    })

    test("takes one of two scores that come at once as the earlier", async () => {
      const { ledger, tenant, entry } = begin()
      const told = entry()
      await ledger.remember(told)
      const both = await Promise.all([ledger.rate(tenant, told.requestId, 1), ledger.rate(tenant, told.requestId, 1)])
      expect(both.filter((rated) => rated?.previous === undefined)).toHaveLength(1)
    })

    test("forgets a request after a day", async () => {
      const { ledger, tenant, entry, pass } = begin()
      const told = entry()
      await ledger.remember(told)
      pass(ledgerLifeMs - 1)
      expect(await ledger.rate(tenant, told.requestId, 1)).toBeDefined()
      pass(1)
      expect(await ledger.rate(tenant, told.requestId, 1)).toBeUndefined()
    })

    test("remembers many at once", async () => {
      const { ledger, tenant, entry } = begin()
      const told = Array.from({ length: 700 }, () => entry())
      await Promise.all(told.map((each) => ledger.remember(each)))
      const ends = [told[0], told[350], told[699]]
      for (const each of ends)
        expect(await ledger.rate(tenant, each?.requestId ?? "", 1)).toMatchObject({ entry: each })
    })
  })
}
