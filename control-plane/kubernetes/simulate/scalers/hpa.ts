import { rateLimit, stabilize } from "../../decide/limits.ts"
import type { DirectionRules } from "../../policies/policy.ts"
import type { Bounds, NamedScaler, Scaler } from "../scaler.ts"

const up: DirectionRules = {
  cooldownS: 0,
  stabilizationS: 0,
  rates: [
    { kind: "pods", value: 4, periodS: 15 },
    { kind: "percent", value: 100, periodS: 15 },
  ],
  select: "max",
}
const down: DirectionRules = { ...up, stabilizationS: 300, rates: [{ kind: "percent", value: 100, periodS: 15 }] }
const tolerance = 0.1

/**
 * A HorizontalPodAutoscaler with its defaults, on requests at work and waiting: `target` is the share of a replica's slots
 * that may be taken, 0..1. (Kubernetes documentation, "Horizontal Pod Autoscaling".)
 */
export const hpa = (target: number, slots: number, { min, max }: Bounds): NamedScaler => ({
  name: `hpa ${Math.round(target * 100)} %`,
  create: (): Scaler => {
    const recommendations: { atMs: number; replicas: number }[] = []
    const changes: { atMs: number; from: number; to: number }[] = []
    return ({ nowS, metrics, currentReplicas: current, readyReplicas }) => {
      const nowMs = nowS * 1_000
      const ratio = metrics.inFlight / (Math.max(1, readyReplicas) * slots * target)
      // Replicas that start count as unused when it would go up, as in the published algorithm.
      const counted = ratio > 1 ? metrics.inFlight / (current * slots * target) : ratio
      const isNear = Math.abs(ratio - 1) <= tolerance || (ratio > 1 && counted <= 1 + tolerance)
      const wanted = isNear ? current : Math.ceil(metrics.inFlight / (slots * target) - 1e-9)
      const bounded = Math.min(max, Math.max(min, wanted))
      const steady = stabilize(bounded, current, { recommendations }, { up, down, nowMs })
      recommendations.push({ atMs: nowMs, replicas: bounded })
      while (nowMs - (recommendations[0]?.atMs ?? nowMs) > down.stabilizationS * 1_000) recommendations.shift()
      const desired =
        steady > current
          ? Math.min(steady, rateLimit("up", current, up, changes, nowMs))
          : Math.max(steady, rateLimit("down", current, down, changes, nowMs))
      if (desired !== current) changes.push({ atMs: nowMs, from: current, to: desired })
      if (changes.length > 64) changes.shift()
      return desired
    }
  },
})
