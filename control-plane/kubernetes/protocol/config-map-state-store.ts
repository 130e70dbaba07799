import { getText, putText } from "../client/config-map.ts"
import type { TextPlace } from "../client/config-map.ts"
import { KubeError } from "../client/kube-error.ts"
import type { Send } from "../client/send.ts"
import { boundState } from "./state.ts"
import { emptyState } from "./state.ts"
import { parseState, StateConflict } from "./state-store.ts"
import type { StateStore } from "./state-store.ts"

/** Keeps the state in a ConfigMap of the cluster itself, whose versions tell when another wrote. */
export const createConfigMapStateStore = (send: Send, { namespace, name }: Omit<TextPlace, "key">): StateStore => {
  const at: TextPlace = { namespace, name, key: "state.json" }
  const place = `ConfigMap ${namespace}/${name}`
  return {
    place,
    load: async () => {
      const found = await getText(send, at)
      return found === undefined
        ? { state: emptyState }
        : { state: parseState(found.text, place), version: found.resourceVersion }
    },
    save: async ({ state, version }) => {
      const bounded = boundState(state)
      try {
        const { resourceVersion } = await putText(send, at, JSON.stringify(bounded), version)
        return { state: bounded, version: resourceVersion }
      } catch (error) {
        if (error instanceof KubeError && (error.code === "conflict" || error.code === "exists")) {
          throw new StateConflict("Another instance saved its state in between.", { cause: error })
        }
        throw error
      }
    },
  }
}
