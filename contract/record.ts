import type { Mode } from "./mode.ts"

/** What the gateway did for one request: the part of an answer that explains it. Sizes in bytes and pixels, times in milliseconds, money in US dollars. */
export interface RequestRecord {
  readonly requestId: string
  readonly at: string
  readonly queryType: string
  /** Template and version, e.g. `count@1`; `verbatim` where the client's own messages were sent. */
  readonly prompt: string
  readonly notices: readonly string[]
  readonly cache: CacheRecord
  readonly routing: RoutingRecord
  readonly images: readonly ImageRecord[]
  readonly cost: CostRecord
  readonly time: TimeRecord
}

export const cacheStates = ["hit", "canonical", "near", "miss", "bypass", "refresh", "coalesced"] as const
/** How the cache took part; also the value of the `x-voltgate-cache` header. */
export type CacheState = (typeof cacheStates)[number]

export interface CacheRecord {
  readonly state: CacheState
  /** Why, where the state alone does not say it: `store_unavailable`, `no_store`, `not_configured`, … */
  readonly reason?: string
  readonly key?: string
  /** Age of the cached answer, in seconds. */
  readonly ageS?: number
  /** How often this entry has answered, this time included. */
  readonly hits?: number
  readonly lastAccessAt?: string
  readonly expiresAt?: string
  /** What the near lane found, where it was asked. */
  readonly near?: NearRecord
  /**
   * By what each picture was found to be one that is known, in order: by its `bytes`, its `pixels` in another file, or its
   * `look`. Absent where none is known.
   */
  readonly pictures?: readonly PictureTier[]
}

export const pictureTiers = ["bytes", "pixels", "look"] as const
/** How far a picture may be from another one and still be it; each tier includes the ones before. */
export type PictureTier = (typeof pictureTiers)[number]

/** Whether the answer to a neighboring question could serve this one. */
export interface NearRecord {
  readonly served: boolean
  /** The first reason against it, e.g. `numbers`, `negation`, `margin`, `confidence`; and what caused it. */
  readonly veto?: string
  readonly detail?: string
  /** The neighbor: the question as it was asked then. */
  readonly question?: string
  /** Cosine of the two questions; it nominates, and never serves. */
  readonly similarity?: number
  /** The lower bound of the probability that the neighbor's answer is right for this question. */
  readonly confidence?: number
}

export interface RoutingRecord {
  /** Absent when the cache answered. */
  readonly mode?: Mode
  /** Whether a second candidate was asked because the first was slow to begin. */
  readonly hedged?: boolean
  readonly reason: string
  /** All that could answer, best first. Empty when the cache answered. */
  readonly candidates: readonly CandidateRecord[]
  readonly attempts: readonly AttemptRecord[]
  readonly consensus?: ConsensusRecord
}

/** What several candidates made of the same question. */
export interface ConsensusRecord {
  /** How many candidates were to answer; fewer did where not enough were well, or the rest could not change the outcome. */
  readonly asked: number
  /** How many gave the answer that was taken, in their own words. */
  readonly agreeing: number
  /** Whether those are more than half of `asked`. Where they are not, the answer is that of the best candidate among the most alike. */
  readonly agreed: boolean
  /** Each answer that came, best candidate first. */
  readonly votes: readonly VoteRecord[]
}

export interface VoteRecord {
  readonly provider: string
  readonly model: string
  readonly agrees: boolean
  /** What it says that the answer does not, or the other way round; the answer's beginning where that is not known. */
  readonly differences?: readonly string[]
}

/**
 * Whether a candidate may be asked: `probe`, this request tries whether it has recovered; `spared`, it is full, comes back
 * or refused others lately; `pausing`, it asked to be left alone; `cut_off`, its breaker is open; `drained`, a person
 * said that it is not to be asked.
 */
export type Standing = "probe" | "ready" | "spared" | "pausing" | "cut_off" | "drained"

