import type { Metrics } from "../metrics.ts"
import type { Bounds, NamedScaler, Scaler } from "../scaler.ts"

/**
 * The rule as it was first written: above the target half as many again, below 0.7 of it a fifth fewer, with cooldowns kept
 * in memory, and what the monitoring says believed as it is.
 */
const originalStep = (name: string, { target, upS, downS, valueOf }: StepRule, { min, max }: Bounds): NamedScaler => ({
  name,
  create: (): Scaler => {
    let lastUpS = Number.NEGATIVE_INFINITY
    let lastDownS = Number.NEGATIVE_INFINITY
    return ({ nowS, metrics, currentReplicas: current }) => {
      const value = valueOf(metrics)
      if (value > target && nowS - lastUpS >= upS) {
        lastUpS = nowS
        return Math.min(max, Math.ceil(current * 1.5))
      }
      if (value < target * 0.7 && nowS - lastDownS >= downS) {
        lastDownS = nowS
        return Math.max(min, Math.floor(current * 0.8))
      }
      return current
    }
  },
})

interface StepRule {
  readonly target: number
  readonly upS: number
  readonly downS: number
  readonly valueOf: (metrics: Metrics) => number
}

/** As `api-gateway` had it: 70 % of the processor, 300 and 600 s. */
export const originalOnUtilization = (bounds: Bounds): NamedScaler =>
  originalStep("step", { target: 70, upS: 300, downS: 600, valueOf: ({ utilization }) => utilization }, bounds)

/** As `llm-orchestrator` had it, on the 95th percentile of the response times, 180 and 900 s; five times the mean work. */
export const originalOnLatency = (serviceS: number, bounds: Bounds): NamedScaler =>
  originalStep("p95", { target: serviceS * 5_000, upS: 180, downS: 900, valueOf: ({ p95Ms }) => p95Ms() ?? 0 }, bounds)
