import type { Breaker, ClosedBreaker, OutcomeCounts, TripReason } from "../../contract/candidate-health.ts"

/**
 * When a candidate is left alone, and how it comes back: closed → open → half-open → ramp → closed. Plain data, so it
 * outlives an eviction. Callers' faults and rate limits never get here.
 */

const failuresInARowToOpen = 5
const lateInARowToOpen = 3
const failingShareToOpen = 0.7
const recentToOpen = 12
const probesToClose = 2
/** A candidate that just came back gets less patience. */
const failuresInRampToOpen = 2
const firstRestMs = 4_000
const longestRestMs = 15_000
const calmMs = 60_000
export const probeLeaseMs = 5_000
export const rampMs = 8_000
export const rampFrom = 0.15

const calm = { failuresInARow: 0, lateInARow: 0, lateAt: 0 } as const

export const newBreaker: ClosedBreaker = {
  state: "closed",
  since: 0,
  trips: 0,
  failuresInARow: 0,
  lateInARow: 0,
  lateAt: 0,
}

/** The breaker as the clock alone has changed it. A rest that is over waits half open for a probe. */
export const breakerAt = (breaker: Breaker, now: number): Breaker => {
  switch (breaker.state) {
    case "open": {
      if (now < breaker.until) return breaker
      const { since, trips, why, goodProbes } = breaker
      return { state: "half_open", since, trips, why, goodProbes }
    }
    case "ramp":
      return now < breaker.since + rampMs
        ? breaker
        : { state: "closed", since: breaker.since + rampMs, trips: breaker.trips, ...calm }
    case "closed":
      return breaker.trips > 0 && now > breaker.since + calmMs ? { ...breaker, trips: 0 } : breaker
    case "half_open":
      return breaker
  }
}

/** When a request was sent, and when what is known of it happened; news come late and out of order. */
export interface Timing {
  readonly sentAt: number
  readonly at: number
}

/** After a first token. Two of requests that were sent after it opened bring the ramp. */
export const afterGood = (before: Breaker, { sentAt, at }: Timing, now: number): Breaker => {
  const breaker = breakerAt(before, now)
  switch (breaker.state) {
    case "closed":
    case "ramp":
      if (breaker.failuresInARow === 0 && breaker.lateInARow === 0) return breaker
      // A first token from before the silence does not end it.
      return at > breaker.lateAt ? { ...breaker, ...calm } : { ...breaker, failuresInARow: 0 }
    case "open":
    case "half_open": {
      if (sentAt < breaker.since) return breaker
      const { trips } = breaker
      const goodProbes = breaker.goodProbes + 1
      if (goodProbes >= probesToClose) return { state: "ramp", since: now, trips, ...calm }
      // The lease is spent; the next probe needs one of its own.
      if (breaker.state === "open") return { ...breaker, goodProbes }
      return { state: "half_open", since: breaker.since, trips, why: breaker.why, goodProbes }
    }
  }
}

/** After a failure of a request that was sent at `sentAt`; `counts` hold it already. */
export const afterBad = (before: Breaker, counts: OutcomeCounts, sentAt: number, now: number): Breaker => {
  const breaker = breakerAt(before, now)
  switch (breaker.state) {
    case "closed": {
      const failuresInARow = breaker.failuresInARow + 1
      if (failuresInARow >= failuresInARowToOpen) return trip(breaker.trips, "failures_in_a_row", now)
      if (mostFail(counts)) return trip(breaker.trips, "most_fail", now)
      return { ...breaker, failuresInARow }
    }
    case "ramp": {
      if (sentAt < breaker.since) return breaker
      const failuresInARow = breaker.failuresInARow + 1
      return failuresInARow >= failuresInRampToOpen
        ? trip(breaker.trips, "failures_in_a_row", now)
        : { ...breaker, failuresInARow }
    }
    case "half_open":
      // What was sent before it opened says nothing new.
      return sentAt < breaker.since ? breaker : trip(breaker.trips, breaker.why, now)
    case "open":
      return sentAt < breaker.since || breaker.goodProbes === 0 ? breaker : { ...breaker, goodProbes: 0 }
  }
}

/** After a first token that did not come by its hedge time. */
export const afterLate = (before: Breaker, { sentAt, at }: Timing, now: number): Breaker => {
  const breaker = breakerAt(before, now)
  switch (breaker.state) {
    case "closed":
    case "ramp": {
      if (breaker.state === "ramp" && sentAt < breaker.since) return breaker
      const lateInARow = breaker.lateInARow + 1
      return lateInARow >= lateInARowToOpen
        ? trip(breaker.trips, "no_first_token", now)
        : { ...breaker, lateInARow, lateAt: Math.max(breaker.lateAt, at) }
    }
    case "half_open":
      return sentAt < breaker.since ? breaker : trip(breaker.trips, breaker.why, now)
    case "open":
      return breaker
  }
}

const mostFail = ({ recentOk, recentBad }: OutcomeCounts): boolean =>
  recentOk + recentBad >= recentToOpen && recentBad > failingShareToOpen * (recentOk + recentBad)

export const trip = (tripsBefore: number, why: TripReason, now: number): Extract<Breaker, { state: "open" }> => ({
  state: "open",
  since: now,
  until: now + Math.min(longestRestMs, firstRestMs * 2 ** Math.min(tripsBefore, 10)) * jitter(now),
  trips: tripsBefore + 1,
  why,
  goodProbes: 0,
})

/** From 0.9 to 1.1 by the moment's own digits, so that the rule stays a function and two places still differ. */
const jitter = (now: number): number => 0.9 + 0.2 * ((Math.abs(Math.round(now)) * 0.618_034) % 1)

/** Gives this isolate the lease to probe, where a probe is due and nobody else holds it. */
export const grantProbe = (before: Breaker, isolate: string, now: number): Breaker => {
  const breaker = breakerAt(before, now)
  if (breaker.state !== "half_open") return breaker
  const isHeld = breaker.probe !== undefined && breaker.probe.until > now
  return isHeld ? breaker : { ...breaker, probe: { holder: isolate, until: now + probeLeaseMs } }
}

/** The share of its traffic that a candidate may get: all, none, or part of it while it comes back. */
export const admittedShare = (breaker: Breaker, now: number): number => {
  switch (breaker.state) {
    case "closed":
      return 1
    case "ramp":
      return Math.min(1, rampFrom + (1 - rampFrom) * Math.max(0, (now - breaker.since) / rampMs))
    case "open":
    case "half_open":
      return 0
  }
}

/** Of those that are not answered for by an open breaker. */
export const failuresInARow = (breaker: Breaker): number => ("failuresInARow" in breaker ? breaker.failuresInARow : 0)

/** Nobody but a probe may ask. */
export const isCutOff = (breaker: Breaker, now: number): boolean => admittedShare(breakerAt(breaker, now), now) === 0
