import type { DirectionRules, Mode, Policy, RatePolicy, Signal, SignalSource, Unit } from "./policy.ts"
import type { PolicyEntry, SignalEntry, SourceEntry } from "./policy-schema.ts"
import { readDuration, readPercent } from "./read-quantity.ts"

const modeKinds = ["step", "target", "budget", "queue"] as const

/** Finds what is wrong with a field, by its path within the policy. */
export type Complain = (path: readonly string[], message: string) => void

/** Builds a policy from its entry; what concerns several fields is complained of, and then nothing is built. */
export const buildPolicy = (entry: PolicyEntry, complain: Complain): Policy | undefined => {
  let complaints = 0
  const counting: Complain = (path, message) => {
    complaints++
    complain(path, message)
  }
  const { min, max } = entry.replicas
  if (min > max) counting(["replicas", "min"], `must not be above max, which is ${max}`)
  const mode = buildMode(entry, counting)
  const up = buildDirection(entry.up, usualUp(entry), ["up"], counting)
  const down = buildDirection(entry.down, usualDown(entry), ["down"], counting)
  if (mode === undefined || complaints > 0) return undefined
  const { name, namespace, deployment, mostStep, actionsPerHour, write } = entry
  return { name, namespace, deployment, replicas: { min, max }, mode, up, down, mostStep, actionsPerHour, write }
}

const buildMode = (entry: PolicyEntry, complain: Complain): Mode | undefined => {
  const given = modeKinds.filter((kind) => entry[kind] !== undefined)
  if (given.length !== 1) {
    complain(
      given.length === 0 ? [] : [given[1] ?? "step"],
      given.length === 0
        ? `needs a mode: one of ${modeKinds.join(", ")}`
        : `is one mode too many beside ${given[0]}: keep one`,
    )
    return undefined
  }
  const { step, target, budget, queue } = entry
  if (step !== undefined) {
    const signal = buildSignal(step.signal)
    const value = readTarget(step.target, signal.source.unit, ["step", "target"], complain)
    return { kind: "step", signal, target: value, shared: step.shared ?? signal.source.unit !== "ms" }
  }
  if (target !== undefined) {
    const signal = buildSignal(target.signal)
    if (signal.source.unit === "ms") {
      complain(["target", "signal"], "is a latency, which does not fall in proportion to replicas: use step, or budget")
    }
    const value = readTarget(target.target, signal.source.unit, ["target", "target"], complain)
    return { kind: "target", signal, target: value, measures: target.measures, tolerance: target.tolerance / 100 }
  }
  if (budget !== undefined) {
    if (budget.late <= 0 || budget.late > 50) complain(["budget", "late"], "must be above 0% and at most 50%")
    const serviceTime = buildSignal(budget.serviceTime)
    if (serviceTime.source.unit !== "ms") complain(["budget", "serviceTime"], "must be a time: give it `unit: ms`")
    const lateShare = budget.lateShare === undefined ? undefined : buildSignal(budget.lateShare)
    if (lateShare !== undefined && lateShare.source.unit !== "percent") {
      complain(["budget", "lateShare"], "must be a share: give it `unit: percent`")
    }
    return {
      kind: "budget",
      rate: buildSignal(budget.rate),
      serviceTime,
      ...(budget.inFlight === undefined ? {} : { inFlight: buildSignal(budget.inFlight) }),
      ...(lateShare === undefined ? {} : { lateShare }),
      slots: budget.slots,
      waitS: budget.wait,
      late: budget.late / 100,
      startupS: budget.startup,
    }
  }
  if (queue === undefined) return undefined
  if (queue.drain <= 0) complain(["queue", "drain"], "must be above 0s")
  return {
    kind: "queue",
    length: buildSignal(queue.length),
    ...(queue.arrivals === undefined ? {} : { arrivals: buildSignal(queue.arrivals) }),
    ratePerReplica: queue.ratePerReplica,
    drainS: queue.drain,
  }
}

const wanted: Readonly<Record<Unit, string>> = {
  percent: "a percentage such as 70%",
  ms: "a time such as 15s or 15000ms",
  count: "a bare number such as 10",
}

const readTarget = (given: number | string, unit: Unit, path: readonly string[], complain: Complain): number => {
  const value = readIn(given, unit)
  if (value !== undefined && value > 0) return value
  complain(path, `must be ${wanted[unit]}, the unit of its signal`)
  return 1
}

const readIn = (given: number | string, unit: Unit): number | undefined => {
  if (typeof given === "number") return unit === "count" ? given : undefined
  if (unit === "percent") return readPercent(given)
  const seconds = unit === "ms" ? readDuration(given) : undefined
  return seconds === undefined ? undefined : seconds * 1_000
}

const buildSignal = ({ fallback, most, ...source }: SignalEntry): Signal => ({
  source: buildSource(source),
  ...(fallback === undefined ? {} : { fallback: buildSource(fallback) }),
  most: most ?? Number.MAX_SAFE_INTEGER,
})

const buildSource = (entry: SourceEntry): SignalSource => {
  const { scrape: scrapeS, ...rest } = entry
  switch (rest.from) {
    case "metrics.k8s.io":
      return { ...rest, scrapeS, unit: "percent" }
    case "redis-list":
      return { ...rest, scrapeS, unit: "count" }
    case "gateway":
      return { ...rest, scrapeS, unit: rest.value === "p95" ? "ms" : "count" }
    case "prometheus":
    case "external":
    case "postgres":
      return { ...rest, scrapeS }
  }
}

/** HPA v2's own rates: up by 4 pods or 100 % in 15 s, down by 100 %; ours have a cooldown where the mode has no window. */
const usualUp = ({ step }: PolicyEntry): DirectionRules => ({
  cooldownS: step === undefined ? 0 : 180,
  stabilizationS: 0,
  rates: [
    { kind: "pods", value: 4, periodS: 15 },
    { kind: "percent", value: 100, periodS: 15 },
  ],
  select: "max",
})
const usualDown = ({ step, budget }: PolicyEntry): DirectionRules => ({
  cooldownS: step === undefined ? 0 : 600,
  // A longer window for a budget: fewer changes are taken back, and the learned headroom makes up for what that costs.
  stabilizationS: step !== undefined ? 0 : budget !== undefined ? 900 : 300,
  rates: [{ kind: "percent", value: 100, periodS: 15 }],
  select: "max",
})

const buildDirection = (
  entry: PolicyEntry["up"],
  usual: DirectionRules,
  path: readonly string[],
  complain: Complain,
): DirectionRules => ({
  cooldownS: entry?.cooldown ?? usual.cooldownS,
  stabilizationS: entry?.stabilization ?? usual.stabilizationS,
  rates:
    entry?.rates?.map((rate, index) => buildRate(rate, [...path, "rates", String(index)], complain)) ?? usual.rates,
  select: entry?.select ?? usual.select,
})

type RateEntry = NonNullable<NonNullable<PolicyEntry["up"]>["rates"]>[number]

const buildRate = ({ pods, percent, period }: RateEntry, path: readonly string[], complain: Complain): RatePolicy => {
  if ((pods === undefined) === (percent === undefined)) complain(path, "needs either pods or percent")
  if (period < 1 || period > 1_800) complain([...path, "period"], "must be from 1s to 30m")
  return pods === undefined
    ? { kind: "percent", value: percent ?? 1, periodS: period }
    : { kind: "pods", value: pods, periodS: period }
}
