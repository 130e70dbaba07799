import { parseCommandLine } from "../../arguments/parse-command-line.ts"
import { UsageError } from "../../arguments/usage-error.ts"
import type { Command } from "../../command.ts"
import { isInPlace } from "./journal-entry.ts"
import type { JournalEntry } from "./journal-entry.ts"
import { maskEntry } from "./mask-change.ts"
import { asOnlyRun } from "./open-run.ts"
import { orSay } from "./outcome.ts"
import { undo } from "./revert.ts"
import { readRunSettings, runHelp, runTexts } from "./run-options.ts"
import { showOutcome } from "./show-entries.ts"

const help = `Undoes a change that Voltgate made, by its inverse, without keeping anybody waiting.

  voltgate db revert ID       the change of that id; \`voltgate db apply --list\` shows them
  voltgate db revert --last   the newest one that is in place and can be undone

${runHelp}
  --json              prints the journal's entry as JSON
  --help              this text

What was undone is not proposed again for 30 days, and twice as long each time after.

Exit codes: 0 undone; 1 not undone, with the reason; 2 wrong usage; 3 another run is at work.`

/** `voltgate db revert` */
export const revertCommand: Command = async (args, host) => {
  const [first] = args
  const id = first === undefined || first.startsWith("-") ? undefined : first
  const line = parseCommandLine(id === undefined ? args : args.slice(1), {
    command: "voltgate db revert",
    texts: runTexts,
    flags: ["last", "json", "help"],
  })
  if (line.has("help")) return { text: help, exitCode: 0 }
  if ((id === undefined) !== line.has("last"))
    throw new UsageError("Say which change: voltgate db revert ID, or --last.")
  return orSay(() =>
    asOnlyRun(readRunSettings(line, host, false), async (run) => {
      const entries = await run.journal.list()
      const entry = id === undefined ? entries.findLast(canBeUndone) : entries.find((each) => each.id === id)
      if (entry === undefined) {
        return {
          text: id === undefined ? "No change is in place." : "The journal holds no change of that id.",
          exitCode: 1,
        }
      }
      if (!isInPlace(entry)) return { text: `There is nothing to undo: ${showOutcome(entry)}`, exitCode: 1 }
      const undone = await undo(run, entry, "Somebody asked for it.")
      return {
        text: line.has("json") ? JSON.stringify(maskEntry(undone), undefined, 2) : showOutcome(undone),
        exitCode: undone.state === "reverted" ? 0 : 1,
      }
    }),
  )
}

/** An ANALYZE has nothing to undo. */
const canBeUndone = (entry: JournalEntry): boolean => isInPlace(entry) && entry.inverse !== undefined
