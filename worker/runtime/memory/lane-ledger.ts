import type { LaneBook, LaneNews } from "../../../contract/lanes.ts"
import { applyLaneNews, emptyLaneBook } from "../../cache/audit/lane-book.ts"
import { noLaneNews, withCount, withFinding, withJudged, withPair } from "../../cache/audit/lane-news.ts"
import type { LaneLedger } from "../../ports/lane-ledger.ts"

export interface LaneLedgerOptions {
  readonly now: () => number
  /** The share of wrong answers at which a lane closes. */
  readonly delta: number
}

/** The ledger of a host with a single process: the same rules as elsewhere, and nobody to share with. */
export const createMemoryLaneLedger = ({ now, delta }: LaneLedgerOptions): LaneLedger => {
  const books = new Map<string, LaneBook>()
  const bookOf = (tenant: string): LaneBook => books.get(tenant) ?? emptyLaneBook
  const take = (tenant: string, news: LaneNews): void =>
    void books.set(tenant, applyLaneNews(bookOf(tenant), news, now()))
  const nothing = noLaneNews(delta)
  return {
    book: bookOf,
    count: (tenant, queryType, state) => take(tenant, withCount(nothing, queryType, state)),
    learn: (tenant, finding) => take(tenant, withFinding(nothing, finding)),
    learnPair: (tenant, pair) => take(tenant, withPair(nothing, pair)),
    judged: (tenant) => take(tenant, withJudged(nothing)),
    sync: () => undefined,
    status: async (tenant) => bookOf(tenant),
  }
}
