import { formatTable } from "../report.ts"
import { judge, judged, meanOf } from "./compare.ts"
import type { Results } from "./compare.ts"
import type { Figures } from "./measure.ts"

const fixed = (value: number | undefined, digits: number): string => value?.toFixed(digits) ?? ""
const percent = (value: number | undefined, digits = 1): string =>
  value === undefined ? "" : (value * 100).toFixed(digits)

const columns: readonly (readonly [string, (figures: readonly Figures[]) => string])[] = [
  ["utility", (figures) => fixed(meanOf(figures, "utility"), 4)],
  ["mean s", (figures) => fixed(meanOf(figures, "meanS"), 2)],
  ["p50", (figures) => fixed(meanOf(figures, "p50S"), 2)],
  ["p95", (figures) => fixed(meanOf(figures, "p95S"), 1)],
  ["p99", (figures) => fixed(meanOf(figures, "p99S"), 1)],
  ["first token p99", (figures) => fixed(meanOf(figures, "firstTokenP99S"), 1)],
  ["success %", (figures) => percent(meanOf(figures, "success"), 2)],
  ["accuracy %", (figures) => percent(meanOf(figures, "accuracy"))],
  ["hedges %", (figures) => percent(meanOf(figures, "extra"))],
  ["attempts", (figures) => fixed(meanOf(figures, "attempts"), 2)],
]

const estimateColumns: typeof columns = [["within p90 %", (figures) => percent(meanOf(figures, "within"))]]

const deathColumns: typeof columns = [
  ["to the dead %", (figures) => percent(meanOf(figures, "deadShare"))],
  ["found s", (figures) => fixed(meanOf(figures, "foundS"), 1)],
  ["back s", (figures) => fixed(meanOf(figures, "recoveredS"), 1)],
]

const tableOf = (
  title: string,
  chosen: typeof columns,
  rows: readonly (readonly [string, readonly Figures[]])[],
): string =>
  formatTable(
    [title, ...chosen.map(([name]) => name)],
    rows.map(([name, figures]) => [name, ...chosen.map(([, format]) => format(figures))]),
  )

/** One table of means over all scenarios, one for each scenario, and who wins what against ours. */
export const formatResults = (results: Results, ours: string, onlyOthers: readonly string[]): string => {
  const scenarios = Object.keys(results)
  const names = Object.keys(results[scenarios[0] ?? ""] ?? {})
  const overall = names.map((name) => [name, scenarios.flatMap((each) => results[each]?.[name] ?? [])] as const)
  const single = scenarios.map((scenario) => {
    const rows = names.map((name) => [name, results[scenario]?.[name] ?? []] as const)
    const hasDeath = rows.some(([, figures]) => meanOf(figures, "deadShare") !== undefined)
    return tableOf(scenario, hasDeath ? [...columns, ...deathColumns] : columns, rows)
  })
  return [
    tableOf("all scenarios", [...columns, ...estimateColumns], overall),
    ...single,
    verdicts(results, ours, onlyOthers),
  ].join("\n\n")
}

/** Where another policy is better than ours by more than two standard errors. */
const verdicts = (results: Results, ours: string, others: readonly string[]): string => {
  const lost = lostColumns(results, ours, others)
  return lost.length === 0
    ? "No other policy is ahead in utility, p95, p99 or success in any scenario by more than two standard errors."
    : `Ahead of ours by more than two standard errors:\n${lost.map((line) => `  ${line}`).join("\n")}`
}

export const lostColumns = (results: Results, ours: string, others: readonly string[]): readonly string[] =>
  Object.entries(results).flatMap(([scenario, byPolicy]) =>
    others.flatMap((other) =>
      judged.flatMap((figure) =>
        judge(byPolicy[ours] ?? [], byPolicy[other] ?? [], figure) === "worse"
          ? [`${scenario}, ${figure.label}: ${other}`]
          : [],
      ),
    ),
  )
