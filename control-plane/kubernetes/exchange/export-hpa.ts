import type { DirectionRules, Policy, Signal } from "../policies/policy.ts"

export interface Exported {
  /** An autoscaling/v2 HorizontalPodAutoscaler; absent where none can do what the policy does. */
  readonly hpa?: Record<string, unknown>
  readonly notes: readonly string[]
}

/** A policy as a HorizontalPodAutoscaler, for going back. */
export const exportHpa = (policy: Policy): Exported => {
  const { name, namespace, deployment, replicas, mode } = policy
  const notes: string[] = []
  if (mode.kind === "budget" || mode.kind === "queue") {
    return { notes: [`${name}: no HorizontalPodAutoscaler has the mode ${mode.kind}.`] }
  }
  if (mode.kind === "step") notes.push(`${name}: it will follow HPA's ratio, not steps of a half and a fifth.`)
  const metric = exportMetric(mode.signal, mode.target, mode.kind === "target" ? mode.measures : "average")
  if (metric === undefined) {
    return {
      notes: [
        `${name}: a HorizontalPodAutoscaler does not read ${mode.signal.source.from} by itself; offer it as an external metric first.`,
      ],
    }
  }
  if (mode.signal.fallback !== undefined) notes.push(`${name}: the fallback is left out.`)
  return {
    hpa: {
      apiVersion: "autoscaling/v2",
      kind: "HorizontalPodAutoscaler",
      metadata: { name, namespace },
      spec: {
        scaleTargetRef: { apiVersion: "apps/v1", kind: "Deployment", name: deployment },
        minReplicas: replicas.min,
        maxReplicas: replicas.max,
        metrics: [metric],
        behavior: { scaleUp: exportRule(policy.up), scaleDown: exportRule(policy.down) },
      },
    },
    notes,
  }
}

const exportMetric = (
  { source }: Signal,
  target: number,
  measures: "average" | "total",
): Record<string, unknown> | undefined => {
  if (source.from === "metrics.k8s.io") {
    return {
      type: "Resource",
      resource: { name: source.resource, target: { type: "Utilization", averageUtilization: Math.round(target) } },
    }
  }
  if (source.from !== "external") return undefined
  const value =
    measures === "total"
      ? { type: "AverageValue", averageValue: String(target) }
      : { type: "Value", value: String(target) }
  const labels = Object.fromEntries(
    (source.selector ?? "")
      .split(",")
      .filter(Boolean)
      .map((pair) => pair.split("=")),
  )
  const selector = Object.keys(labels).length === 0 ? {} : { selector: { matchLabels: labels } }
  return { type: "External", external: { metric: { name: source.metric, ...selector }, target: value } }
}

/** A cooldown becomes a window: the nearest thing that there is. */
const exportRule = ({ stabilizationS, cooldownS, rates, select }: DirectionRules): Record<string, unknown> => ({
  stabilizationWindowSeconds: Math.min(3_600, Math.round(Math.max(stabilizationS, cooldownS))),
  selectPolicy: { max: "Max", min: "Min", disabled: "Disabled" }[select],
  policies: rates.map(({ kind, value, periodS }) => ({
    type: kind === "pods" ? "Pods" : "Percent",
    value: Math.round(value),
    periodSeconds: Math.round(periodS),
  })),
})
