import * as v from "valibot"

/** What an import makes of one object: the policy in YAML's shape, and what could not be carried over. */
export interface Imported {
  readonly policy: Record<string, unknown>
  readonly notes: readonly string[]
}

const rule = v.object({
  stabilizationWindowSeconds: v.optional(v.number()),
  selectPolicy: v.optional(v.string()),
  policies: v.optional(v.array(v.object({ type: v.string(), value: v.number(), periodSeconds: v.number() }))),
})
const metricTarget = v.object({
  type: v.string(),
  averageUtilization: v.optional(v.number()),
  averageValue: v.optional(v.union([v.string(), v.number()])),
  value: v.optional(v.union([v.string(), v.number()])),
})
export const Hpa = v.object({
  kind: v.literal("HorizontalPodAutoscaler"),
  metadata: v.object({ name: v.string(), namespace: v.optional(v.string(), "default") }),
  spec: v.object({
    scaleTargetRef: v.object({ kind: v.string(), name: v.string() }),
    minReplicas: v.optional(v.number(), 1),
    maxReplicas: v.number(),
    metrics: v.optional(
      v.array(
        v.object({
          type: v.string(),
          resource: v.optional(v.object({ name: v.string(), target: metricTarget })),
          external: v.optional(
            v.object({
              metric: v.object({
                name: v.string(),
                selector: v.optional(v.object({ matchLabels: v.optional(v.record(v.string(), v.string()), {}) })),
              }),
              target: metricTarget,
            }),
          ),
        }),
      ),
      [],
    ),
    behavior: v.optional(v.object({ scaleUp: v.optional(rule), scaleDown: v.optional(rule) })),
  }),
})

type Metric = v.InferOutput<typeof Hpa>["spec"]["metrics"][number]

/** A HorizontalPodAutoscaler (autoscaling/v2) as a policy of the mode `target`, which obeys the same law. */
export const importHpa = ({ metadata, spec }: v.InferOutput<typeof Hpa>): Imported => {
  const notes: string[] = []
  if (spec.scaleTargetRef.kind !== "Deployment")
    notes.push(`It scales a ${spec.scaleTargetRef.kind}; only deployments can be scaled.`)
  const usable = spec.metrics.flatMap(
    (metric) => importMetric(metric) ?? (notes.push(`The metric of type ${metric.type} is not carried over.`), []),
  )
  const [first] = usable
  if (usable.length > 1)
    notes.push(
      `Only the first of ${usable.length} metrics is carried over: a policy goes by one. Make the others policies of their own, or one query.`,
    )
  if (first === undefined)
    notes.push("It has no metric that could be carried over; CPU at 80% is what a HorizontalPodAutoscaler takes then.")
  return {
    policy: {
      name: metadata.name,
      ...(metadata.namespace === "default" ? {} : { namespace: metadata.namespace }),
      deployment: spec.scaleTargetRef.name,
      replicas: { min: Math.max(1, spec.minReplicas), max: spec.maxReplicas },
      target: first ?? { signal: { from: "metrics.k8s.io", resource: "cpu" }, target: "80%" },
      ...importRule("up", spec.behavior?.scaleUp),
      ...importRule("down", spec.behavior?.scaleDown),
    },
    notes,
  }
}

const importMetric = ({ resource, external }: Metric): Record<string, unknown> | undefined => {
  if (resource?.target.averageUtilization !== undefined && (resource.name === "cpu" || resource.name === "memory")) {
    return {
      signal: { from: "metrics.k8s.io", resource: resource.name },
      target: `${resource.target.averageUtilization}%`,
    }
  }
  const wanted = external?.target.averageValue ?? external?.target.value
  if (external === undefined || wanted === undefined) return undefined
  const number = Number(wanted)
  if (!Number.isFinite(number)) return undefined
  const labels = Object.entries(external.metric.selector?.matchLabels ?? {}).map(([key, value]) => `${key}=${value}`)
  return {
    signal: {
      from: "external",
      metric: external.metric.name,
      ...(labels.length === 0 ? {} : { selector: labels.join(",") }),
    },
    target: number,
    measures: external.target.averageValue === undefined ? "average" : "total",
  }
}

const importRule = (name: "up" | "down", given: v.InferOutput<typeof rule> | undefined): Record<string, unknown> => {
  if (given === undefined) return {}
  const { stabilizationWindowSeconds, selectPolicy, policies } = given
  return {
    [name]: {
      ...(stabilizationWindowSeconds === undefined ? {} : { stabilization: `${stabilizationWindowSeconds}s` }),
      ...(selectPolicy === undefined ? {} : { select: selectPolicy.toLowerCase() }),
      ...(policies === undefined
        ? {}
        : {
            rates: policies.map(({ type, value, periodSeconds }) => ({
              ...(type === "Pods" ? { pods: value } : { percent: `${value}%` }),
              period: `${periodSeconds}s`,
            })),
          }),
    },
  }
}
