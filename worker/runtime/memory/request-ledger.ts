import type { LedgerEntry } from "../../../contract/ledger.ts"
import { ledgerLifeMs, ledgerLimits } from "../../../contract/ledger.ts"
import type { RequestLedger } from "../../ports/request-ledger.ts"

export interface MemoryLedgerOptions {
  readonly now: () => number
  readonly maxEntries?: number
}

interface Kept {
  readonly entry: LedgerEntry
  score?: number
}

/** The ledger in the memory of one process; a full one forgets the oldest. */
export const createMemoryRequestLedger = ({
  now,
  maxEntries = ledgerLimits.entries,
}: MemoryLedgerOptions): RequestLedger => {
  const kept = new Map<string, Kept>()
  return {
    remember: async (entry) => {
      if (kept.has(entry.requestId)) return
      kept.set(entry.requestId, { entry })
      for (const [oldest, { entry: old }] of kept) {
        if (kept.size <= maxEntries && old.answeredAt + ledgerLifeMs > now()) break
        kept.delete(oldest)
      }
    },
    rate: async (tenant, requestId, score) => {
      const known = kept.get(requestId)
      if (known === undefined || known.entry.tenant !== tenant) return undefined
      if (known.entry.answeredAt + ledgerLifeMs <= now()) return undefined
      const previous = known.score
      known.score = score
      return { entry: known.entry, ...(previous === undefined ? {} : { previous }) }
    },
  }
}
