/** How many different values of a sample were seen once, twice, and more often. */
export interface SeenTimes {
  readonly once: number
  readonly twice: number
  readonly more: number
}

/**
 * How many different values there are in all, at most so many: the bias-corrected estimator of Chao (1984) from those seen once and
 * twice. Where nothing was seen twice, it is only a lower bound: then the geometric mean of both bounds.
 */
export const expectDistinct = ({ once, twice, more }: SeenTimes, most: number): number => {
  const atLeast = once + twice + more + (once * (once - 1)) / (2 * (twice + 1))
  if (once > 0 && twice + more === 0) return Math.min(most, Math.sqrt(atLeast * most))
  return Math.min(most, atLeast)
}
