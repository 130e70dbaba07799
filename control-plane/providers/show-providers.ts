import type { Audited, Listing, Standing, Status } from "./providers-replies.ts"

/** The candidates as a table, then the orders that hold, then who gave which. */
export const showProviders = ({ snapshotAt, providers, directives, audit }: Listing): string => {
  const rows = [columns.map(({ title }) => title), ...providers.map((each) => columns.map(({ cell }) => cell(each)))]
  const shared = snapshotAt === undefined ? "Nothing was shared yet." : `Shared between isolates at ${snapshotAt}.`
  return [
    ...table(rows),
    "",
    shared,
    ...section("Orders that hold:", directives.map(showStanding)),
    ...section("Orders given, the newest first:", (audit ?? []).map(showAudited)),
  ].join("\n")
}

export const showStanding = ({ action, target, until, by, reason }: Standing): string =>
  `${action} ${target} until ${until}, by ${by}${because(reason)}`

const showAudited = ({ at, by, action, target, forS, reason }: Audited): string =>
  `${at}  ${action} ${target}${forS === undefined ? "" : ` for ${forS} s`}, by ${by}${because(reason)}`

const because = (reason: string | undefined): string => (reason === undefined ? "" : `: ${reason}`)

const section = (title: string, lines: readonly string[]): readonly string[] =>
  lines.length === 0 ? [] : ["", title, ...lines.map((line) => `  ${line}`)]

interface Column {
  readonly title: string
  readonly cell: (status: Status) => string
}

const seconds = (ms: number | undefined): string => (ms === undefined ? "–" : `${(ms / 1000).toFixed(1)} s`)
const percent = (share: number): string => `${(share * 100).toFixed(0)} %`

const columns: readonly Column[] = [
  { title: "candidate", cell: ({ provider, model }) => `${provider}/${model}` },
  { title: "standing", cell: ({ standing }) => standing },
  { title: "weight", cell: ({ selectionWeight }) => selectionWeight.toFixed(3) },
  { title: "accuracy", cell: ({ terms }) => percent(terms.accuracy) },
  { title: "available", cell: ({ terms }) => percent(terms.availability) },
  { title: "p50", cell: ({ p50Ms }) => seconds(p50Ms) },
  { title: "p95", cell: ({ p95Ms }) => seconds(p95Ms) },
  { title: "in flight", cell: ({ inFlight }) => String(inFlight) },
  { title: "note", cell: ({ note }) => note },
]

const table = (rows: readonly (readonly string[])[]): readonly string[] => {
  const widths = columns.map((_, index) => Math.max(...rows.map((row) => row[index]?.length ?? 0)))
  return rows.map((row) =>
    row
      .map((cell, index) => cell.padEnd(widths[index] ?? 0))
      .join("  ")
      .trimEnd(),
  )
}
