import type { Notice } from "../../notifications/notice.ts"
import type { JournalEntry } from "../apply/journal-entry.ts"
import { nameOf } from "../apply/show-entries.ts"

const titles: Readonly<Record<JournalEntry["state"], string | undefined>> = {
  planned: undefined,
  building: undefined,
  built: undefined,
  verifying: "made, and watched",
  reverting: "not undone yet",
  kept: "kept",
  reverted: "undone",
  failed: "failed",
  abandoned: "given up",
}

const severities: Readonly<Partial<Record<JournalEntry["state"], Notice["severity"]>>> = {
  reverting: "warning",
  reverted: "warning",
  failed: "warning",
}

/**
 * What people hear of a change: its kind, the names that it touches, why it was made and what came of it. Its statement stays in
 * the journal, as the condition of a partial index may hold a value of a row.
 */
export const noticeOf = (entry: JournalEntry, database: string): Notice | undefined => {
  const [last, title] = [entry.history.at(-1), titles[entry.state]]
  if (last === undefined || title === undefined) return undefined
  return {
    id: `${entry.id}-${entry.history.length}`,
    at: last.at,
    severity: entry.hasLeftover === true ? "warning" : (severities[entry.state] ?? "info"),
    subject: `database ${database}`,
    title: `${nameOf(entry.change)}: ${title}`,
    body: `${last.note} It was made because: ${entry.change.reason} To undo it: voltgate db revert ${entry.id}`,
  }
}
