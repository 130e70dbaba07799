import type { Decision, DecisionCode } from "../decision.ts"
import type { Policy } from "../policies/policy.ts"
import type { Belief } from "./believe.ts"
import { hasCollapsed } from "./collapse.ts"
import { cooldownLeftS, rateLimit, stabilize } from "./limits.ts"
import { trimMemory } from "./memory.ts"
import type { PastSample, PolicyMemory } from "./memory.ts"
import { recommend } from "./recommend.ts"
import type { Recommendation } from "./recommend.ts"

export interface DecideInput {
  /** What was believed, or why not, by the name of the policy's signal. */
  readonly beliefs: Readonly<Record<string, Belief>>
  /** What the deployment asks for, those that are still starting included. */
  readonly currentReplicas: number
  readonly readyReplicas: number
  readonly memory: PolicyMemory
  readonly nowMs: number
}

export interface Decided {
  readonly decision: Decision
  /** What to remember for the next time; without the change itself, which may yet fail. */
  readonly memory: PolicyMemory
}

/** Signals without which a mode still works. */
const optional: ReadonlySet<string> = new Set(["lateShare", "arrivals", "inFlight"])

/**
 * How many replicas a policy wants now. Pure: the same input gives the same decision. Holds on anything that it cannot
 * believe; what it wants is whole, within the policy's bounds, windows and rates, and never below the present count unless
 * every number that speaks for fewer was believed.
 */
export const decide = (policy: Policy, input: DecideInput): Decided => {
  const { currentReplicas, nowMs } = input
  const hold = (code: DecisionCode, reasons: readonly string[], memory = input.memory): Decided => ({
    decision: { direction: "hold", currentReplicas, desiredReplicas: currentReplicas, code, reasons },
    memory: trimMemory(memory, nowMs),
  })
  const memory = remember(input)
  const doubts = Object.entries(input.beliefs).flatMap(([name, belief]) =>
    belief.believed ? [] : [{ name, ...belief }],
  )
  const doubt = doubts.find(({ name }) => !optional.has(name))
  if (doubt !== undefined)
    return hold(
      doubt.code,
      doubts.map(({ name, reason }) => `${name}: ${reason}.`),
      memory,
    )

  const values = valuesOf(input.beliefs)
  const recommended = recommend(policy.mode, { ...input, memory: input.memory, values, most: policy.replicas.max })
  const learned: PolicyMemory = {
    ...memory,
    recommendations: [...memory.recommendations, { atMs: nowMs, replicas: bound(recommended.replicas, policy) }],
    headroom: recommended.headroom ?? memory.headroom,
  }
  const { desired, code, reasons } = confine(policy, recommended, input, doubts.length > 0)
  if (desired === currentReplicas) return hold(code, reasons, learned)
  const direction = desired > currentReplicas ? "up" : "down"
  return {
    decision: { direction, currentReplicas, desiredReplicas: desired, code, reasons },
    memory: trimMemory(learned, nowMs),
  }
}

const remember = ({ memory, beliefs }: DecideInput): PolicyMemory => {
  const samples: Record<string, readonly PastSample[]> = { ...memory.samples }
  for (const [name, belief] of Object.entries(beliefs)) {
    if (!belief.believed) continue
    const known = samples[name] ?? []
    const { measuredAtMs, value } = belief.sample
    // A source that is read more often than it measures says the same thing twice.
    if (known.at(-1)?.atMs === measuredAtMs) continue
    samples[name] = [...known, { atMs: measuredAtMs, value, ...(belief.isFallback ? { isFallback: true } : {}) }]
  }
  return { ...memory, samples }
}

const valuesOf = (beliefs: DecideInput["beliefs"]): Readonly<Record<string, number>> =>
  Object.fromEntries(
    Object.entries(beliefs).flatMap(([name, belief]) =>
      belief.believed ? [[name, belief.sample.value] as const] : [],
    ),
  )

const bound = (replicas: number, { replicas: { min, max } }: Policy): number =>
  Math.min(max, Math.max(min, Math.round(replicas)))

interface Confined {
  readonly desired: number
  readonly code: DecisionCode
  readonly reasons: readonly string[]
}

