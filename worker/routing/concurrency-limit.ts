import type { FadingLevel } from "../../contract/candidate-health.ts"
import { gradientOf } from "./fading-level.ts"

/**
 * How many requests at once a candidate bears, learned by the gradient of its first-token times: as long as they stay
 * what they were, the limit grows by its square root; when the last seconds are slower than the last half minute, it
 * shrinks in that proportion (the idea of Netflix's concurrency-limits, whose Gradient2 compares a short with a long mean).
 */
export interface ConcurrencyLimit {
  readonly value: number
  /** When it was adjusted last; ms since the epoch. */
  readonly at: number
}

/** Requests in flight at which a candidate counts as full before anything was learned. */
export const defaultConcurrencyLimit = 100
export const newConcurrencyLimit: ConcurrencyLimit = { value: defaultConcurrencyLimit, at: 0 }

const adjustEveryMs = 1_000
/** Queues and chance make times vary; only more than this counts as slower. */
const tolerance = 1.5
const smoothing = 0.2
const least = 4
const most = 1_000
const afterOverload = 0.9

/** The limit after another second, by what is in flight everywhere. */
export const adjustLimit = (
  limit: ConcurrencyLimit,
  inFlight: number,
  firstToken: FadingLevel,
  now: number,
): ConcurrencyLimit => {
  if (now < limit.at + adjustEveryMs) return limit
  const gradient = Math.max(0.5, Math.min(1, tolerance * gradientOf(firstToken, now)))
  const target = limit.value * gradient + Math.sqrt(limit.value)
  // What was never tried is not known to work.
  if (target > limit.value && inFlight < limit.value / 2) return { ...limit, at: now }
  return { value: bounded(limit.value + smoothing * (target - limit.value)), at: now }
}

/** The limit after the provider said that it is overloaded (529): less than what it has now. */
export const lowerLimit = (limit: ConcurrencyLimit, inFlight: number): ConcurrencyLimit =>
  inFlight < least ? limit : { ...limit, value: bounded(Math.min(limit.value, inFlight * afterOverload)) }

const bounded = (value: number): number => Math.max(least, Math.min(most, value))
