import { styleText } from "node:util"
import type { HistoryEntry, Outcome } from "../protocol/history-entry.ts"
import { show } from "../decide/show.ts"

/** Columns as wide as what they hold. */
export const table = (rows: readonly (readonly string[])[]): string => {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => (row[column] ?? "").length)))
  return rows
    .map((row) =>
      row
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join("  ")
        .trimEnd(),
    )
    .join("\n")
}

/** A line for each entry, youngest last. */
export const showEntries = (entries: readonly HistoryEntry[], colors: boolean): string => {
  if (entries.length === 0) return "Nothing was decided yet."
  const rows = entries.map((entry) => [
    entry.at.slice(0, 19).replace("T", " "),
    entry.policy,
    replicas(entry),
    entry.decision.code,
    outcomeWord(entry.outcome),
    values(entry.values),
    entry.id.slice(0, 8),
  ])
  const text = table([["time (UTC)", "policy", "replicas", "because", "outcome", "signals", "id"], ...rows])
  if (!colors) return text
  const [head = "", ...lines] = text.split("\n")
  return [head, ...lines.map((line, index) => color(line, entries[index]))].join("\n")
}

const color = (line: string, entry: HistoryEntry | undefined): string => {
  switch (entry?.outcome.kind) {
    case "written":
      return styleText("green", line, { validateStream: false })
    case "failed":
    case "overtaken":
      return styleText("red", line, { validateStream: false })
    case "refused":
      return styleText("yellow", line, { validateStream: false })
    case "held":
    case "observed":
    case undefined:
      return line
  }
}

const replicas = ({ decision }: HistoryEntry): string =>
  decision.direction === "hold"
    ? String(decision.currentReplicas)
    : `${decision.currentReplicas} → ${decision.desiredReplicas}`

export const outcomeWord = (outcome: Outcome): string => (outcome.kind === "refused" ? outcome.refusal : outcome.kind)

export const values = (given: HistoryEntry["values"]): string =>
  Object.entries(given)
    .map(([name, value]) => `${name} ${value === null ? "–" : show(value)}`)
    .join(", ")

/** Why, in sentences. */
export const reasonsOf = ({ decision, outcome }: HistoryEntry): readonly string[] => [
  ...decision.reasons,
  ...("reason" in outcome ? [outcome.reason] : []),
]
