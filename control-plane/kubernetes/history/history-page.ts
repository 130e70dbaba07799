import type { HistoryEntry } from "../protocol/history-entry.ts"
import { chartPage, escapeHtml, lineChart } from "./line-chart.ts"
import type { Series } from "./line-chart.ts"

const colors = ["#2f6fde", "#d9822b", "#2a9d6e", "#9b51c9"] as const
const up = "#2a9d6e"
const down = "#d9822b"
const trouble = "#d64545"

/** The history as a page with a chart of each policy: its signals, its replicas, and where it changed something. */
export const historyPage = (entries: readonly HistoryEntry[], title: string): string => {
  const names = [...new Set(entries.map(({ policy }) => policy))]
  return chartPage(
    title,
    names
      .map((name) =>
        section(
          name,
          entries.filter(({ policy }) => policy === name),
        ),
      )
      .join("\n"),
  )
}

const section = (name: string, entries: readonly HistoryEntry[]): string => {
  const signals = [...new Set(entries.flatMap(({ values }) => Object.keys(values)))]
  const charts = signals.map((signal, index) =>
    lineChart({
      title: signal,
      series: [signalSeries(signal, colors[index % colors.length] ?? colors[0], entries)],
      formatX: timeOfDay,
    }),
  )
  const replicas = lineChart({
    title: "replicas",
    series: [
      {
        name: "asked for",
        color: "#2f6fde",
        steps: true,
        points: entries.map((entry) => ({ x: Date.parse(entry.at), y: countAfter(entry) })),
      },
      {
        name: "ready",
        color: "#8a8f98",
        steps: true,
        points: entries.map((entry) => ({ x: Date.parse(entry.at), y: entry.readyReplicas })),
      },
    ],
    marks: entries.flatMap((entry) => markOf(entry) ?? []),
    formatX: timeOfDay,
  })
  const rows = entries
    .filter(({ outcome }) => outcome.kind !== "held")
    .slice(-200)
    .toReversed()
    .map(
      ({ at, decision, outcome }) =>
        `<tr><td>${at.slice(0, 19).replace("T", " ")}</td><td>${decision.currentReplicas} → ${decision.desiredReplicas}</td><td>${decision.code}</td><td>${outcome.kind === "refused" ? outcome.refusal : outcome.kind}</td><td>${escapeHtml([...decision.reasons, ...("reason" in outcome ? [outcome.reason] : [])].join(" "))}</td></tr>`,
    )
  const table =
    rows.length === 0
      ? "<p>Nothing was changed.</p>"
      : `<table><tr><th>UTC</th><th>replicas</th><th>because</th><th>outcome</th><th>in words</th></tr>${rows.join("")}</table>`
  return `<h2>${escapeHtml(name)}</h2>${charts.join("")}${replicas}${table}`
}

const signalSeries = (name: string, color: string, entries: readonly HistoryEntry[]): Series => ({
  name,
  color,
  points: entries.flatMap(({ at, values }) => {
    const value = values[name]
    return typeof value === "number" ? [{ x: Date.parse(at), y: value }] : []
  }),
})

/** What the deployment asked for after this cycle. */
const countAfter = ({ decision, outcome }: HistoryEntry): number =>
  outcome.kind === "written" ? decision.desiredReplicas : decision.currentReplicas

const markOf = ({ at, decision, outcome }: HistoryEntry) => {
  const x = Date.parse(at)
  const counts = `${decision.currentReplicas} → ${decision.desiredReplicas}`
  if (outcome.kind === "written") return { x, label: counts, color: decision.direction === "up" ? up : down }
  if (outcome.kind === "failed" || outcome.kind === "overtaken")
    return { x, label: `${counts}: ${outcome.reason}`, color: trouble }
  return undefined
}

const timeOfDay = (x: number): string => new Date(x).toISOString().slice(11, 16)
