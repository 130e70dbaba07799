interface Past {
  readonly atMs: number
  readonly value: number
}

const windowMs = 180_000
const fewest = 4
/** A trend is believed half: a spike would else be drawn on into the sky. */
const trust = 0.5
const mostGrowth = 1.5

/**
 * The load to be ready for: the present one, or what the trend of the last three minutes makes of it in so many seconds,
 * if that is more; least squares through the readings. Never less than the present: who expects a fall too soon is late.
 */
export const foretell = (
  past: readonly Past[],
  { value, nowMs, aheadS }: { readonly value: number; readonly nowMs: number; readonly aheadS: number },
): number => {
  const recent = [...past.filter(({ atMs }) => atMs > nowMs - windowMs && atMs < nowMs), { atMs: nowMs, value }]
  if (recent.length < fewest) return value
  const meanAt = recent.reduce((sum, { atMs }) => sum + atMs, 0) / recent.length
  const mean = recent.reduce((sum, each) => sum + each.value, 0) / recent.length
  let [products, squares] = [0, 0]
  for (const { atMs, value: each } of recent) {
    products += (atMs - meanAt) * (each - mean)
    squares += (atMs - meanAt) ** 2
  }
  const perMs = squares === 0 ? 0 : products / squares
  const noise = Math.sqrt(Math.max(mean, 0))
  const growth = perMs * aheadS * 1_000 * trust
  // Less than the noise of a random count is no trend.
  return growth > noise * 0.5 ? Math.min(value + growth, Math.max(value, mean) * mostGrowth) : Math.max(value, 0)
}
