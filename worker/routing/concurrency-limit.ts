import type { FadingLevel } from "../../contract/candidate-health.ts"
import type { CandidateView } from "../../contract/provider-board.ts"
import { lastSeconds } from "./fading-level.ts"

/**
 * How many requests at once a candidate bears, learned from how much slower it is when busy. By Little's law a server that
 * serves S at once, with N in flight, makes each wait until its whole time has grown by N ÷ S: so S is N times the usual
 * time over the present one (the gradient of Netflix's concurrency-limits, taken from whole answers). As long as first
 * tokens come as usual, the limit grows by its square root.
 */
export interface ConcurrencyLimit {
  readonly value: number
  /** The most that was in flight lately; it fades as fast as what first tokens took then. */
  readonly peak: number
  /** When it was adjusted last; ms since the epoch. */
  readonly at: number
}

/** Requests in flight at which a candidate counts as full before anything was learned. */
export const defaultConcurrencyLimit = 100
export const newConcurrencyLimit: ConcurrencyLimit = { value: defaultConcurrencyLimit, peak: 0, at: 0 }

const adjustEveryMs = 1_000
/** Chance makes first tokens vary; only more than this times the usual counts as waiting. */
const tolerance = 1.5
const growing = 0.5
const nearlyFull = 0.8
const peakLifeMs = 6_000
const shrinking = 0.5
const least = 4
const most = 1_000
const afterOverload = 0.9

/** What a candidate was doing in the last seconds. */
export interface Present {
  /** Requests in flight everywhere. */
  readonly inFlight: number
  readonly firstToken: FadingLevel
  /** What a whole answer usually takes; absent before the first. */
  readonly responseTimeMs: number | undefined
}

/** The limit after another second. */
export const adjustLimit = (
  limit: ConcurrencyLimit,
  { inFlight, firstToken, responseTimeMs }: Present,
  now: number,
): ConcurrencyLimit => {
  // Without a first token since, there is nothing to learn: what is in flight may only be draining.
  if (now < limit.at + adjustEveryMs || firstToken.at <= limit.at) return limit
  const peak = Math.max(inFlight, limit.peak * Math.exp((limit.at - now) / peakLifeMs))
  const usualMs = Math.exp(firstToken.usual)
  const waitMs = lastSeconds(firstToken, now) - usualMs
  if (waitMs > usualMs * (tolerance - 1)) {
    const wholeMs = Math.max(responseTimeMs ?? 0, usualMs)
    const borne = peak * (wholeMs / (wholeMs + waitMs))
    const value = borne < limit.value ? limit.value + shrinking * (borne - limit.value) : limit.value
    return { value: bounded(value), peak, at: now }
  }
  if (inFlight >= limit.value * nearlyFull) {
    return { value: bounded(limit.value + growing * Math.sqrt(limit.value)), peak, at: now }
  }
  return { ...limit, peak, at: now }
}

/** The limit after the provider said that it is overloaded (529): less than what it has now. */
export const lowerLimit = (limit: ConcurrencyLimit, inFlight: number): ConcurrencyLimit =>
  inFlight < least ? limit : { ...limit, value: bounded(Math.min(limit.value, inFlight * afterOverload)) }

/** Up to so many a candidate counts as little used, however few it had. */
const leastFullness = 20

/** The most that it had in flight lately, for `loadScale`; 0 where there was nothing. */
export const fullnessOf = ({ peak }: ConcurrencyLimit): number => (peak < 1 ? 0 : Math.max(leastFullness, peak))

/**
 * What candidates' requests in flight are compared by: what they usually had at their fullest lately, the same for all, and
 * no less than they have on average now. By their own limits, which nobody knows before they were reached, those that are
 * asked little would look free by chance.
 */
export const loadScale = (views: readonly Pick<CandidateView, "fullness">[], inFlight: readonly number[]): number => {
  let [sum, known, now] = [0, 0, 0]
  for (const { fullness } of views) {
    // An object of an older version tells none.
    if (!(fullness > 0)) continue
    sum += Math.log(fullness)
    known++
  }
  if (known === 0) return defaultConcurrencyLimit
  for (const count of inFlight) now += count
  return Math.max(Math.exp(sum / known), now / inFlight.length)
}

const bounded = (value: number): number => Math.max(least, Math.min(most, value))
