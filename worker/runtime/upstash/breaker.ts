export interface BreakerOptions {
  readonly now: () => number
  readonly failuresToOpen?: number
  readonly restMs?: number
}

/**
 * Does the work, unless it failed several times in a row just now: then it rejects at once, so that nobody waits. After
 * the rest one caller tries again, while the others go on resting until that one knows.
 */
export type Breaker = <T>(work: () => Promise<T>) => Promise<T>

export const createBreaker = ({ now, failuresToOpen = 3, restMs = 5_000 }: BreakerOptions): Breaker => {
  let failures = 0
  let restUntil = Number.NEGATIVE_INFINITY
  const isOpen = (): boolean => failures >= failuresToOpen
  const rest = (): void => {
    restUntil = now() + restMs
  }
  return async (work) => {
    if (isOpen() && now() < restUntil)
      throw new Error("It rests after failures in a row, and is tried again in a few seconds.")
    // Rests anew before it tries. By time, not by a flag: a try that a host cuts off without a word must not lock it for good.
    if (isOpen()) rest()
    try {
      const result = await work()
      failures = 0
      return result
    } catch (error) {
      failures++
      if (isOpen()) rest()
      throw error
    }
  }
}
