import type { QuotaView, Wire } from "./wire.ts"

/** High enough that a load test on one machine never finds them empty: they are told, not enforced. */
const limits = { requests: 60_000, tokens: 500_000_000 } as const
const minuteMs = 60_000

interface Bucket {
  readonly level: number
  readonly at: number
}

const refill = (bucket: Bucket | undefined, limit: number, now: number): number =>
  bucket === undefined ? limit : Math.min(limit, bucket.level + ((now - bucket.at) / minuteMs) * limit)

const resetMs = (level: number, limit: number): number => Math.ceil(((limit - level) / limit) * minuteMs)

export interface Quota {
  readonly take: (wire: Wire, tokens: number) => QuotaView
}

/** Token buckets per provider that fill up within a minute, for the rate-limit headers. */
export const createQuota = (now: () => number): Quota => {
  const buckets = new Map<string, Bucket>()
  const takeFrom = (name: string, limit: number, amount: number): number => {
    const at = now()
    const level = Math.max(0, refill(buckets.get(name), limit, at) - amount)
    buckets.set(name, { level, at })
    return level
  }
  return {
    take: (wire, tokens) => {
      const requests = takeFrom(`${wire} requests`, limits.requests, 1)
      const left = takeFrom(`${wire} tokens`, limits.tokens, tokens)
      return {
        limitRequests: limits.requests,
        remainingRequests: Math.floor(requests),
        resetRequestsMs: resetMs(requests, limits.requests),
        limitTokens: limits.tokens,
        remainingTokens: Math.floor(left),
        resetTokensMs: resetMs(left, limits.tokens),
      }
    },
  }
}

/** The quota as a rate-limited caller sees it. */
export const usedUp = (view: QuotaView, retryAfterS: number): QuotaView => ({
  ...view,
  remainingRequests: 0,
  resetRequestsMs: retryAfterS * 1000,
})
