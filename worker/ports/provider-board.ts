import type { AuditEntry, Directive, Directives, Order } from "../../contract/directives.ts"
import type { Observation, Rating, Snapshot } from "../../contract/provider-board.ts"

/** What this isolate knows of all candidates, and how it tells the others. No method waits for another process except `sync`. */
export interface ProviderBoard {
  /** The last shared snapshot, with this isolate's own news applied. Empty, with `at` 0, before there is either. */
  readonly snapshot: (now: number) => Snapshot
  /** Requests in flight in this isolate, by candidate. */
  readonly inFlightHere: (candidate: string) => number
  /** Counts a request in flight until it ends, and uses up the lease where this candidate was to be probed. */
  readonly began: (candidate: string) => Flight
  /** Takes what somebody said of an answer. */
  readonly rated: (rating: Rating) => void
  /** What people ordered, as far as it holds and is known here. */
  readonly directives: (now: number) => readonly Directive[]
  /** Gives an order to all isolates: they obey with their next sync, this one at once. Rejects when it could not be kept. */
  readonly order: (order: Order) => Promise<Directives>
  /** The last orders, the newest first. Rejects when they cannot be had. */
  readonly audit: () => Promise<readonly AuditEntry[]>
  /**
   * Shares what is new and fetches the snapshot; undefined if that was done a moment ago, which every request asks.
   * Background work: never rejects.
   */
  readonly sync: (now: number) => Promise<void> | undefined
}

/** One attempt that is under way. */
export interface Flight {
  /** Takes news of it while it goes on: its first token, or that nothing came for long. */
  readonly noted: (observation: Observation) => void
  /** Takes the last news, once; `undefined` says nothing about the provider. */
  readonly ended: (observation: Observation | undefined) => void
}
