/** How a candidate does, as isolates and the `ProviderState` object tell each other. Plain data: stored and sent as it is. */

/** How far a quantity lies, in logarithms, and how sure that is; weights fade by the clock, the usual one by count. */
export interface FadingLevel {
  /** ln of the quantity, of the last half minute or so. */
  readonly slow: number
  readonly slowWeight: number
  /** The same of the last few seconds. */
  readonly fast: number
  readonly fastWeight: number
  /** The same of the last few hundred, whenever they were; what is expected again after a silence. */
  readonly usual: number
  readonly usualWeight: number
  /** Squared deviations from `slow`, by count. */
  readonly variance: number
  /** Milliseconds since the epoch; when the weights were as told. */
  readonly at: number
}

/** Successes and failures as they stood at `countedAt`; from then on they fade. */
export interface OutcomeCounts {
  /** With a half-life of a minute. */
  readonly ok: number
  readonly bad: number
  /** With a mean life of ten seconds. */
  readonly recentOk: number
  readonly recentBad: number
  /** Milliseconds since the epoch. */
  readonly countedAt: number
}

export type TripReason = "failures_in_a_row" | "most_fail" | "no_first_token" | "provider_fails"

/** Whether a candidate may be asked. All times are milliseconds since the epoch. */
export type Breaker =
  | ClosedBreaker
  | {
      readonly state: "open"
      readonly since: number
      readonly until: number
      readonly trips: number
      readonly why: TripReason
      readonly goodProbes: number
    }
  | {
      readonly state: "half_open"
      /** When it opened: what was asked before says nothing about the recovery. */
      readonly since: number
      readonly trips: number
      readonly why: TripReason
      readonly goodProbes: number
      /** The one isolate that may ask, until its lease ends. */
      readonly probe?: { readonly holder: string; readonly until: number }
    }
  | {
      readonly state: "ramp"
      readonly since: number
      readonly trips: number
      readonly failuresInARow: number
      readonly lateInARow: number
      readonly lateAt: number
    }

export interface ClosedBreaker {
  readonly state: "closed"
  readonly since: number
  /** How often it opened in a row; forgotten after a calm minute. */
  readonly trips: number
  readonly failuresInARow: number
  /** Requests that were silent past their hedge time, while no first token came of any. */
  readonly lateInARow: number
  /** When the last of them was noticed (ms since the epoch). */
  readonly lateAt: number
}

/** What a provider asked for by 429, 529 or its quota headers. Not counted as unavailable. */
export interface Pause {
  /** Not to be asked before (ms since the epoch), which may have passed. */
  readonly until: number
  /** The share of the traffic that it gets, as of `thinnedAt`; it grows back from there. */
  readonly share: number
  readonly thinnedAt: number
  /** Its quota is nearly used up until then. */
  readonly quotaLowUntil: number
}

export interface CandidateHealth extends OutcomeCounts {
  readonly firstToken: FadingLevel
  /** When its last first token came (ms since the epoch); 0 before there was any. */
  readonly lastFirstTokenAt: number
  /** Milliseconds per token of output. */
  readonly perToken: FadingLevel
  readonly breaker: Breaker
  readonly pause: Pause
}
