import { signalsOf } from "../policies/policy.ts"
import type { Policy, SignalSource } from "../policies/policy.ts"
import type { Belief } from "./believe.ts"

/**
 * Where one number of a source stands still, its others are not believed either: a zero that never moves looks like a quiet
 * service, and is the same broken source. To be applied to what the first sources gave, before the second ones are asked.
 */
export const distrust = (
  policy: Policy,
  beliefs: Readonly<Record<string, Belief>>,
): Readonly<Record<string, Belief>> => {
  const signals = signalsOf(policy)
  const frozen = new Set(
    Object.entries(beliefs).flatMap(([name, belief]) => {
      const source = signals[name]?.source
      return !belief.believed && belief.code === "frozen" && source !== undefined ? [originOf(source)] : []
    }),
  )
  if (frozen.size === 0) return beliefs
  return Object.fromEntries(
    Object.entries(beliefs).map(([name, belief]): [string, Belief] => {
      const source = signals[name]?.source
      if (!belief.believed || source === undefined || !frozen.has(originOf(source))) return [name, belief]
      return [name, { believed: false, code: "frozen", reason: `${belief.source} stands still in another number` }]
    }),
  )
}

const originOf = (source: SignalSource): string => {
  switch (source.from) {
    case "prometheus":
    case "gateway":
      return `${source.from} ${source.url}`
    case "redis-list":
    case "postgres":
      return `${source.from} ${source.urlEnv}`
    case "metrics.k8s.io":
    case "external":
      return source.from
  }
}
