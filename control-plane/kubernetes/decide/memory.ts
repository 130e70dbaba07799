export interface PastSample {
  readonly atMs: number
  readonly value: number
  /** It came from the signal's second source. */
  readonly isFallback?: boolean
}

/** What a policy's decisions need of the past. Bounded, plain JSON: it is stored between cycles. */
export interface PolicyMemory {
  /** What was recommended, before windows and limits, youngest last. */
  readonly recommendations: readonly { readonly atMs: number; readonly replicas: number }[]
  /** Changes that were written, youngest last. */
  readonly changes: readonly { readonly atMs: number; readonly from: number; readonly to: number }[]
  /** Believed readings by signal, youngest last. */
  readonly samples: Readonly<Record<string, readonly PastSample[]>>
  /** By how much the budget mode's size is corrected; 1 is not at all. */
  readonly headroom: number
  /** When the policy began to be watched; a first window passes before anything goes down. */
  readonly sinceMs: number
}

/** Of a policy that nothing is known of. */
export const newMemory = (nowMs: number): PolicyMemory => ({
  recommendations: [],
  changes: [],
  samples: {},
  headroom: 1,
  sinceMs: nowMs,
})

/** The longest window that any rule looks back. */
const longestMs = 3_600_000
const most = 300

/** Forgets what no rule looks at any more. */
export const trimMemory = (memory: PolicyMemory, nowMs: number): PolicyMemory => {
  const young = <T extends { readonly atMs: number }>(all: readonly T[]): readonly T[] =>
    all.filter(({ atMs }) => atMs > nowMs - longestMs).slice(-most)
  return {
    recommendations: young(memory.recommendations),
    changes: young(memory.changes),
    samples: Object.fromEntries(Object.entries(memory.samples).map(([name, all]) => [name, thin(young(all), nowMs)])),
    headroom: memory.headroom,
    sinceMs: memory.sinceMs,
  }
}

/** All of the last five minutes, one a minute before that: a trend needs the former, a collapse of traffic the latter. */
const thin = <T extends { readonly atMs: number }>(all: readonly T[], nowMs: number): readonly T[] =>
  all.filter(
    ({ atMs }, index) =>
      atMs > nowMs - 300_000 || Math.floor(atMs / 60_000) !== Math.floor((all[index - 1]?.atMs ?? -1) / 60_000),
  )
