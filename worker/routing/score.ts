/** What is known of a candidate, each from 0 (bad) to 1 (good). */
export interface Terms {
  readonly accuracy: number
  readonly responseTime: number
  readonly availability: number
  readonly load: number
}

/** The published weights: who is asked, and how the plan's list scores. Each row adds up to 1. */
const published = {
  selection: { accuracy: 0.4, responseTime: 0.3, availability: 0.2, load: 0.1 },
  plan: { accuracy: 0.6, responseTime: 0, availability: 0, load: 0.4 },
} as const

/** How much of a selection weight is accuracy. */
export const accuracyWeight: number = published.selection.accuracy

/** A response time from which on a candidate gets nothing for its speed. */
const slowestMs = 30_000

/** accuracy · 0.4 + responseTime · 0.3 + availability · 0.2 + load · 0.1 */
export const selectionWeight = (terms: Terms): number => weighted(terms, published.selection)

/** accuracy · 0.6 + load · 0.4 */
export const planScore = (terms: Terms): number => weighted(terms, published.plan)

/** max(0, 1 − expected / 30,000 ms) */
export const responseTimeScore = (expectedMs: number): number => share(1 - expectedMs / slowestMs)

/** max(0, 1 − requests in flight / limit) */
export const loadScore = (inFlight: number, limit: number): number => share(1 - inFlight / limit)

const weighted = (terms: Terms, weights: Terms): number =>
  share(
    share(terms.accuracy) * weights.accuracy +
      share(terms.responseTime) * weights.responseTime +
      share(terms.availability) * weights.availability +
      share(terms.load) * weights.load,
  )

/** Into 0..1; what is no number counts as the worst, never as NaN. */
const share = (value: number): number => (Number.isFinite(value) ? Math.min(1, Math.max(0, value)) : 0)
