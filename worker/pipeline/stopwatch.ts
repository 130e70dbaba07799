/** Times the stages of one request. */
export interface Stopwatch {
  readonly startedAt: number
  /** Runs one stage and adds its time to the stage's sum; where several run at once, time counts once. */
  readonly time: <T>(stage: string, work: () => Promise<T>) => Promise<T>
  /** Adds time that was measured elsewhere. */
  readonly add: (stage: string, durationMs: number) => void
  readonly elapsedMs: () => number
  /** Milliseconds by stage so far, in the order in which they began. */
  readonly stages: () => Readonly<Record<string, number>>
}

interface Stage {
  readonly sumMs: number
  /** How many times it runs now, and since when at least once. */
  readonly running: number
  readonly since: number
}

const idle: Stage = { sumMs: 0, running: 0, since: 0 }

export const startStopwatch = (now: () => number): Stopwatch => {
  const startedAt = now()
  const stages = new Map<string, Stage>()
  const change = (name: string, after: (stage: Stage) => Stage): void => {
    stages.set(name, after(stages.get(name) ?? idle))
  }
  const sumOf = ({ sumMs, running, since }: Stage): number => sumMs + (running > 0 ? now() - since : 0)
  return {
    startedAt,
    add: (name, durationMs) => change(name, (stage) => ({ ...stage, sumMs: stage.sumMs + durationMs })),
    time: async (name, work) => {
      change(name, ({ sumMs, running, since }) => ({ sumMs, running: running + 1, since: running > 0 ? since : now() }))
      try {
        return await work()
      } finally {
        change(name, (stage) => ({
          ...stage,
          running: stage.running - 1,
          sumMs: stage.running > 1 ? stage.sumMs : sumOf(stage),
        }))
      }
    },
    elapsedMs: () => now() - startedAt,
    stages: () => Object.fromEntries(Array.from(stages, ([name, stage]) => [name, sumOf(stage)])),
  }
}
