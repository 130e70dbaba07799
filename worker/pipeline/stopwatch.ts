/** Times the stages of one request. */
export interface Stopwatch {
  readonly startedAt: number
  /** Runs one stage and adds its time to the stage's sum. */
  readonly time: <T>(stage: string, work: () => Promise<T>) => Promise<T>
  /** Adds time that was measured elsewhere. */
  readonly add: (stage: string, durationMs: number) => void
  readonly elapsedMs: () => number
  /** Milliseconds by stage, in the order in which they began. */
  readonly stages: () => Readonly<Record<string, number>>
}

export const startStopwatch = (now: () => number): Stopwatch => {
  const startedAt = now()
  const stages: Record<string, number> = {}
  const add = (stage: string, durationMs: number): void => {
    stages[stage] = (stages[stage] ?? 0) + durationMs
  }
  return {
    startedAt,
    add,
    time: async (stage, work) => {
      const from = now()
      try {
        return await work()
      } finally {
        add(stage, now() - from)
      }
    },
    elapsedMs: () => now() - startedAt,
    stages: () => ({ ...stages }),
  }
}
