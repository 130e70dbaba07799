export type Direction = "up" | "down" | "hold"

/** What should be done about one policy's target, and why. Replicas are whole and within the policy's bounds. */
export interface Decision {
  readonly direction: Direction
  readonly currentReplicas: number
  readonly desiredReplicas: number
  /** The main reason as a closed code, for metrics and tests, e.g. `above-target`, `cooldown`, `no-data`, `stale`. */
  readonly code: string
  /** Sentences with their numbers, in the order in which they were weighed. */
  readonly reasons: readonly string[]
}
