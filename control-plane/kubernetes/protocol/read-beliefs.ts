import { believe } from "../decide/believe.ts"
import type { Belief } from "../decide/believe.ts"
import type { PastSample, PolicyMemory } from "../decide/memory.ts"
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

/** Reads all of a policy's signals at once, the second source of one where the first is not believed. */
export const readBeliefs = async (
  policy: Policy,
  memory: PolicyMemory,
  ports: Ports,
): Promise<Readonly<Record<string, Belief>>> =>
  Object.fromEntries(
    await Promise.all(
      Object.entries(signalsOf(policy)).map(
        async ([name, signal]) => [name, await readSignal(policy, signal, memory.samples[name] ?? [], ports)] as const,
      ),
    ),
  )

const readSignal = async (
  policy: Policy,
  signal: Signal,
  past: readonly PastSample[],
  { readSource, now }: Ports,
): Promise<Belief> => {
  const ask = async (source: SignalSource, isFallback: boolean): Promise<Belief> =>
    believe(await readSource(source, policy), signal, { past, nowMs: now(), scrapeS: source.scrapeS, isFallback })
  const first = await ask(signal.source, false)
  if (first.believed || signal.fallback === undefined) return first
  const second = await ask(signal.fallback, true)
  return second.believed ? second : { ...first, reason: `${first.reason}; instead of it, ${second.reason}` }
}
