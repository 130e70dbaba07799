export interface BreakerOptions {
  readonly now: () => number
  readonly failuresToOpen?: number
  readonly restMs?: number
}

/** Does the work, unless it failed several times in a row just now: then it rejects at once, so that nobody waits. */
export type Breaker = <T>(work: () => Promise<T>) => Promise<T>

export const createBreaker = ({ now, failuresToOpen = 3, restMs = 5_000 }: BreakerOptions): Breaker => {
  let failures = 0
  let restUntil = 0
  return async (work) => {
    if (now() < restUntil)
      throw new Error("The store rests after failures in a row; it is tried again in a few seconds.")
    try {
      const result = await work()
      failures = 0
      return result
    } catch (error) {
      failures++
      // The first try after a rest decides alone.
      if (failures >= failuresToOpen) restUntil = now() + restMs
      throw error
    }
  }
}