/** A candidate with the numbers behind its place; every term lies in 0..1, higher is better. */
export interface CandidateRecord {
  readonly provider: string
  readonly model: string
  /** accuracy · 0.4 + responseTime · 0.3 + availability · 0.2 + load · 0.1 */
  readonly selectionWeight: number
  /** accuracy · 0.6 + load · 0.4 */
  readonly planScore: number
  readonly terms: {
    readonly accuracy: number
    readonly responseTime: number
    readonly availability: number
    readonly load: number
  }
  readonly inFlight: number
  readonly expectedMs: number
  readonly standing: Standing
  /** For how long it still asks to be left alone. */
  readonly pausesMs?: number
  /** Its first token usually comes well before this; from then on a second candidate may be asked. */
  readonly hedgeAfterMs: number
  /** Why it stands where it does, e.g. `cut off for 4 s more: it failed 5 times in a row`. */
  readonly note: string
  /** Why it was taken or not, once that is known, e.g. `not asked: openai/gpt-4o weighs 0.031 more`. */
  readonly verdict?: string
}

export interface AttemptRecord {
  readonly provider: string
  readonly model: string
  readonly outcome: "answered" | AttemptFailure
  readonly status?: number
  readonly message?: string
  readonly firstTokenMs?: number
  readonly durationMs: number
  /** What it cost although its answer was not used, or not alone; estimated where the provider could not say. */
  readonly usd?: number
}

/**
 * Why one attempt at one provider failed; `caller_fault` never moves on to another provider, and `superseded` was
 * stopped because others had answered.
 */
export type AttemptFailure =
  | "caller_fault"
  | "rate_limited"
  | "overloaded"
  | "server_error"
  | "unauthorized"
  | "network"
  | "first_byte_timeout"
  | "idle_timeout"
  | "total_timeout"
  | "garbage"
  | "cut_off"
  | "client_left"
  | "superseded"
  | "image_not_accepted"

export interface ImageRecord {
  readonly index: number
  readonly from: ImageSide
  readonly to: ImageSide
  /** Bytes sent ÷ bytes received. */
  readonly ratio: number
  readonly path: "passed_through" | "resized" | "reencoded" | "sent_as_is"
  readonly optimized: boolean
  readonly engine?: string
  /** Made a moment ago for the same target, so that nothing was decoded this time. */
  readonly reused?: true
  /** Every format that was tried, with its bytes; absent where nothing was encoded. */
  readonly considered?: readonly ConsideredFormat[]
  readonly reason: string
  readonly durationMs: number
}

export interface ConsideredFormat {
  /** `png` stands for a palette of at most 16 colors. */
  readonly format: string
  readonly sizeBytes: number
}

export interface ImageSide {
  readonly widthPx: number
  readonly heightPx: number
  readonly sizeBytes: number
  readonly format: string
  /** Tokens that the chosen model charges for a picture of this size, by its published formula. */
  readonly tokens: number
}

export interface CostRecord {
  /** All that was spent on this request, on attempts that came to nothing too. */
  readonly usd: number
  /** The part of it that other attempts than the answer's own cost. */
  readonly otherAttemptsUsd?: number
  /** What was not spent thanks to the cache and to smaller pictures. */
  readonly savedUsd: number
  readonly imageTokens: number
  readonly imageTokensSaved: number
  /** How the estimate of the input compares with what the provider counted; absent where the cache answered. */
  readonly inputTokens?: TokenCheck
  /** The date on which the price was checked; absent where the model has no known price. */
  readonly pricesCheckedAt?: string
}

export interface TokenCheck {
  readonly estimated: number
  readonly reported: number
  /**
   * By which share the pictures' tokens were off, beyond what the estimate of the text may be: 0.1 where the provider counted
   * 10 % more than the published formula says. 0 where text explains the difference, or there was no picture.
   */
  readonly imageDrift: number
}

export interface TimeRecord {
  readonly totalMs: number
  /** Time spent in the gateway itself. */
  readonly overheadMs: number
  readonly upstreamMs: number
  readonly firstTokenMs?: number
  /** What was expected before anybody was asked: half of such answers come within it. */
  readonly estimatedMs: number
  /** And nine in ten within this; absent where no provider was waited for. */
  readonly estimatedP90Ms?: number
  /** Milliseconds by stage of the pipeline, in order. */
  readonly stages: Readonly<Record<string, number>>
}
