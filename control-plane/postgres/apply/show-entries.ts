import { table } from "./table.ts"
import type { JournalEntry } from "./journal-entry.ts"
import type { Refusal } from "./apply-changes.ts"
import type { ProposedChange } from "../change.ts"
import { maskChange } from "./mask-change.ts"
import { showBytes } from "./show-bytes.ts"

/** The journal as a table, the newest first. */
export const showEntries = (entries: readonly JournalEntry[]): string =>
  entries.length === 0
    ? "Nothing has been changed yet."
    : table(
        ["id", "state", "since", "change", "why"],
        entries.toReversed().map((entry) => {
          const last = entry.history.at(-1)
          return [
            entry.id,
            entry.state,
            last?.at.slice(0, 16).replace("T", " ") ?? "",
            nameOf(entry.change),
            last?.note ?? "",
          ]
        }),
      ).join("\n")

/** What would be done, for a person to agree to; values in the conditions of indexes are hidden. */
export const showPlan = (changes: readonly ProposedChange[]): readonly string[] =>
  changes
    .map(maskChange)
    .flatMap(({ kind, sql, reason, estimate }) => [
      kind === "create-index" ? sql.replace(/^CREATE INDEX /i, "CREATE INDEX CONCURRENTLY ") : sql,
      `  ${reason}`,
      ...(estimate.sizeBytes === undefined
        ? []
        : [
            `  ${showBytes(estimate.sizeBytes)}` +
              (estimate.savedShare === undefined
                ? ""
                : `, saves about ${(estimate.savedShare * 100).toFixed(1)} % of the workload's time`),
          ]),
    ])

export const showRefused = (refused: readonly Refusal[]): readonly string[] =>
  refused.map(({ change, reason }) => `Not done: ${nameOf(change)}. ${reason}`)

/** One line on how a change stands. */
export const showOutcome = (entry: JournalEntry): string =>
  `${entry.id}  ${nameOf(entry.change)}: ${entry.state}. ${entry.history.at(-1)?.note ?? ""}`

/** A change by its kind and the names that it touches, without its statement. */
export const nameOf = ({ kind, schema, table: of, object }: ProposedChange): string =>
  object === undefined ? `${kind} ${schema}.${of}` : `${kind} ${object} on ${schema}.${of}`
