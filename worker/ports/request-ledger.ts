import type { LedgerEntry } from "../../contract/ledger.ts"

export interface Rated {
  readonly entry: LedgerEntry
  /** What was said of it before. */
  readonly previous?: number
}

/** Remembers for a day who answered which request, so that somebody can say later whether that was right. */
export interface RequestLedger {
  /**
   * Background work: never rejects, and drops what it cannot write. What `rate` is asked for on the same host is found
   * as soon as this was called.
   */
  readonly remember: (entry: LedgerEntry) => Promise<void>
  /**
   * Notes a score from 0 to 1, in place of an earlier one. Undefined where this tenant made no such request in the last
   * day, whoever else may have. Rejects when the ledger is away.
   */
  readonly rate: (tenant: string, requestId: string, score: number) => Promise<Rated | undefined>
}
