import type { HistoryFilter, HistoryLine } from "../../../contract/history.ts"
import type { History, HistoryEntry, HistoryTally } from "../../ports/history.ts"

export interface MemoryHistory extends History {
  /** What is remembered, the oldest first. */
  readonly entries: () => readonly HistoryEntry[]
}

/** History in the memory of one process; a full one forgets the oldest. */
export const createMemoryHistory = ({ maxEntries = 1_000 }: { readonly maxEntries?: number } = {}): MemoryHistory => {
  const entries = new Map<string, HistoryEntry>()
  const find = (tenant: string, filter: HistoryFilter): readonly HistoryLine[] =>
    [...entries.values()].flatMap((entry) => (entry.tenant === tenant && fits(entry, filter) ? [toLine(entry)] : []))
  return {
    remember: async (entry) => {
      const { requestId } = entry.record
      if (entries.has(requestId)) return
      entries.set(requestId, entry)
      for (const oldest of entries.keys()) {
        if (entries.size <= maxEntries) break
        entries.delete(oldest)
      }
    },
    read: async (tenant, { limit, ...filter }) =>
      find(tenant, filter)
        .toSorted((a, b) => compare(b.at, a.at) || compare(a.requestId, b.requestId))
        .slice(0, limit),
    tally: async (tenant, filter) => find(tenant, filter).map(toTally),
    entries: () => [...entries.values()],
  }
}

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0)

const fits = ({ record }: HistoryEntry, { since, until, queryType, provider }: HistoryFilter): boolean =>
  (since === undefined || record.at >= since) &&
  (until === undefined || record.at < until) &&
  (queryType === undefined || record.queryType === queryType) &&
  (provider === undefined || record.routing.attempts.at(-1)?.provider === provider)

const toLine = ({ endpoint, status, errorCode, record }: HistoryEntry): HistoryLine => {
  const { cost, time, routing } = record
  const answered = routing.attempts.at(-1)
  return {
    requestId: record.requestId,
    at: record.at,
    endpoint,
    status,
    ...(errorCode === undefined ? {} : { errorCode }),
    queryType: record.queryType,
    cache: record.cache.state,
    ...(answered === undefined ? {} : { provider: answered.provider, model: answered.model }),
    attempts: routing.attempts.length,
    imageTokens: cost.imageTokens,
    imageTokensSaved: cost.imageTokensSaved,
    usd: cost.usd,
    savedUsd: cost.savedUsd,
    totalMs: Math.round(time.totalMs),
    overheadMs: Math.round(time.overheadMs),
    upstreamMs: Math.round(time.upstreamMs),
    ...(time.firstTokenMs === undefined ? {} : { firstTokenMs: Math.round(time.firstTokenMs) }),
  }
}

const toTally = ({ at, queryType, cache, status, usd, savedUsd }: HistoryLine): HistoryTally => ({
  day: at.slice(0, 10),
  queryType,
  cache,
  failed: status >= 400,
  requests: 1,
  usd,
  savedUsd,
})
