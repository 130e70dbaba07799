import { newMemory } from "../decide/memory.ts"
import type { PolicyState } from "./state.ts"
import { StateConflict } from "./state-store.ts"
import type { StateStore } from "./state-store.ts"

const mostTries = 5

/** Changes what is known of one policy, for a person's order; tries again where a cycle saved at the same time. */
export const changePolicyState = async (
  store: StateStore,
  policy: string,
  change: (state: PolicyState) => PolicyState,
  nowMs: number,
): Promise<void> => {
  for (let tries = 1; ; tries++) {
    const { state, version } = await store.load()
    const known = state.policies[policy] ?? { memory: newMemory(nowMs), told: [] }
    const policies = { ...state.policies, [policy]: change(known) }
    try {
      await store.save({ state: { ...state, policies }, ...(version === undefined ? {} : { version }) })
      return
    } catch (error) {
      if (!(error instanceof StateConflict) || tries >= mostTries) throw error
    }
  }
}
