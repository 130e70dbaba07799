import * as v from "valibot"
import { emptyState } from "./state.ts"
import type { ScaleState } from "./state.ts"
import { ScaleStateSchema } from "./state-schema.ts"

/** The state at a version of it; what a store gives and takes. */
export interface Versioned {
  readonly state: ScaleState
  /** Absent while nothing was kept yet. */
  readonly version?: string
}

/**
 * Where the state is kept. `save` keeps all of it or nothing, and only if nobody saved since `version`; otherwise it throws
 * a StateConflict. What cannot be read is a StateUnreadable: it is never taken for empty, for then cooldowns would be
 * forgotten.
 */
export interface StateStore {
  readonly load: () => Promise<Versioned>
  readonly save: (next: Versioned) => Promise<Versioned>
  /** For people, e.g. `ConfigMap default/voltgate-scale`. */
  readonly place: string
}

/** Another instance saved in between: it leads now. */
export class StateConflict extends Error {
  override readonly name = "StateConflict"
}

export class StateUnreadable extends Error {
  override readonly name = "StateUnreadable"
}

export const parseState = (text: string, place: string): ScaleState => {
  if (text.trim() === "") return emptyState
  const unreadable = (cause: unknown): StateUnreadable =>
    new StateUnreadable(
      `What ${place} holds is not the state of this version. Move it away to begin anew, from the counts as they are.`,
      { cause },
    )
  let json: unknown
  try {
    json = JSON.parse(text)
  } catch (error) {
    throw unreadable(error)
  }
  const result = v.safeParse(ScaleStateSchema, json)
  if (!result.success) throw unreadable(result.issues[0].message)
  return result.output
}
