import type { Observation, Snapshot } from "../../contract/provider-board.ts"

/** What this isolate knows of all candidates, and how it tells the others. No method waits for another process except `sync`. */
export interface ProviderBoard {
  /** The last shared snapshot, with this isolate's own news applied. Empty, with `at` 0, before there is either. */
  readonly snapshot: (now: number) => Snapshot
  /** Requests in flight in this isolate, by candidate. */
  readonly inFlightHere: (candidate: string) => number
  /** Counts a request in flight until `ended` is called, once; `undefined` says nothing about the provider. */
  readonly began: (candidate: string) => { readonly ended: (observation: Observation | undefined) => void }
  /** Shares what is new and fetches the snapshot, if that was not done a moment ago. Background work: never rejects. */
  readonly sync: (now: number) => Promise<void>
}
