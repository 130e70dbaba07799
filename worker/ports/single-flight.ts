import type { AloneReason, EmptyLanding, SharedAnswer } from "../../contract/flight.ts"

/** The leader's duty: to say how it ended, once. Until then it renews its lease by itself. Never rejects. */
export interface Lead {
  /** The answer is there: all who wait get it. */
  readonly land: (answer: SharedAnswer) => Promise<void>
  /** There is nothing to share: one of those who wait leads next, or all go on by themselves. */
  readonly landEmpty: (why: EmptyLanding) => Promise<void>
}

export type Seat =
  | { readonly role: "lead"; readonly lead: Lead }
  | { readonly role: "answered"; readonly answer: SharedAnswer }
  | { readonly role: "alone"; readonly reason: AloneReason }

/** Lets one of many requests with the same key ask a provider, and the others wait for its answer. */
export interface SingleFlight {
  /**
   * Resolves at once for the first; for the others when there is an answer, when it is their turn to lead, when
   * `longestWaitMs` is over, or when flights are away: then they ask by themselves. Rejects only when `signal` aborts.
   */
  readonly join: (
    key: string,
    options: { readonly longestWaitMs: number; readonly signal: AbortSignal },
  ) => Promise<Seat>
}
