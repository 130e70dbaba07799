import type { DirectionRules, RatePolicy } from "../policies/policy.ts"
import type { PolicyMemory } from "./memory.ts"

/**
 * The most careful recommendation of each direction's window: up to the least that was wanted throughout the one, down to
 * the most that was wanted within the other (Kubernetes documentation, "Horizontal Pod Autoscaling", stabilization window).
 */
export const stabilize = (
  wanted: number,
  current: number,
  { recommendations }: Pick<PolicyMemory, "recommendations">,
  { up, down, nowMs }: { readonly up: DirectionRules; readonly down: DirectionRules; readonly nowMs: number },
): number => {
  const within = (windowS: number): readonly number[] =>
    recommendations.filter(({ atMs }) => atMs > nowMs - windowS * 1_000).map(({ replicas }) => replicas)
  const least = Math.min(wanted, ...within(up.stabilizationS))
  const most = Math.max(wanted, ...within(down.stabilizationS))
  return Math.min(Math.max(current, least), most)
}

type Changes = PolicyMemory["changes"]

/** The farthest that the direction's rates allow now. */
export const rateLimit = (
  direction: "up" | "down",
  current: number,
  { rates, select }: Pick<DirectionRules, "rates" | "select">,
  changes: Changes,
  nowMs: number,
): number => {
  if (select === "disabled") return current
  const limits = rates.map((rate) => limitOf(direction, current, rate, changes, nowMs))
  const farthest = direction === "up" ? Math.max(...limits) : Math.min(...limits)
  const nearest = direction === "up" ? Math.min(...limits) : Math.max(...limits)
  return select === "max" ? farthest : nearest
}

/** What was there at the period's beginning, and what may be of it now. */
const limitOf = (
  direction: "up" | "down",
  current: number,
  { kind, value, periodS }: RatePolicy,
  changes: Changes,
  nowMs: number,
): number => {
  const began = changes
    .filter(({ atMs }) => atMs > nowMs - periodS * 1_000)
    .reduce((replicas, { from, to }) => replicas - (to - from), current)
  if (direction === "up") return kind === "pods" ? began + value : Math.ceil(began * (1 + value / 100) - 1e-9)
  return kind === "pods" ? began - value : Math.floor(began * (1 - value / 100) + 1e-9)
}

/** Seconds until the direction's cooldown ends; 0 when it is over. Up waits for ups, down for any change. */
export const cooldownLeftS = (
  direction: "up" | "down",
  { cooldownS }: Pick<DirectionRules, "cooldownS">,
  changes: Changes,
  nowMs: number,
): number => {
  const last = changes.findLast(({ from, to }) => direction === "down" || to > from)
  return last === undefined ? 0 : Math.max(0, Math.ceil(cooldownS - (nowMs - last.atMs) / 1_000))
}
