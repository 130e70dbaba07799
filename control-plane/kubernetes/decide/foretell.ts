interface Past {
  readonly atMs: number
  readonly value: number
}

interface Now {
  readonly value: number
  readonly nowMs: number
  readonly aheadS: number
}

/**
 * The load to be ready for in so many seconds: what the trend of the last minutes makes of the present one, or what the last
 * hour's ups make of it, whichever is more. Never less than the present: who expects a fall too soon is late.
 */
export const foretell = (past: readonly Past[], now: Now): number =>
  Math.max(now.value, byTrend(past, now), now.value * usualRise(past, now))

const windowMs = 180_000
const fewest = 4
/** A trend is believed half: a spike would else be drawn on into the sky. */
const trust = 0.5
const mostGrowth = 1.5

/** Least squares through the last three minutes' readings. */
const byTrend = (past: readonly Past[], { value, nowMs, aheadS }: Now): number => {
  const recent = [...past.filter(({ atMs }) => atMs > nowMs - windowMs && atMs < nowMs), { atMs: nowMs, value }]
  if (recent.length < fewest) return value
  const meanAt = recent.reduce((sum, { atMs }) => sum + atMs, 0) / recent.length
  const mean = recent.reduce((sum, each) => sum + each.value, 0) / recent.length
  let [products, squares] = [0, 0]
  for (const { atMs, value: each } of recent) {
    products += (atMs - meanAt) * (each - mean)
    squares += (atMs - meanAt) ** 2
  }
  const growth = (squares === 0 ? 0 : products / squares) * aheadS * 1_000 * trust
  // Less than the noise of a random count is no trend.
  return growth > Math.sqrt(Math.max(mean, 0)) * 0.5
    ? Math.min(value + growth, Math.max(value, mean) * mostGrowth)
    : value
}

/** Of ten rises that the last hour saw in so long a time, nine were smaller. */
const quantile = 0.9
const enoughPairs = 10
/** Before anything is known. */
const firstRise = 1.15

const usualRise = (past: readonly Past[], { aheadS }: Now): number => {
  const rises: number[] = []
  let later = 0
  for (const { atMs, value } of past) {
    while (later < past.length && (past[later]?.atMs ?? 0) < atMs + aheadS * 1_000) later++
    const after = past[later]
    if (after === undefined) break
    if (value > 0) rises.push(after.value / value)
  }
  if (rises.length < enoughPairs) return firstRise
  const sorted = rises.toSorted((a, b) => a - b)
  return Math.min(mostGrowth, Math.max(1, sorted[Math.floor(sorted.length * quantile)] ?? 1))
}