/** From what a mode recommends to what may be done now: windows, bounds, collapse, cooldowns, rates, step, breaker. */
const confine = (policy: Policy, recommended: Recommendation, input: DecideInput, hasDoubts: boolean): Confined => {
  const { currentReplicas: current, memory, nowMs } = input
  const { min, max } = policy.replicas
  const reasons = [`${recommended.reason}.`]
  const stay = (code: DecisionCode, reason: string): Confined => ({
    desired: current,
    code,
    reasons: [...reasons, reason],
  })
  if (!Number.isFinite(recommended.replicas)) return stay("not-a-number", "What was worked out is no number.")

  const bounded = bound(recommended.replicas, policy)
  if (current > max && recommended.code === "above-target") {
    return stay(
      "above-max",
      `There are ${current} and at most ${max} are allowed, but all are needed: a person has to decide.`,
    )
  }
  const steady = stabilize(bounded, bound(current, policy), memory, { ...policy, nowMs })
  if (steady === current) {
    if (bounded === current) {
      const atBound = recommended.replicas > max || recommended.replicas < min
      if (!atBound) return { desired: current, code: recommended.code, reasons }
      return stay("at-bound", `The bounds are ${min} and ${max}.`)
    }
    return stay(
      "stabilizing",
      `Within the window of ${windowOf(policy, bounded > current)} s not always so many were wanted.`,
    )
  }
  const direction = steady > current ? "up" : "down"
  const rules = policy[direction]
  if (steady > bounded) reasons.push(`Within ${policy.down.stabilizationS} s up to ${steady} were wanted.`)
  if (steady !== recommended.replicas && bounded !== recommended.replicas)
    reasons.push(`The bounds are ${min} and ${max}.`)
  if (rules.select === "disabled") return stay("disabled", `The policy never goes ${direction}.`)
  if (direction === "down") {
    const guard = whyNotDown(policy, input, hasDoubts)
    if (guard !== undefined) return stay(guard.code, guard.reason)
  }
  const leftS = cooldownLeftS(direction, rules, memory.changes, nowMs)
  if (leftS > 0) return stay("cooldown", `The last change is too recent: ${leftS} s of the cooldown remain.`)
  if (memory.changes.filter(({ atMs }) => atMs > nowMs - 3_600_000).length >= policy.actionsPerHour) {
    return stay("breaker", `There were ${policy.actionsPerHour} changes within an hour, which is all that is allowed.`)
  }
  const byRate = rateLimit(direction, current, rules, memory.changes, nowMs)
  const limited =
    direction === "up"
      ? Math.min(steady, Math.max(current, byRate), current + policy.mostStep)
      : Math.max(steady, Math.min(current, byRate), current - policy.mostStep)
  // A count outside the bounds comes back into them at once.
  const desired = Math.min(max, Math.max(min, limited))
  if (desired === current) return stay("rate-limited", "The rates allow no more for now.")
  if (desired !== steady)
    reasons.push(`Of ${steady} the rates and the step of ${policy.mostStep} allow ${desired} for now.`)
  const code = current < min ? "below-min" : current > max ? "above-max" : recommended.code
  return { desired, code, reasons }
}

const windowOf = ({ up, down }: Policy, isUp: boolean): number => (isUp ? up.stabilizationS : down.stabilizationS)

const whyNotDown = (
  { down, mode }: Policy,
  { memory, nowMs, beliefs }: DecideInput,
  hasDoubts: boolean,
): { readonly code: DecisionCode; readonly reason: string } | undefined => {
  if (hasDoubts) return { code: "no-data", reason: "One of the signals is missing, so nothing goes down." }
  const firstS = Math.max(down.cooldownS, down.stabilizationS)
  const leftS = Math.ceil(firstS - (nowMs - memory.sinceMs) / 1_000)
  if (leftS > 0)
    return {
      code: "first-window",
      reason: `Nothing is known from before ${firstS - leftS} s ago: for ${leftS} s nothing goes down.`,
    }
  const load = mode.kind === "budget" ? "rate" : mode.kind === "queue" ? undefined : "signal"
  const belief = load === undefined ? undefined : beliefs[load]
  if (
    belief?.believed === true &&
    isLoad(mode) &&
    hasCollapsed(belief.sample.value, memory.samples[load ?? ""] ?? [], nowMs)
  ) {
    return {
      code: "collapse",
      reason: "The load fell to under a fifth of the last hour's: this is held for an hour, for it may be a fault.",
    }
  }
  return undefined
}

/** A queue may well empty itself, and a latency fall; a share of the processor or a rate of requests stands for traffic. */
const isLoad = (mode: Policy["mode"]): boolean =>
  mode.kind === "budget" || ((mode.kind === "step" || mode.kind === "target") && mode.signal.source.unit === "percent")
