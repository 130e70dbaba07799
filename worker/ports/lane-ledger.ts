import type { LaneBook, LaneFinding, PairNews } from "../../contract/lanes.ts"
import type { CacheState } from "../../contract/record.ts"

/** What a tenant's cache lanes are worth, as found by audits; shared by all isolates. Only `sync` and `status` wait for another process. */
export interface LaneLedger {
  /** What this isolate knows: the last shared book, with its own news applied. Empty before there is either. */
  readonly book: (tenant: string) => LaneBook
  readonly count: (tenant: string, queryType: string, state: CacheState) => void
  readonly learn: (tenant: string, finding: LaneFinding) => void
  readonly learnPair: (tenant: string, pair: PairNews) => void
  /** Counts a question to the small judge. */
  readonly judged: (tenant: string) => void
  /** Shares what is new and fetches the book; undefined where that was done a moment ago. Background work: never rejects. */
  readonly sync: (tenant: string) => Promise<void> | undefined
  /** The shared book as it is now. Rejects when it is away. */
  readonly status: (tenant: string) => Promise<LaneBook>
}
