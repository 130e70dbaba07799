import { describe, expect, test } from "vitest"
import type { HistoryFilter } from "../../contract/history.ts"
import { summarizeHistory } from "../cache/summarize-history.ts"
import type { History, HistoryEntry } from "./history.ts"

export interface HistoryUnderTest {
  readonly history: History
  /** What the store holds of one request, by its id; empty when nothing. */
  readonly find: (requestId: string) => Promise<readonly HistoryEntry[]>
}

export const historyEntry = (changes: Partial<Omit<HistoryEntry, "record">> = {}, message = ""): HistoryEntry => ({
  tenant: "acme",
  endpoint: "/v1/analyze",
  status: 200,
  ...changes,
  record: {
    requestId: crypto.randomUUID(),
    at: "2026-11-24T10:00:00.000Z",
    queryType: "count",
    prompt: "count@1",
    notices: [],
    cache: { state: "miss" },
    routing: {
      reason: "best",
      candidates: [],
      attempts: [{ provider: "openai", model: "gpt-4o", outcome: "answered", message, durationMs: 5 }],
    },
    images: [],
    cost: { usd: 0.0012, savedUsd: 0, imageTokens: 765, imageTokensSaved: 0 },
    time: { totalMs: 10.4, overheadMs: 2, upstreamMs: 8, estimatedMs: 13_000, stages: {} },
  },
})

/** What every history promises. */
export const historySuite = (name: string, start: () => HistoryUnderTest): void => {
  describe(`history: ${name}`, () => {
    test("remembers an answered request with its whole record", async () => {
      const { history, find } = start()
      const entry = historyEntry()
      await history.remember(entry)
      expect(await find(entry.record.requestId)).toEqual([entry])
    })

    test("remembers how a failed one ended", async () => {
      const { history, find } = start()
      const entry = historyEntry({ status: 503, errorCode: "no_provider" })
      await history.remember(entry)
      expect(await find(entry.record.requestId)).toEqual([entry])
    })

    test("remembers a request once, as it was told first", async () => {
      const { history, find } = start()
      const entry = historyEntry()
      await history.remember(entry)
      await history.remember({ ...entry, status: 500 })
      expect(await find(entry.record.requestId)).toEqual([entry])
    })

    test("a provider's garbage in a record is no reason to forget it", async () => {
      const { history, find } = start()
      const entry = historyEntry({}, "\u0000\uD800 \\u0000 <html>")
      await history.remember(entry)
      expect(await find(entry.record.requestId)).toMatchObject([{ tenant: "acme", status: 200 }])
    })

    test("loses none of many at the same time", async () => {
      const { history, find } = start()
      const entries = Array.from({ length: 20 }, (_, index) => historyEntry({ tenant: `tenant-${index}` }))
      await Promise.all(entries.map((entry) => history.remember(entry)))
      const found = await Promise.all(entries.map((entry) => find(entry.record.requestId)))
      expect(found.flat()).toEqual(entries)
    })

    describe("reading", () => {
      const freshTenant = (): string => `tenant-${crypto.randomUUID()}`
      const lineAt = (tenant: string, at: string, changes: Partial<HistoryEntry["record"]> = {}): HistoryEntry => {
        const entry = historyEntry({ tenant })
        return { ...entry, record: { ...entry.record, at, ...changes } }
      }
      const rememberAll = async (history: History, ...entries: readonly HistoryEntry[]): Promise<void> => {
        for (const entry of entries) await history.remember(entry)
      }

      test("gives each request as one line of numbers", async () => {
        const { history } = start()
        const entry = historyEntry({ tenant: freshTenant(), status: 503, errorCode: "no_provider" })
        await history.remember(entry)
        expect(await history.read(entry.tenant, { limit: 5 })).toEqual([
          {
            requestId: entry.record.requestId,
            at: "2026-11-24T10:00:00.000Z",
            endpoint: "/v1/analyze",
            status: 503,
            errorCode: "no_provider",
            queryType: "count",
            cache: "miss",
            provider: "openai",
            model: "gpt-4o",
            attempts: 1,
            imageTokens: 765,
            imageTokensSaved: 0,
            usd: 0.0012,
            savedUsd: 0,
            totalMs: 10,
            overheadMs: 2,
            upstreamMs: 8,
          },
        ])
      })

      test("newest first, and no more than asked for", async () => {
        const { history } = start()
        const tenant = freshTenant()
        const days = ["2026-11-21", "2026-11-23", "2026-11-22"]
        await rememberAll(history, ...days.map((day) => lineAt(tenant, `${day}T08:00:00.000Z`)))
        const lines = await history.read(tenant, { limit: 2 })
        expect(lines.map(({ at }) => at.slice(0, 10))).toEqual(["2026-11-23", "2026-11-22"])
      })

      test("each tenant reads and counts its own lines, whatever it asks for", async () => {
        const { history } = start()
        const [own, other] = [freshTenant(), freshTenant()]
        await rememberAll(history, historyEntry({ tenant: own }), historyEntry({ tenant: other }))
        expect(await history.read(own, { limit: 10 })).toHaveLength(1)
        expect(await history.read("' or 1=1 --", { limit: 10 })).toEqual([])
        expect(await history.read(own, { limit: 10, provider: "' or tenant <> '" })).toEqual([])
        expect((await history.tally(own, {})).map(({ requests }) => requests)).toEqual([1])
      })

      test("since is in and until is out; type and provider must be the same", async () => {
        const { history } = start()
        const tenant = freshTenant()
        const at = (hour: number): string => `2026-11-24T0${hour}:00:00.000Z`
        await rememberAll(
          history,
          lineAt(tenant, at(1)),
          lineAt(tenant, at(2), { queryType: "ocr" }),
          lineAt(tenant, at(3), { routing: { reason: "", candidates: [], attempts: [] }, cache: { state: "hit" } }),
        )
        const found = async (filter: HistoryFilter): Promise<readonly string[]> =>
          (await history.read(tenant, { limit: 10, ...filter })).map((line) => line.at)
        expect(await found({ since: at(2) })).toEqual([at(3), at(2)])
        expect(await found({ until: at(2) })).toEqual([at(1)])
        expect(await found({ queryType: "ocr" })).toEqual([at(2)])
        expect(await found({ provider: "openai" })).toEqual([at(2), at(1)])
        expect(await found({ provider: "google" })).toEqual([])
      })

      test("counts by day, type, cache state and outcome", async () => {
        const { history } = start()
        const tenant = freshTenant()
        await rememberAll(
          history,
          lineAt(tenant, "2026-11-24T00:00:00.000Z"),
          lineAt(tenant, "2026-11-24T23:59:59.999Z"),
          lineAt(tenant, "2026-11-25T00:00:00.000Z"),
          lineAt(tenant, "2026-11-25T00:00:00.000Z", { cache: { state: "hit" } }),
          { ...lineAt(tenant, "2026-11-25T00:00:00.000Z"), status: 503 },
        )
        const { total, days } = summarizeHistory(await history.tally(tenant, {}))
        expect(days.map(({ day, requests }) => [day, requests])).toEqual([
          ["2026-11-25", 3],
          ["2026-11-24", 2],
        ])
        expect(total).toMatchObject({ requests: 5, failed: 1, cacheHits: 1, usd: expect.closeTo(0.006, 9) })
        expect(
          summarizeHistory(await history.tally(tenant, { until: "2026-11-25T00:00:00.000Z" })).total.requests,
        ).toBe(2)
      })
    })
  })
}
