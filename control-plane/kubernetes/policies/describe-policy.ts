import type { Mode, Policy, Signal, Unit } from "./policy.ts"

/** What a policy would do, in two lines for people. */
export const describePolicy = (policy: Policy): string => {
  const { name, namespace, deployment, replicas, mode, up, down, write } = policy
  const waits = [
    ...(up.cooldownS > 0 ? [`${up.cooldownS} s after a step up`] : []),
    ...(down.cooldownS > 0 ? [`${down.cooldownS} s before a step down`] : []),
    ...(down.stabilizationS > 0 ? [`down to the most wanted in ${down.stabilizationS} s`] : []),
  ]
  return `${name}: ${namespace}/${deployment}, ${replicas.min} to ${replicas.max} replicas, ${
    write === "act" ? "acts" : "observes only"
  }\n  ${[describeMode(mode), ...waits].join("; ")}`
}

const describeMode = (mode: Mode): string => {
  switch (mode.kind) {
    case "step":
      return `step: half as many again where ${sourceOf(mode.signal)} is above ${inUnit(mode.target, mode.signal)}, a fifth fewer below ${inUnit(mode.target * 0.7, mode.signal)}`
    case "target":
      return `target: ${sourceOf(mode.signal)} ${mode.measures === "total" ? "a replica " : ""}near ${inUnit(mode.target, mode.signal)}, by the rules of a HorizontalPodAutoscaler`
    case "budget":
      return `budget: at most ${percent(mode.late)} of requests wait longer than ${mode.waitS} s`
    case "queue":
      return `queue: ${sourceOf(mode.length)} is worked off in ${mode.drainS} s`
  }
}

const sourceOf = ({ source }: Signal): string => {
  switch (source.from) {
    case "metrics.k8s.io":
      return source.resource
    case "gateway":
      return `${source.value} of the gateway`
    case "external":
      return source.metric
    case "redis-list":
      return `the length of ${source.key}`
    case "prometheus":
      return "what Prometheus says"
    case "postgres":
      return "what Postgres says"
  }
}

const units: Readonly<Record<Unit, string>> = { percent: " %", ms: " ms", count: "" }

const inUnit = (value: number, { source }: Signal): string => `${Number(value.toPrecision(4))}${units[source.unit]}`

const percent = (share: number): string => `${Number((share * 100).toPrecision(3))} %`
