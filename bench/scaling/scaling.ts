/**
 * How well scalers keep a budget of late requests, in a simulated service. How not to be fooled:
 * - Voltgate's rules are those that run in a cluster (control-plane/kubernetes/decide/), with the default settings of a budget
 *   policy, the same for every trace; the others are written after their documentation.
 * - All meet the same requests and the same luck, seed for seed. The seed below was not looked at while rules were tuned
 *   (those were 1 to 5); half of the shapes were looked at once, to set the headroom's upper end and `actionsPerHour`.
 * - A HorizontalPodAutoscaler's target is chosen after the fact: the one with the fewest hours that is never later than ours
 *   on any trace. Nobody who has to choose it beforehand does as well.
 * - Budget policies have a second source for each signal, which does not freeze with the first; the others believe theirs.
 * - A trace on which one replica more or less is the whole difference between far too few and enough has no share in between.
 */
import type { NamedScaler } from "../../control-plane/kubernetes/simulate/scaler.ts"
import { byPolicy } from "../../control-plane/kubernetes/simulate/scalers/by-policy.ts"
import { hpa } from "../../control-plane/kubernetes/simulate/scalers/hpa.ts"
import { kpa } from "../../control-plane/kubernetes/simulate/scalers/kpa.ts"
import {
  originalOnLatency,
  originalOnUtilization,
} from "../../control-plane/kubernetes/simulate/scalers/original-step.ts"
import { simulate } from "../../control-plane/kubernetes/simulate/simulate.ts"
import type { Score } from "../../control-plane/kubernetes/simulate/simulate.ts"
import type { Trace } from "../../control-plane/kubernetes/simulate/trace.ts"
import { generatedTraces, heldOutTraces } from "../../control-plane/kubernetes/simulate/traces.ts"
import { usualPolicy } from "../../control-plane/kubernetes/simulate/usual-policy.ts"
import { usualWorld as world } from "../../control-plane/kubernetes/simulate/world.ts"
import type { Bench, BenchOptions, BenchResult } from "../bench.ts"
import { conditionsNow, formatRows, formatTable, row } from "../report.ts"
import type { Row } from "../report.ts"

const seed = 101
const bounds = { min: 2, max: 60 }
const targets = [0.3, 0.4, 0.5, 0.6, 0.65, 0.7, 0.75, 0.8]
const ours = byPolicy(usualPolicy(bounds, world.slots))
const hpas = targets.map((target) => hpa(target, world.slots, bounds))
const others = [kpa(world.slots, bounds), originalOnUtilization(bounds), originalOnLatency(world.serviceS, bounds)]
const scalers: readonly NamedScaler[] = [ours, ...hpas, ...others]

interface Outcome {
  readonly trace: Trace
  readonly scores: ReadonlyMap<string, Score>
}

const run = async ({ seconds, onProgress }: BenchOptions): Promise<BenchResult> => {
  // The short form: a trace of each kind.
  const isShort = seconds < scaling.seconds
  const traces = [...generatedTraces(seed), ...heldOutTraces(seed)].filter(
    ({ name }) => !isShort || ["daily wave", "spikes", "frozen metrics", "flash crowd"].includes(name),
  )
  const outcomes = traces.map((trace): Outcome => {
    onProgress(`${trace.name} …`)
    const startReplicas = Math.max(bounds.min, Math.ceil(((trace.rates[0] ?? 0) * world.serviceS) / world.slots / 0.7))
    const scores = scalers.map(
      (scaler) => [scaler.name, simulate(trace, scaler, { world, seed, startReplicas })] as const,
    )
    return { trace, scores: new Map(scores) }
  })
  const rows = toRows(outcomes)
  const text = `${formatRows(rows)}\n\n${formatLate(outcomes)}`
  return { report: { bench: "scaling", conditions: conditionsNow(), rows }, text }
}

const scoreOf = ({ scores }: Outcome, name: string): Score => {
  const score = scores.get(name)
  if (score === undefined) throw new Error(`${name} was not simulated.`)
  return score
}

const worst = (outcomes: readonly Outcome[], name: string): number =>
  Math.max(...outcomes.map((outcome) => scoreOf(outcome, name).lateShare))

const total = (outcomes: readonly Outcome[], name: string, key: "replicaHours" | "flaps"): number =>
  outcomes.reduce((sum, outcome) => sum + scoreOf(outcome, name)[key], 0)

/** The goals are the design's. */
const toRows = (outcomes: readonly Outcome[]): readonly Row[] => {
  const isFrozen = ({ trace }: Outcome): boolean => trace.frozenS !== undefined
  const sound = outcomes.filter((outcome) => !isFrozen(outcome))
  const late = sound.map((outcome) => 100 * scoreOf(outcome, ours.name).lateShare)
  const hours = (name: string): number => total(sound, name, "replicaHours")
  const frozenLate = (name: string): number => 100 * worst(outcomes.filter(isFrozen), name)
  return [
    row("late, the most of any trace", Math.max(...late), "%", {
      anchor: 100 * worst(sound, "hpa 70 %"),
      target: 2,
    }),
    row("late, the least of any trace", Math.min(...late), "%", { atLeast: 0.5 }),
    row("traces outside of 0.5 to 2 %", late.filter((share) => share < 0.5 || share > 2).length, "", { target: 0 }),
    ...againstBest("replica-hours against the best HPA target", sound),
    ...againstBest(
      "… without the hourly batch",
      sound.filter(({ trace }) => trace.name !== "hourly batch"),
    ),
    row("replica-hours against HPA 70 %", hours(ours.name) / hours("hpa 70 %"), "", { anchor: 1 }),
    row("flaps against HPA 70 %", total(sound, ours.name, "flaps") / total(sound, "hpa 70 %", "flaps"), "", {
      anchor: 1,
      target: 0.7,
    }),
    row("late with metrics frozen for an hour", frozenLate(ours.name), "%", {
      anchor: frozenLate("hpa 70 %"),
      target: 3,
    }),
  ]
}

/** Against the HPA target with the fewest hours of those that are late on no trace more often than ours is on its worst. */
const againstBest = (name: string, outcomes: readonly Outcome[]): readonly Row[] => {
  const limit = worst(outcomes, ours.name)
  const rivals = hpas.filter((rival) => worst(outcomes, rival.name) <= limit)
  if (rivals.length === 0) return []
  const least = Math.min(...rivals.map((rival) => total(outcomes, rival.name, "replicaHours")))
  return [row(name, total(outcomes, ours.name, "replicaHours") / least, "", { anchor: 1, target: 0.9 })]
}

const formatLate = (outcomes: readonly Outcome[]): string =>
  formatTable(
    ["late %, replica-hours", ...scalers.map(({ name }) => name)],
    [
      ...outcomes.map((outcome) => [
        outcome.trace.name,
        ...scalers.map(({ name }) => {
          const { lateShare, replicaHours } = scoreOf(outcome, name)
          return `${(100 * lateShare).toFixed(2)} ${replicaHours.toFixed(0)}`
        }),
      ]),
      ["flaps in all", ...scalers.map(({ name }) => String(total(outcomes, name, "flaps")))],
    ],
  )

export const scaling: Bench = {
  name: "scaling",
  about: "simulated: HPA at seven targets · Knative's · the rule as first written · ours, for a budget of 1 % late",
  seconds: 2,
  quickSeconds: 1,
  run,
}
