import { chartPage, escapeHtml, lineChart } from "../history/line-chart.ts"
import type { Point, Score } from "./simulate.ts"

export interface NamedScore {
  readonly name: string
  readonly score: Score
}

const header = ["", "late", "replica-hours", "changes", "flaps", "cut off"] as const

const cellsOf = ({ name, score }: NamedScore): readonly string[] => [
  name,
  `${(score.lateShare * 100).toFixed(2)} %`,
  score.replicaHours.toFixed(1),
  String(score.changes),
  String(score.flaps),
  String(score.cut),
]

/** A table, and beneath it the course of the load and of each scaler's replicas. */
export const showScores = (scores: readonly NamedScore[], columns: number): string => {
  const rows = [header, ...scores.map(cellsOf)]
  const widths = header.map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)))
  const table = rows.map((row) =>
    row
      .map((cell, column) => (column === 0 ? cell.padEnd(widths[column] ?? 0) : cell.padStart(widths[column] ?? 0)))
      .join("  ")
      .trimEnd(),
  )
  const labelWidth = Math.max(8, ...scores.map(({ name }) => name.length))
  const width = Math.max(20, columns - labelWidth - 16)
  const course = scores[0]?.score.course ?? []
  const lines = [
    lineOf("requests", valuesOf(course, "rate"), "/s", labelWidth, width),
    ...scores.map(({ name, score }) => lineOf(name, valuesOf(score.course, "replicas"), "replicas", labelWidth, width)),
  ]
  return [...table, "", ...lines].join("\n")
}

const valuesOf = (course: readonly Point[], key: "rate" | "replicas"): readonly number[] =>
  course.map((point) => point[key])

const bars = ["▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"] as const

const lineOf = (name: string, values: readonly number[], unit: string, labelWidth: number, width: number): string => {
  const shown = sparkline(values, width)
  const most = values.reduce((high, value) => Math.max(high, value), 0)
  return `${name.padEnd(labelWidth)} ${shown} ≤ ${Number(most.toPrecision(3))} ${unit}`
}

/** The greatest of each stretch, as a bar from nothing to the most. */
export const sparkline = (values: readonly number[], width: number): string => {
  const count = Math.min(width, values.length)
  const stretches = Array.from({ length: count }, (_, column) =>
    values
      .slice(Math.floor((column * values.length) / count), Math.floor(((column + 1) * values.length) / count))
      .reduce((high, value) => Math.max(high, value), 0),
  )
  const most = stretches.reduce((high, value) => Math.max(high, value), 1e-9)
  return stretches.map((value) => bars[Math.min(7, Math.floor((value / most) * 7.999))] ?? "▁").join("")
}

const colors = ["#2f7ed8", "#e6894a", "#8c6bb1", "#3aa76d", "#c44", "#888"] as const

/** The charts: the load, the replicas of each, and the share that was late. */
export const chartScores = (scores: readonly NamedScore[]): readonly string[] => {
  const formatX = (atS: number): string => `${Number((atS / 3_600).toFixed(1))} h`
  const seriesOf = (value: (point: Point) => number, steps: boolean) =>
    scores.map(({ name, score }, index) => ({
      name,
      color: colors[index % colors.length] ?? "#888",
      steps,
      points: score.course.map((point) => ({ x: point.atS, y: value(point) })),
    }))
  const load = (scores[0]?.score.course ?? []).map(({ atS, rate }) => ({ x: atS, y: rate }))
  return [
    lineChart({ title: "Requests a second", series: [{ name: "load", color: "#888", points: load }], formatX }),
    lineChart({ title: "Replicas", series: seriesOf(({ replicas }) => replicas, true), formatX }),
    lineChart({ title: "Late, in percent of a minute's", series: seriesOf(({ late }) => late * 100, false), formatX }),
  ]
}

/** A page with the table and the charts, which needs nothing from elsewhere. */
export const scoresPage = (title: string, scores: readonly NamedScore[]): string => {
  const row = (cells: readonly string[], tag: "th" | "td"): string =>
    `<tr>${cells.map((cell) => `<${tag}>${escapeHtml(cell)}</${tag}>`).join("")}</tr>`
  const table = `<table>${row(header, "th")}${scores.map((score) => row(cellsOf(score), "td")).join("")}</table>`
  return chartPage(title, [table, ...chartScores(scores)].join("\n"))
}
