import { enqueue } from "../../notifications/outbox.ts"
import type { Policy } from "../policies/policy.ts"
import type { HistoryEntry } from "./history-entry.ts"
import { withEntry } from "./keep-history.ts"
import { runPolicy } from "./run-policy.ts"
import type { CyclePorts } from "./run-policy.ts"
import type { StateStore, Versioned } from "./state-store.ts"

export interface CycleOptions extends Omit<CyclePorts, "keep"> {
  readonly policies: readonly Policy[]
  readonly store: StateStore
  /** Names of the ways to people: notices are kept for each, and sent afterwards. */
  readonly channels: readonly string[]
}

/**
 * One cycle of all policies, at once, on the state that the store gives. Each policy's state is kept before its write and
 * after it, one after the other, so that a process may die anywhere. Throws a StateConflict when another instance kept its own
 * in between; then nothing more is written.
 */
export const runCycle = async ({
  policies,
  store,
  channels,
  ...ports
}: CycleOptions): Promise<readonly HistoryEntry[]> => {
  let kept: Versioned = await store.load()
  const known = kept.state.policies
  let last: Promise<void> = Promise.resolve()
  const save = async (change: (present: Versioned) => Versioned): Promise<void> => {
    const before = last
    const { promise, resolve, reject } = Promise.withResolvers<void>()
    last = promise
    try {
      // Once a save has failed, those that wait behind it fail with it.
      await before
      kept = await store.save(change(kept))
      resolve()
    } catch (error) {
      reject(error)
    }
    return promise
  }
  const runs = policies.map(async (policy): Promise<HistoryEntry> => {
    const { state, entry, notices } = await runPolicy(policy, known[policy.name], {
      ...ports,
      keep: (next) => save((present) => withPolicy(present, policy, next)),
    })
    await save((present) => {
      const next = withPolicy(present, policy, state)
      const outbox = notices.reduce((box, notice) => enqueue(box, notice, channels, ports.now()), next.state.outbox)
      return { ...next, state: { ...next.state, outbox, history: withEntry(next.state.history, entry) } }
    })
    return entry
  })
  // All have to end before any error is told: none may write after this function returned.
  const ended = await Promise.allSettled(runs)
  return ended.map((each) => {
    if (each.status === "rejected") throw each.reason
    return each.value
  })
}

const withPolicy = (
  { state, version }: Versioned,
  { name }: Policy,
  next: Versioned["state"]["policies"][string],
): Versioned => ({
  state: { ...state, policies: { ...state.policies, [name]: next } },
  ...(version === undefined ? {} : { version }),
})
