import type { HistoryDay, HistorySummary, HistoryTotals } from "../../contract/history.ts"
import type { CacheState } from "../../contract/record.ts"
import type { HistoryTally } from "../ports/history.ts"

const hits: readonly CacheState[] = ["hit", "canonical", "near"]
const answerable: readonly CacheState[] = [...hits, "miss", "coalesced"]

/** Adds tallies up, by day and query type and in all. */
export const summarizeHistory = (tallies: readonly HistoryTally[]): HistorySummary => {
  const groups = Map.groupBy(tallies, ({ day, queryType }) => JSON.stringify([day, queryType]))
  const days = [...groups.values()].flatMap((group): HistoryDay[] => {
    const [first] = group
    return first === undefined ? [] : [{ day: first.day, queryType: first.queryType, ...addUp(group) }]
  })
  const newestFirst = days.toSorted((a, b) => compare(b.day, a.day) || compare(a.queryType, b.queryType))
  return { total: addUp(tallies), days: newestFirst }
}

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0)

const addUp = (tallies: readonly HistoryTally[]): HistoryTotals => {
  const sum = (of: (tally: HistoryTally) => number, which: readonly HistoryTally[] = tallies): number =>
    which.reduce((total, tally) => total + of(tally), 0)
  const requests = ({ requests: count }: HistoryTally): number => count
  const inState = (states: readonly CacheState[]): number =>
    sum(
      requests,
      tallies.filter(({ cache }) => states.includes(cache)),
    )
  const cacheHits = inState(hits)
  const couldHit = inState(answerable)
  return {
    requests: sum(requests),
    failed: sum(
      requests,
      tallies.filter(({ failed }) => failed),
    ),
    cacheHits,
    coalesced: inState(["coalesced"]),
    ...(couldHit === 0 ? {} : { hitRate: cacheHits / couldHit }),
    usd: sum(({ usd }) => usd),
    savedUsd: sum(({ savedUsd }) => savedUsd),
  }
}
