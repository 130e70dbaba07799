import type { Mode, QueueMode, StepMode, TargetMode } from "../policies/policy.ts"
import type { PolicyMemory } from "./memory.ts"
import { recommendBudget } from "./recommend-budget.ts"
import { show } from "./show.ts"

/** What a mode would have, before windows, rates and bounds; not yet whole and not yet clamped. */
export interface Recommendation {
  readonly replicas: number
  readonly code: "above-target" | "below-target" | "within-target"
  readonly reason: string
  readonly headroom?: number
}

export interface RecommendInput {
  /** Believed values by signal: every one that the mode must have is there. */
  readonly values: Readonly<Record<string, number>>
  readonly currentReplicas: number
  /** Replicas that serve; the others are still starting. */
  readonly readyReplicas: number
  readonly memory: PolicyMemory
  readonly nowMs: number
  readonly most: number
}

export const recommend = (mode: Mode, input: RecommendInput): Recommendation => {
  switch (mode.kind) {
    case "step":
      return recommendStep(mode, input)
    case "target":
      return recommendTarget(mode, input)
    case "budget":
      return recommendBudget(mode, input)
    case "queue":
      return recommendQueue(mode, input)
  }
}

const stepUp = 1.5
const stepDown = 0.8
const downBelow = 0.7
/** After a step down the number must still be this far below the target, or the next cycle would take it back. */
const safeShare = 0.9

const recommendStep = ({ target, shared }: StepMode, { values, currentReplicas }: RecommendInput): Recommendation => {
  const value = values["signal"] ?? Number.NaN
  const told = `${show(value)} against a target of ${show(target)}`
  if (value > target) {
    return {
      replicas: Math.ceil(currentReplicas * stepUp),
      code: "above-target",
      reason: `${told}: half as many again`,
    }
  }
  if (value >= target * downBelow) {
    return {
      replicas: currentReplicas,
      code: "within-target",
      reason: `${told}: from ${downBelow} of it to all of it nothing is done`,
    }
  }
  const fewer = Math.min(currentReplicas - 1, Math.floor(currentReplicas * stepDown))
  const after = fewer > 0 ? (value * currentReplicas) / fewer : Number.POSITIVE_INFINITY
  if (shared && after > target * safeShare) {
    return {
      replicas: currentReplicas,
      code: "within-target",
      reason: `${told}: with ${Math.max(0, fewer)} replicas it would come to ${show(after)}, and be taken back`,
    }
  }
  return { replicas: Math.max(0, fewer), code: "below-target", reason: `${told}: a fifth fewer` }
}

/**
 * `ceil(current × value ÷ target)` outside the tolerance: the algorithm of the HorizontalPodAutoscaler (Kubernetes
 * documentation, "Horizontal Pod Autoscaling", algorithm details). A pod that is still starting counts as using nothing
 * when that would scale up, as there; its number is then a mean over fewer than the replicas.
 */
const recommendTarget = (
  { target, tolerance, measures }: TargetMode,
  { values, currentReplicas, readyReplicas }: RecommendInput,
): Recommendation => {
  const value = values["signal"] ?? Number.NaN
  const told = `${show(value)} ${measures === "total" ? "in all" : "on average"} against ${show(target)} a replica`
  const measured = measures === "total" ? currentReplicas : Math.min(Math.max(1, readyReplicas), currentReplicas)
  const ratio = measures === "total" ? value / (target * Math.max(1, currentReplicas)) : value / target
  const counted = ratio > 1 ? (ratio * measured) / Math.max(1, currentReplicas) : ratio
  if (Math.abs(ratio - 1) <= tolerance || (ratio > 1 && counted <= 1 + tolerance)) {
    return { replicas: currentReplicas, code: "within-target", reason: `${told}: within ${show(tolerance * 100)} %` }
  }
  const replicas = ratio > 1 ? wholeUp(measured * ratio) : wholeUp(currentReplicas * ratio)
  return {
    replicas: ratio > 1 ? Math.max(replicas, currentReplicas) : replicas,
    code: ratio > 1 ? "above-target" : "below-target",
    reason: `${told}: ${replicas} replicas would meet it`,
  }
}

const recommendQueue = (mode: QueueMode, { values, currentReplicas }: RecommendInput): Recommendation => {
  const length = values["length"] ?? Number.NaN
  const arrivals = values["arrivals"] ?? 0
  const replicas = wholeUp(length / (mode.drainS * mode.ratePerReplica) + arrivals / mode.ratePerReplica)
  const told = `${show(length)} waiting${values["arrivals"] === undefined ? "" : `, ${show(arrivals)} more a second`}: ${replicas} replicas empty the queue in ${show(mode.drainS)} s`
  const code =
    replicas > currentReplicas ? "above-target" : replicas < currentReplicas ? "below-target" : "within-target"
  return { replicas, code, reason: told }
}

/** Rounded up, but not for what a division left over. */
const wholeUp = (replicas: number): number => Math.max(0, Math.ceil(replicas - 1e-9))
