import * as v from "valibot"
import type { Imported } from "./read-hpa.ts"

export const ScaledObject = v.object({
  kind: v.literal("ScaledObject"),
  metadata: v.object({ name: v.string(), namespace: v.optional(v.string(), "default") }),
  spec: v.object({
    scaleTargetRef: v.object({ kind: v.optional(v.string(), "Deployment"), name: v.string() }),
    minReplicaCount: v.optional(v.number(), 0),
    maxReplicaCount: v.optional(v.number(), 100),
    cooldownPeriod: v.optional(v.number()),
    triggers: v.array(
      v.object({
        type: v.string(),
        metricType: v.optional(v.string()),
        metadata: v.optional(v.record(v.string(), v.string()), {}),
      }),
    ),
  }),
})

type Trigger = v.InferOutput<typeof ScaledObject>["spec"]["triggers"][number]

/** A KEDA ScaledObject as a policy of the mode `target`: its triggers are sums, shared by the replicas. */
export const importScaledObject = ({ metadata, spec }: v.InferOutput<typeof ScaledObject>): Imported => {
  const notes: string[] = []
  const usable = spec.triggers.flatMap(
    (trigger) => importTrigger(trigger) ?? (notes.push(`The trigger of type ${trigger.type} is not carried over.`), []),
  )
  const [first] = usable
  if (usable.length > 1)
    notes.push(`Only the first of ${usable.length} triggers is carried over: a policy goes by one.`)
  if (first === undefined) notes.push("It has no trigger that could be carried over: write the target by hand.")
  if (spec.minReplicaCount < 1)
    notes.push("It goes down to 0; a policy keeps at least 1, and leaves a count of 0 to people.")
  return {
    policy: {
      name: metadata.name,
      ...(metadata.namespace === "default" ? {} : { namespace: metadata.namespace }),
      deployment: spec.scaleTargetRef.name,
      replicas: { min: Math.max(1, spec.minReplicaCount), max: spec.maxReplicaCount },
      target: first ?? { signal: { from: "metrics.k8s.io", resource: "cpu" }, target: "80%" },
      ...(spec.cooldownPeriod === undefined ? {} : { down: { stabilization: `${spec.cooldownPeriod}s` } }),
    },
    notes,
  }
}

const importTrigger = ({ type, metricType, metadata }: Trigger): Record<string, unknown> | undefined => {
  const number = (key: string): number | undefined => {
    const value = Number(metadata[key])
    return metadata[key] !== undefined && Number.isFinite(value) && value > 0 ? value : undefined
  }
  if ((type === "cpu" || type === "memory") && number("value") !== undefined && metricType !== "AverageValue") {
    return { signal: { from: "metrics.k8s.io", resource: type }, target: `${number("value")}%` }
  }
  if (type === "prometheus" && metadata["serverAddress"] !== undefined && metadata["query"] !== undefined) {
    const threshold = number("threshold")
    if (threshold === undefined) return undefined
    return {
      signal: { from: "prometheus", url: metadata["serverAddress"], query: metadata["query"] },
      target: threshold,
      measures: metricType === "Value" ? "average" : "total",
    }
  }
  if (type === "redis" && metadata["listName"] !== undefined) {
    return {
      signal: { from: "redis-list", key: metadata["listName"] },
      target: number("listLength") ?? 5,
      measures: "total",
    }
  }
  if (type === "postgresql" && metadata["query"] !== undefined) {
    const wanted = number("targetQueryValue")
    return wanted === undefined
      ? undefined
      : { signal: { from: "postgres", query: metadata["query"] }, target: wanted, measures: "total" }
  }
  return undefined
}
