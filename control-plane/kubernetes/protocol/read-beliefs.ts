import { believe } from "../decide/believe.ts"
import type { Belief } from "../decide/believe.ts"
import { distrust } from "../decide/distrust.ts"
import type { PolicyMemory } from "../decide/memory.ts"
import { signalsOf } from "../policies/policy.ts"
import type { Policy, Signal } from "../policies/policy.ts"
import type { SignalSource } from "../policies/policy.ts"
import type { Reading } from "../sample.ts"

/** Asks one source. Never throws and always ends: what went wrong is a reading without data. */
export type ReadSource = (source: SignalSource, policy: Policy) => Promise<Reading>

interface Ports {
  readonly readSource: ReadSource
  readonly now: () => number
}

/**
 * Reads all of a policy's signals at once; then the second sources of those whose first is not believed, be it for itself or
 * because its source stands still in another number.
 */
export const readBeliefs = async (
  policy: Policy,
  memory: PolicyMemory,
  { readSource, now }: Ports,
): Promise<Readonly<Record<string, Belief>>> => {
  const signals = signalsOf(policy)
  const ask = async (name: string, signal: Signal, source: SignalSource, isFallback: boolean): Promise<Belief> =>
    believe(await readSource(source, policy), signal, {
      past: memory.samples[name] ?? [],
      nowMs: now(),
      scrapeS: source.scrapeS,
      isFallback,
    })
  const firsts = await each(signals, (signal, name) => ask(name, signal, signal.source, false))
  return each(distrust(policy, firsts), async (first, name) => {
    const signal = signals[name]
    if (first.believed || signal?.fallback === undefined) return first
    const second = await ask(name, signal, signal.fallback, true)
    return second.believed ? second : { ...first, reason: `${first.reason}; instead of it, ${second.reason}` }
  })
}

const each = async <From, To>(
  all: Readonly<Record<string, From>>,
  work: (value: From, name: string) => Promise<To>,
): Promise<Readonly<Record<string, To>>> =>
  Object.fromEntries(
    await Promise.all(Object.entries(all).map(async ([name, value]) => [name, await work(value, name)] as const)),
  )
