import { believe } from "../decide/believe.ts"
import { decide } from "../decide/decide.ts"
import { newMemory } from "../decide/memory.ts"
import type { PolicyMemory } from "../decide/memory.ts"
import { signalsOf } from "../policies/policy.ts"
import type { Policy, SignalSource } from "../policies/policy.ts"

/** What a scaler may know at a moment: what was measured and when, as the metrics system tells it. */
export interface Measured {
  readonly atS: number
  /** Requests a second. */
  readonly rate: number
  readonly serviceMs: number
  /** Share of slots that are busy, and of those that would be by what waits; in percent. */
  readonly load: number
  readonly inFlight: number
  readonly latePercent: number
  readonly p95Ms: number
}

export interface Moment {
  readonly nowS: number
  readonly measured: Measured
  /** The same by another way, which never stands still. */
  readonly second: Measured
  readonly replicas: number
  readonly ready: number
}

/** A rule that says how many replicas there should be. */
export interface Contender {
  readonly name: string
  readonly decide: (moment: Moment) => number
}

/** Any policy of ours, by the very rules that scale a cluster. */
export const ofPolicy = (name: string, policy: Policy): Contender => {
  let memory: PolicyMemory = newMemory(-86_400_000)
  return {
    name,
    decide: ({ nowS, measured, second, replicas, ready }) => {
      const nowMs = nowS * 1_000
      const beliefs = Object.fromEntries(
        Object.entries(signalsOf(policy)).map(([signal, { source, fallback, most }]) => {
          const ask = (given: Measured, of: SignalSource, isFallback: boolean) =>
            believe(
              {
                kind: "sample",
                sample: {
                  value: valueOf(given, of, signal),
                  measuredAtMs: given.atS * 1_000,
                  readAtMs: nowMs,
                  source: of.from,
                },
              },
              { most },
              { past: memory.samples[signal] ?? [], nowMs, scrapeS: of.scrapeS, isFallback },
            )
          const first = ask(measured, source, false)
          return [signal, first.believed || fallback === undefined ? first : ask(second, fallback, true)]
        }),
      )
      const decided = decide(policy, { beliefs, currentReplicas: replicas, readyReplicas: ready, memory, nowMs })
      const { desiredReplicas: to } = decided.decision
      memory =
        to === replicas
          ? decided.memory
          : { ...decided.memory, changes: [...decided.memory.changes, { atMs: nowMs, from: replicas, to }] }
      return to
    },
  }
}

/** A policy's signal by what it stands for here. */
const valueOf = (given: Measured, { unit }: SignalSource, signal: string): number => {
  switch (signal) {
    case "rate":
    case "arrivals":
      return given.rate
    case "serviceTime":
      return given.serviceMs
    case "lateShare":
      return given.latePercent
    case "inFlight":
      return given.inFlight
    default:
      return unit === "ms" ? given.p95Ms : given.load
  }
}

interface Bounds {
  readonly min: number
  readonly max: number
}

/** The rule as it was first written: p95 above the target × 1.5, below 0.7 of it × 0.8, with two cooldowns, nothing else. */
export const originalRule = ({ min, max }: Bounds, targetMs: number): Contender => {
  let [upS, downS] = [Number.NEGATIVE_INFINITY, Number.NEGATIVE_INFINITY]
  return {
    name: "original",
    decide: ({ nowS, measured, replicas }) => {
      if (measured.p95Ms > targetMs && nowS - upS >= 180) {
        upS = nowS
        return Math.min(max, Math.ceil(replicas * 1.5))
      }
      if (measured.p95Ms < targetMs * 0.7 && nowS - downS >= 600) {
        downS = nowS
        return Math.max(min, Math.floor(replicas * 0.8))
      }
      return replicas
    },
  }
}

/**
 * A concurrency autoscaler with a stable and a panic window, after Knative's (Knative documentation, "Autoscaling
 * concepts"): the mean of a minute, or the last reading where that wants twice what there is; down only when calm.
 */
export const concurrencyRule = ({ min, max }: Bounds, targetPercent: number): Contender => {
  let recent: { readonly atS: number; readonly slots: number }[] = []
  let panicUntilS = Number.NEGATIVE_INFINITY
  return {
    name: "kpa",
    decide: ({ nowS, measured, replicas, ready }) => {
      recent = [
        ...recent.filter(({ atS }) => atS > nowS - 60),
        { atS: nowS, slots: (measured.load * ready) / targetPercent },
      ]
      const stable = Math.ceil(recent.reduce((sum, { slots }) => sum + slots, 0) / recent.length)
      const panic = Math.ceil(recent.at(-1)?.slots ?? 0)
      if (panic >= 2 * ready) panicUntilS = nowS + 60
      const wanted = nowS < panicUntilS ? Math.max(panic, replicas) : Math.max(stable, Math.floor(replicas / 2))
      return Math.min(max, Math.max(min, wanted))
    },
  }
}
