import * as v from "valibot"

/** What isolates and the ledger tell each other. It holds no question, picture or answer. */

export const ledgerLifeMs = 86_400_000
/** Limits of one call, and of what is kept for one tenant; the oldest go first. */
export const ledgerLimits: { readonly entriesAtOnce: number; readonly entries: number } = {
  entriesAtOnce: 500,
  entries: 100_000,
}

/** An answered request: who gave the answer, and where it lies in the cache. */
export interface LedgerEntry {
  readonly requestId: string
  readonly tenant: string
  readonly queryType: string
  /** Those whose answer it was, as `provider/model`; several of a consensus, none of a near question's answer. */
  readonly candidates: readonly string[]
  /** Where the answer lies in the cache: opaque. */
  readonly cached?: { readonly tenant: string; readonly group: string; readonly entry: string }
  /** Milliseconds since the epoch. */
  readonly answeredAt: number
}

const name = v.pipe(v.string(), v.nonEmpty(), v.maxLength(200))

const LedgerEntry: v.GenericSchema<unknown, LedgerEntry> = v.strictObject({
  requestId: v.pipe(v.string(), v.nonEmpty(), v.maxLength(64)),
  tenant: name,
  queryType: name,
  candidates: v.pipe(v.array(name), v.maxLength(8)),
  cached: v.exactOptional(v.strictObject({ tenant: name, group: name, entry: name })),
  answeredAt: v.pipe(v.number(), v.finite()),
})

export const LedgerEntries: v.GenericSchema<unknown, readonly LedgerEntry[]> = v.pipe(
  v.array(LedgerEntry),
  v.maxLength(ledgerLimits.entriesAtOnce, `At most ${ledgerLimits.entriesAtOnce} at once.`),
)
