import type { HistoryEntry } from "./history-entry.ts"

/** Where nothing happens, a row in so long shows that somebody looked; charts are drawn from these. */
const quietMs = 60_000

/** Adds a row where something happened, or the reason changed, or a minute went by since the policy's last. */
export const withEntry = (history: readonly HistoryEntry[], entry: HistoryEntry): readonly HistoryEntry[] => {
  const last = history.findLast(({ policy }) => policy === entry.policy)
  const isQuiet =
    last !== undefined &&
    entry.decision.direction === "hold" &&
    last.decision.code === entry.decision.code &&
    last.outcome.kind === entry.outcome.kind &&
    Date.parse(entry.at) - Date.parse(last.at) < quietMs
  return isQuiet ? history : [...history, entry]
}
