import * as v from "valibot"
import type { Imported } from "./read-hpa.ts"
import { readLiteral } from "./read-literal.ts"

/** `5 * 60` and `600_000` are numbers too: cooldowns were often written so. */
const number = v.union([
  v.number(),
  v.pipe(
    v.string(),
    v.regex(/^[\d_]+(\.\d+)?(\s*\*\s*[\d_]+)*$/),
    v.transform((text) =>
      text
        .replaceAll("_", "")
        .split("*")
        .reduce((product, factor) => product * Number(factor), 1),
    ),
  ),
])

const Original = v.object({
  deployment: v.optional(v.string()),
  deploymentName: v.optional(v.string()),
  name: v.optional(v.string()),
  namespace: v.optional(v.string(), "default"),
  minReplicas: number,
  maxReplicas: number,
  targetMetric: v.optional(v.string()),
  metric: v.optional(v.string()),
  targetValue: v.optional(number),
  target: v.optional(number),
  scaleUpCooldown: v.optional(number, 180),
  scaleDownCooldown: v.optional(number, 600),
})

/** Policies as they were first written, as objects in TypeScript: read as data, never run. */
export const readOriginal = (source: string): readonly Imported[] | undefined => {
  const parsed = v.safeParse(v.array(Original), readLiteral(source))
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
