import { describe, expect, test } from "vitest"
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
  })
}
