import type { Pause } from "../../contract/candidate-health.ts"

/**
 * What a provider asks for by 429, 529 and its quota headers: to be left alone for a while, and then to get less than
 * before. It is busy, not broken, so neither counts as a failure.
 */

const longestAskedMs = 300_000
const thinTo = 0.9
const thinEveryMs = 1_000
const leastShare = 0.1
const growsBackPerS = 0.02
const lowQuota = 0.12
/** How long low quota is believed where the provider does not say when it resets. */
const quotaBeliefMs = 5_000

export const noPause: Pause = { until: 0, share: 1, thinnedAt: 0, quotaLowUntil: 0 }

/**
 * After a refusal. The pause counts from when it was asked for, so news that come late do not prolong it. In each second
 * that brings refusals the share shrinks by a tenth, however many there are.
 */
export const afterRefusal = (pause: Pause, askedMs: number, askedAt: number): Pause => {
  const until = Math.max(pause.until, askedAt + Math.min(askedMs, longestAskedMs))
  if (askedAt < pause.thinnedAt + thinEveryMs) return until === pause.until ? pause : { ...pause, until }
  const share = Math.max(leastShare, shareOf(pause, askedAt) * thinTo)
  return { ...pause, until, share, thinnedAt: askedAt }
}

/** After an answer whose headers say how much of the quota is left, from 0 to 1. */
export const afterQuota = (pause: Pause, left: number, resetMs: number | undefined, now: number): Pause => {
  if (left >= lowQuota) return pause.quotaLowUntil > now ? { ...pause, quotaLowUntil: 0 } : pause
  return { ...pause, quotaLowUntil: now + Math.min(resetMs ?? quotaBeliefMs, longestAskedMs) }
}

/** The share of its traffic that a candidate should get now; it grows back once nobody refuses. */
export const shareOf = (pause: Pause, now: number): number =>
  pause.share >= 1
    ? 1
    : Math.min(1, pause.share + (growsBackPerS * Math.max(0, now - Math.max(pause.thinnedAt, pause.until))) / 1000)
