import { laneNewsLimits } from "../../../contract/lanes.ts"
import type { LaneFinding, LaneNews, PairNews } from "../../../contract/lanes.ts"
import type { CacheState } from "../../../contract/record.ts"

/** News of one tenant's lanes that were not told yet. */
export const noLaneNews = (delta: number): LaneNews => ({ delta, counts: {}, findings: [], pairs: [], judged: 0 })

export const hasNews = ({ counts, findings, pairs, judged }: LaneNews): boolean =>
  Object.keys(counts).length + findings.length + pairs.length + judged > 0

export const withCount = (news: LaneNews, queryType: string, state: CacheState, by = 1): LaneNews => {
  const counts = news.counts[queryType] ?? {}
  return {
    ...news,
    counts: { ...news.counts, [queryType]: { ...counts, [state]: (counts[state] ?? 0) + by } },
  }
}

/** Where more wait than a report may hold, the newest are told. */
export const withFinding = (news: LaneNews, finding: LaneFinding): LaneNews => ({
  ...news,
  findings: [...news.findings, finding].slice(-laneNewsLimits.findings),
})

export const withPair = (news: LaneNews, pair: PairNews): LaneNews => ({
  ...news,
  pairs: [...news.pairs, pair].slice(-laneNewsLimits.pairs),
})

export const withJudged = (news: LaneNews): LaneNews => ({ ...news, judged: news.judged + 1 })

/** What could not be told, and what has come since. */
export const mergeLaneNews = (older: LaneNews, newer: LaneNews): LaneNews => {
  const counted = Object.entries(newer.counts).reduce(
    (news, [queryType, counts]) =>
      Object.entries(counts).reduce(
        // Object.entries forgets what the keys of a type are.
        // oxlint-disable-next-line typescript/no-unsafe-type-assertion
        (sum, [state, count]) => withCount(sum, queryType, state as CacheState, count),
        news,
      ),
    older,
  )
  const found = newer.findings.reduce(withFinding, counted)
  return { ...newer.pairs.reduce(withPair, found), judged: older.judged + newer.judged }
}
