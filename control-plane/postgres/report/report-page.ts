import { chartPage, escapeHtml } from "../../kubernetes/history/line-chart.ts"
import { showBytes } from "../apply/show-bytes.ts"
import type { StatementStatistics } from "../workload.ts"
import type { Report } from "./build-report.ts"
import { hitOf, ms, percent, short } from "./show-report.ts"

const barColor = "#2f6fde"
const textCharacters = 400

/** The report as a page that stands by itself: bars of where time and space go, and the same tables. */
export const reportPage = (report: Report): string =>
  chartPage(
    `${report.database}, ${report.at.slice(0, 16).replace("T", " ")} UTC`,
    [
      `<p>${escapeHtml(showBytes(report.sizeBytes))}${report.hitShare === undefined ? "" : `, ${percent(report.hitShare)} of blocks found in memory`}. Counted since ${escapeHtml(report.statsSince ?? "the beginning")}.</p>`,
      "<h2>Where the time goes</h2>",
      bars(
        report.top.map((each) => ({
          label: short(each.text, 60),
          value: report.totalMs === 0 ? 0 : each.totalMs / report.totalMs,
          shown: percent(report.totalMs === 0 ? 0 : each.totalMs / report.totalMs),
        })),
      ),
      statements(report.top),
      `<h2>Slower than a second on average</h2>${statements(report.slow)}`,
      ...(report.trendsSince === undefined ? [] : [`<h2>Since the last snapshot</h2>${trends(report)}`]),
      ...(report.days.length === 0 ? [] : ["<h2>Time of all statements, day by day</h2>", days(report)]),
      "<h2>Where the space goes</h2>",
      bars(
        report.tables.slice(0, 10).map((table) => ({
          label: `${table.schema}.${table.name}`,
          value: table.sizeBytes / Math.max(1, report.tables[0]?.sizeBytes ?? 1),
          shown: showBytes(table.sizeBytes),
        })),
      ),
      `<h2>To look at</h2>${hints(report)}`,
    ].join("\n"),
  )

const days = ({ days: rows }: Report): string => {
  const widest = Math.max(...rows.map(({ totalMs }) => totalMs), 1)
  return bars(rows.map(({ day, totalMs }) => ({ label: day, value: totalMs / widest, shown: ms(totalMs) })))
}

interface Bar {
  readonly label: string
  /** 0..1 of the widest. */
  readonly value: number
  readonly shown: string
}

const bars = (rows: readonly Bar[]): string => {
  const step = 24
  const widest = Math.max(1e-9, ...rows.map(({ value }) => value))
  const drawn = rows.map(
    ({ label, value, shown }, at) =>
      `<text x="0" y="${at * step + 15}">${escapeHtml(label)}</text><rect x="420" y="${at * step + 4}" height="14" width="${((value / widest) * 360).toFixed(1)}" rx="2" fill="${barColor}"/><text x="${(428 + (value / widest) * 360).toFixed(1)}" y="${at * step + 15}">${escapeHtml(shown)}</text>`,
  )
  return rows.length === 0
    ? "<p>Nothing.</p>"
    : `<svg viewBox="0 0 860 ${rows.length * step}" role="img">${drawn.join("")}</svg>`
}

const table = (head: readonly string[], rows: readonly (readonly string[])[]): string =>
  rows.length === 0
    ? "<p>Nothing.</p>"
    : `<table><tr>${head.map((cell) => `<th>${escapeHtml(cell)}</th>`).join("")}</tr>${rows.map((row) => `<tr>${row.map((cell) => `<td>${escapeHtml(cell)}</td>`).join("")}</tr>`).join("")}</table>`

const statements = (rows: readonly StatementStatistics[]): string =>
  table(
    ["mean", "calls", "total", "hit", "rows", "statement"],
    rows.map((each) => [
      ms(each.meanMs),
      String(each.calls),
      ms(each.totalMs),
      hitOf(each),
      String(each.rows),
      short(each.text, textCharacters),
    ]),
  )

const trends = ({ trends: rows }: Report): string =>
  table(
    ["mean", "mean before", "calls", "total", "statement"],
    rows.map((each) => [
      ms(each.meanMs),
      each.meanMsBefore === 0 ? "new" : ms(each.meanMsBefore),
      String(each.calls),
      ms(each.totalMs),
      short(each.text, textCharacters),
    ]),
  )

const hints = ({ hints: rows }: Report): string =>
  table(
    ["what", "why", "what to do"],
    rows.map(({ subject, message, cure }) => [subject, message, cure ?? ""]),
  )
