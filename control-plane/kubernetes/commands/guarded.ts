import type { Command } from "../../command.ts"
import { KubeError } from "../client/kube-error.ts"
import { StateConflict, StateUnreadable } from "../protocol/state-store.ts"
import { codeOf, whyUnreachable } from "../../doctor/why-unreachable.ts"

/** Tells what a person can do something about as a sentence; anything else goes on. */
export const guarded =
  (command: Command): Command =>
  async (args, host) => {
    try {
      return await command(args, host)
    } catch (error) {
      if (error instanceof KubeError || error instanceof StateUnreadable || error instanceof StateConflict) {
        return { text: error.message, exitCode: 1 }
      }
      // The state's Postgres, or its file.
      if (codeOf(error) !== undefined) {
        return { text: `The state cannot be reached: ${whyUnreachable(error, 5_000) ?? "unknown"}.`, exitCode: 1 }
      }
      throw error
    }
  }
