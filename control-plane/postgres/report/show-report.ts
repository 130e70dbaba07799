import type { Hint } from "../change.ts"
import { maskLiterals } from "../observe/mask-literals.ts"
import { showBytes } from "../apply/show-bytes.ts"
import { wrap } from "../../doctor/show-checks.ts"
import type { StatementStatistics } from "../workload.ts"
import type { Report } from "./build-report.ts"
import type { Trend } from "./trends.ts"

const usualWidth = 110

/** The report for a terminal. */
export const showReport = (report: Report, widthColumns = usualWidth): string => {
  const { database, sizeBytes, hitShare, slow, top, totalMs, trends, trendsSince, hints } = report
  const hit = hitShare === undefined ? "" : `, ${percent(hitShare)} of blocks found in memory`
  return [
    `${database}: ${showBytes(sizeBytes)}${hit}. Counted since ${report.statsSince ?? "the beginning"}.`,
    ...section(
      `Slower than a second on average (${slow.length})`,
      slow.map((each) => statementLine(each, widthColumns)),
    ),
    ...section(
      "Most of the time",
      top.map(
        (each) =>
          `${percent(totalMs === 0 ? 0 : each.totalMs / totalMs).padStart(7)}  ${statementLine(each, widthColumns - 9)}`,
      ),
    ),
    ...(trendsSince === undefined
      ? []
      : section(
          `Since the last snapshot, ${trendsSince}`,
          trends.map((each) => trendLine(each, widthColumns)),
        )),
    ...section(
      `To look at (${hints.length})`,
      hints.flatMap((hint) => hintLines(hint, widthColumns)),
    ),
  ].join("\n")
}

const section = (title: string, lines: readonly string[]): readonly string[] => [
  "",
  title,
  ...(lines.length === 0 ? ["  nothing"] : lines),
]

const statementLine = (statement: StatementStatistics, width: number): string => {
  const head = `${ms(statement.meanMs).padStart(9)} × ${String(statement.calls).padEnd(8)} hit ${hitOf(statement).padStart(6)}  `
  return `${head}${short(statement.text, width - head.length)}`
}

const trendLine = ({ calls, meanMs, meanMsBefore, text }: Trend, width: number): string => {
  const head = `${ms(meanMs).padStart(9)} × ${String(calls).padEnd(8)} was ${(meanMsBefore === 0 ? "new" : ms(meanMsBefore)).padStart(9)}  `
  return `${head}${short(text, width - head.length)}`
}

const hintLines = ({ subject, message, cure }: Hint, width: number): readonly string[] =>
  wrap(`${subject}: ${message}${cure === undefined ? "" : ` → ${cure}`}`, Math.max(40, width - 4)).map((line, at) =>
    at === 0 ? `  ${line}` : `    ${line}`,
  )

/** Masked, on one line, and no longer than there is room. */
export const short = (sql: string, width: number): string => {
  const line = maskLiterals(sql).replaceAll(/\s+/g, " ").trim()
  return line.length <= width ? line : `${line.slice(0, Math.max(10, width - 2))} …`
}

export const ms = (value: number): string =>
  value >= 1_000 ? `${(value / 1_000).toFixed(2)} s` : `${value.toFixed(value < 10 ? 2 : 1)} ms`
export const percent = (share: number): string => `${(100 * share).toFixed(1)} %`

export const hitOf = ({ sharedBlocksHit, sharedBlocksRead }: StatementStatistics): string =>
  sharedBlocksHit + sharedBlocksRead === 0 ? "–" : percent(sharedBlocksHit / (sharedBlocksHit + sharedBlocksRead))
