import type { Policy } from "../policies/policy.ts"
import type { PolicyState } from "./state.ts"

export interface Reconciled {
  readonly state: PolicyState
  /** Somebody else changed the count. */
  readonly changedByAnother?: { readonly from: number; readonly to: number }
}

/**
 * Holds what is remembered against what there is. An intent that came true is a change of ours, also when the process that
 * wrote it died before it could say so; one that did not is forgotten. Any other new count is somebody else's.
 */
export const reconcile = (state: PolicyState, replicas: number, policy: Policy, nowMs: number): Reconciled => {
  const { intent, ...rest } = state
  if (intent !== undefined && replicas === intent.to) {
    const changes = [...rest.memory.changes, { atMs: intent.atMs, from: intent.from, to: intent.to }]
    return { state: { ...rest, memory: { ...rest.memory, changes }, seenReplicas: replicas } }
  }
  const seen = intent?.from ?? rest.seenReplicas
  if (seen === undefined || seen === replicas) return { state: { ...rest, seenReplicas: replicas } }
  return {
    state: { ...rest, seenReplicas: replicas, handsOffUntilMs: nowMs + handsOffMs(policy) },
    changedByAnother: { from: seen, to: replicas },
  }
}

const leastHandsOffMs = 300_000

/** As long as the policy's own windows: whoever set a count by hand had a reason that no metric shows. */
const handsOffMs = ({ up, down }: Policy): number =>
  Math.max(leastHandsOffMs, 1_000 * Math.max(up.cooldownS, down.cooldownS, down.stabilizationS))
