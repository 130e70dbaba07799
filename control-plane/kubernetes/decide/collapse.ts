interface Past {
  readonly atMs: number
  readonly value: number
}

const windowMs = 3_600_000
const collapsedShare = 0.2
/** Fewer readings tell nothing of what is usual. */
const fewest = 10

/**
 * Whether a load fell to under a fifth of what it was within the last hour. Then it is more likely that the way to us, or
 * the measuring, broke than that nobody comes any more; who scales down now has nothing left when the load is back.
 */
export const hasCollapsed = (value: number, past: readonly Past[], nowMs: number): boolean => {
  const recent = past.filter(({ atMs }) => atMs > nowMs - windowMs).map((each) => each.value)
  if (recent.length < fewest) return false
  const usual = recent.toSorted((a, b) => a - b)[Math.floor(recent.length / 2)] ?? 0
  return usual > 0 && value < usual * collapsedShare
}
