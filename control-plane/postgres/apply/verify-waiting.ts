import type { JournalEntry } from "./journal-entry.ts"
import { readCounters } from "./read-counters.ts"
import { undo } from "./revert.ts"
import { recordMove } from "./run.ts"
import type { Run } from "./run.ts"
import { verify } from "./verify.ts"

/** Judges every change that waits for it, and undoes those that did not do what they are for. Returns those that it decided on. */
export const verifyWaiting = async (run: Run): Promise<readonly JournalEntry[]> => {
  const decided: JournalEntry[] = []
  const waiting = (await run.journal.list()).filter(({ state }) => state === "verifying")
  if (waiting.length === 0) return decided
  const counters = (await readCounters(run.database)) ?? {}
  for (const entry of waiting) {
    const verdict = verify(entry, counters, run.clock.now(), run.limits.rules)
    switch (verdict.kind) {
      case "wait":
        break
      case "keep":
        decided.push(await recordMove(run, entry, "kept", verdict.reason))
        break
      case "revert":
        decided.push(await undo(run, entry, verdict.reason))
        break
    }
  }
  return decided
}
