export type Direction = "up" | "down" | "hold"

/** The main reason of a decision, closed, for metrics and tests. */
export const decisionCodes = [
  "above-target",
  "below-target",
  "within-target",
  "below-min",
  "above-max",
  "at-bound",
  "cooldown",
  "stabilizing",
  "rate-limited",
  "breaker",
  "disabled",
  "first-window",
  "collapse",
  "no-data",
  "not-a-number",
  "stale",
  "implausible",
  "frozen",
  "pinned",
] as const
export type DecisionCode = (typeof decisionCodes)[number]

/** What should be done about one policy's target, and why. Replicas are whole and, unless it holds, within the bounds. */
export interface Decision {
  readonly direction: Direction
  readonly currentReplicas: number
  readonly desiredReplicas: number
  readonly code: DecisionCode
  /** Sentences with their numbers, in the order in which they were weighed. */
  readonly reasons: readonly string[]
}
