import { emptyState } from "./state.ts"
import { StateConflict } from "./state-store.ts"
import type { StateStore, Versioned } from "./state-store.ts"

/** For tests and rehearsals: nothing outlives the process. */
export const createMemoryStateStore = (): StateStore => {
  let kept: Versioned = { state: emptyState }
  let version = 0
  return {
    place: "this process",
    load: async () => structuredClone(kept),
    save: async (next) => {
      if (next.version !== kept.version) throw new StateConflict("Another instance saved its state in between.")
      kept = structuredClone({ state: next.state, version: String(++version) })
      return structuredClone(kept)
    },
  }
}
