import type { PolicyMemory } from "./memory.ts"

const least = 0.8
const most = 3
/** A tenth an hour while nobody is late: slow against every load, fast enough to spend a budget within a day. */
const gain = 0.0004
/** Readings of a busy time count for more, but not without end. */
const heaviest = 2

/**
 * The headroom, integrated: up by as much as requests were later than the budget, down by as much as they were not. In the
 * long run the share of late requests is then the budget, whatever the load is like, while the headroom is within its ends:
 * the changes add up to no more than their distance (as in adaptive conformal inference; Gibbs and Candès, 2021).
 */
export const correctHeadroom = (
  late: number,
  { headroom, samples }: Pick<PolicyMemory, "headroom" | "samples">,
  { lateShare, rate = 0 }: Readonly<Record<string, number>>,
): number => {
  if (lateShare === undefined) return headroom
  const past = (samples["rate"] ?? []).map(({ value }) => value)
  const usual = past.length === 0 ? 0 : past.reduce((sum, value) => sum + value, 0) / past.length
  // The budget is a share of requests, not of minutes.
  const weight = usual > 0 ? Math.min(heaviest, rate / usual) : 1
  const error = lateShare / 100 / late - 1
  return Math.min(most, Math.max(least, headroom + gain * weight * error))
}
