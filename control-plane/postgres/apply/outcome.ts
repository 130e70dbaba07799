import { UsageError } from "../../arguments/usage-error.ts"
import type { CommandResult } from "../../command.ts"
import { NoStandby } from "../observe/read-standbys.ts"
import { StatementsMissing } from "../observe/read-statements.ts"
import { RunForbidden } from "./open-run.ts"
import { sayError } from "./say-error.ts"

/** Runs a command's work; what forbids it or breaks it becomes a sentence and an exit code. */
export const orSay = async (work: () => Promise<CommandResult>): Promise<CommandResult> => {
  try {
    return await work()
  } catch (error) {
    if (error instanceof UsageError) throw error
    if (error instanceof StatementsMissing || error instanceof NoStandby) return { text: error.message, exitCode: 1 }
    if (error instanceof RunForbidden) return { text: error.message, exitCode: 3 }
    return { text: `Nothing more was done, as ${sayError(error)}. The next run mends what is left.`, exitCode: 1 }
  }
}
