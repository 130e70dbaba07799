import { believe } from "../../decide/believe.ts"
import type { Belief } from "../../decide/believe.ts"
import { distrust } from "../../decide/distrust.ts"
import { decide } from "../../decide/decide.ts"
import { newMemory } from "../../decide/memory.ts"
import type { PolicyMemory } from "../../decide/memory.ts"
import { signalsOf } from "../../policies/policy.ts"
import type { Policy, Signal, SignalSource } from "../../policies/policy.ts"
import type { Reading } from "../../sample.ts"
import type { Metrics } from "../metrics.ts"
import type { NamedScaler, Scaler, View } from "../scaler.ts"

/** Any moment: the simulated clock counts from it. */
const epochMs = 1_800_000_000_000

/** A policy as it would be carried out: read, believed or not, decided, all by the rules that run in a cluster. */
export const byPolicy = (policy: Policy): NamedScaler => ({
  name: policy.name,
  create: (): Scaler => {
    let memory: PolicyMemory = newMemory(epochMs - 3_600_000)
    return (view) => {
      const nowMs = epochMs + view.nowS * 1_000
      const beliefs = believeAll(policy, view, memory, nowMs)
      const { currentReplicas, readyReplicas } = view
      const decided = decide(policy, { beliefs, currentReplicas, readyReplicas, memory, nowMs })
      const { desiredReplicas: to } = decided.decision
      const changes = [...decided.memory.changes, { atMs: nowMs, from: currentReplicas, to }]
      memory = to === currentReplicas ? decided.memory : { ...decided.memory, changes }
      return to
    }
  },
})

/** As the protocol reads: the first sources, then the second ones of those that are not believed. */
const believeAll = (
  policy: Policy,
  view: View,
  { samples }: PolicyMemory,
  nowMs: number,
): Readonly<Record<string, Belief>> => {
  const signals = signalsOf(policy)
  const ask = (name: string, signal: Signal, source: SignalSource, isFallback: boolean): Belief =>
    believe(readingOf(name, source, isFallback ? view.second : view.metrics, nowMs), signal, {
      past: samples[name] ?? [],
      nowMs,
      scrapeS: source.scrapeS,
      isFallback,
    })
  const firsts = Object.fromEntries(
    Object.entries(signals).map(([name, signal]) => [name, ask(name, signal, signal.source, false)] as const),
  )
  return Object.fromEntries(
    Object.entries(distrust(policy, firsts)).map(([name, first]) => {
      const signal = signals[name]
      const isDone = first.believed || signal?.fallback === undefined
      return [name, isDone ? first : ask(name, signal, signal.fallback, true)] as const
    }),
  )
}

const readingOf = (name: string, source: SignalSource, metrics: Metrics, nowMs: number): Reading => {
  const value = valueOf(name, source.unit, metrics)
  return value === undefined
    ? { kind: "no-data", reason: "nothing was asked", source: source.from }
    : {
        kind: "sample",
        sample: { value, measuredAtMs: epochMs + metrics.atS * 1_000, readAtMs: nowMs, source: source.from },
      }
}

/** Which of the simulated numbers a signal stands for: by its part in the policy, and where that says nothing, by its unit. */
const valueOf = (name: string, unit: Signal["source"]["unit"], metrics: Metrics): number | undefined => {
  switch (name) {
    case "rate":
    case "arrivals":
      return metrics.rate
    case "serviceTime":
      return metrics.serviceMs
    case "lateShare":
      return metrics.lateShare
    case "inFlight":
      return metrics.inFlight
    case "length":
      return metrics.waiting
    default:
      return unit === "ms" ? metrics.p95Ms() : unit === "percent" ? metrics.utilization : metrics.inFlight
  }
}
