import * as v from "valibot"
import { parseDocument } from "yaml"
import type { Imported } from "./read-hpa.ts"

const Original = v.object({
  deployment: v.optional(v.string()),
  deploymentName: v.optional(v.string()),
  name: v.optional(v.string()),
  namespace: v.optional(v.string(), "default"),
  minReplicas: v.number(),
  maxReplicas: v.number(),
  targetMetric: v.optional(v.string()),
  metric: v.optional(v.string()),
  targetValue: v.optional(v.number()),
  target: v.optional(v.number()),
  scaleUpCooldown: v.optional(v.number(), 180),
  scaleDownCooldown: v.optional(v.number(), 600),
})

/**
 * Policies as they were first written, as objects in TypeScript. Nothing is run: an array of object literals is close enough to
 * YAML's flow style to be read as that, once comments, keywords and types around it are gone.
 */
export const readOriginal = (source: string): readonly Imported[] | undefined => {
  const start = source.search(/\[\s*(?:\/\/[^\n]*\s*)*\{/)
  const end = source.lastIndexOf("]")
  if (start < 0 || end < start) return undefined
  const literal = source
    .slice(start, end + 1)
    .replaceAll(/\/\*[\s\S]*?\*\//g, "")
    .replaceAll(/(^|\s)\/\/[^\n]*/g, "$1")
    .replaceAll(/(\d)_(?=\d)/g, "$1")
    .replaceAll(/([{,]\s*[A-Za-z]\w*\??)\s*:(?=\S)/g, "$1: ")
  const document = parseDocument(literal, { prettyErrors: false })
  if (document.errors.length > 0) return undefined
  const parsed = v.safeParse(v.array(Original), document.toJS({ maxAliasCount: 0 }))
  return parsed.success ? parsed.output.map(importOriginal) : undefined
}

const importOriginal = (given: v.InferOutput<typeof Original>): Imported => {
  const deployment = given.deployment ?? given.deploymentName ?? given.name ?? "unnamed"
  const metric = (given.targetMetric ?? given.metric ?? "cpu").toLowerCase()
  const value = given.targetValue ?? given.target ?? 70
  const notes: string[] = []
  const step = (() => {
    if (metric.includes("cpu") || metric.includes("memory")) {
      return {
        signal: { from: "metrics.k8s.io", resource: metric.includes("cpu") ? "cpu" : "memory" },
        target: `${value}%`,
      }
    }
    if (/latency|p95|time/.test(metric)) {
      notes.push("Name the Prometheus and the query that give the latency in milliseconds.")
      return {
        signal: { from: "prometheus", url: "http://prometheus:9090", query: "latency_p95_ms", unit: "ms" },
        target: `${value}ms`,
      }
    }
    if (!metric.includes("queue")) notes.push(`The metric ${metric} is taken for the length of a Redis list.`)
    notes.push("Name the Redis list whose length counts.")
    return { signal: { from: "redis-list", key: "queue" }, target: value }
  })()
  return {
    policy: {
      name: deployment,
      ...(given.namespace === "default" ? {} : { namespace: given.namespace }),
      deployment,
      replicas: { min: given.minReplicas, max: given.maxReplicas },
      step,
      up: { cooldown: `${seconds(given.scaleUpCooldown)}s` },
      down: { cooldown: `${seconds(given.scaleDownCooldown)}s` },
    },
    notes,
  }
}

/** Some wrote milliseconds. */
const seconds = (given: number): number => (given >= 10_000 ? Math.round(given / 1_000) : given)
