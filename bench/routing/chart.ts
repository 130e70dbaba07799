import { candidates } from "./candidates.ts"
import { modelId } from "../../worker/routing/model-ref.ts"
import type { Scenario } from "./scenarios.ts"
import type { Run } from "./simulate.ts"

const width = 760
const height = 260
const left = 44
const bottom = 30
const top = 34
const rightMargin = 150
const stepS = 4
const colors = ["#8c6bb1", "#b39ddb", "#5e4b8b", "#e6894a", "#f2b98a", "#2f7ed8", "#3aa76d"]

/** Who gets which share of the requests, second by second, as a stacked area; the time of death is shaded. */
export const drawTraffic = ({ sent }: Run, { lengthS, death }: Scenario): string => {
  const steps = Math.floor(lengthS / stepS)
  const counts = Array.from({ length: steps }, () => candidates.map(() => 0))
  for (const { at, candidate, isFirst } of sent) {
    const step = counts[Math.floor(at / 1000 / stepS)]
    if (isFirst && step !== undefined) step[candidate] = (step[candidate] ?? 0) + 1
  }
  const x = (step: number): number => left + ((width - left - rightMargin) * step) / (steps - 1)
  const y = (share: number): number => height - bottom - (height - top - bottom) * share
  const shareUpTo = (step: number, candidate: number): number => {
    const row = counts[step] ?? []
    const total = row.reduce((sum, count) => sum + count, 0)
    return total === 0 ? 0 : row.slice(0, candidate).reduce((sum, count) => sum + count, 0) / total
  }
  const areas = candidates.map((candidate, index) => {
    const points = Array.from({ length: steps }, (_, step) => step)
    const upper = points.map((step) => `${x(step).toFixed(1)},${y(shareUpTo(step, index + 1)).toFixed(1)}`)
    const lower = points.map((step) => `${x(step).toFixed(1)},${y(shareUpTo(step, index)).toFixed(1)}`).toReversed()
    const color = colors[index] ?? "#999"
    const labelY = top + 12 + index * 20
    return `<polygon points="${[...upper, ...lower].join(" ")}" fill="${color}"/>
<rect x="${width - rightMargin + 14}" y="${labelY - 9}" width="10" height="10" fill="${color}"/>
<text x="${width - rightMargin + 30}" y="${labelY}">${modelId(candidate)}</text>`
  })
  const at = (s: number): number => x(s / stepS)
  const shade =
    death === undefined
      ? ""
      : `<rect x="${at(death.fromS).toFixed(1)}" y="${top}" width="${(at(death.toS) - at(death.fromS)).toFixed(1)}" height="${height - top - bottom}" fill="none" stroke="#c00" stroke-dasharray="4 3"/>
<text x="${at(death.fromS).toFixed(1)}" y="${top - 6}" fill="#c00">google/flash fails every request</text>`
  const ticks = [0, 50, 100, 150, 200]
    .filter((s) => s <= lengthS)
    .map(
      (s) =>
        `<text x="${Math.min(at(s), width - rightMargin).toFixed(1)}" y="${height - 10}" text-anchor="middle">${s} s</text>`,
    )
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" font-family="sans-serif" font-size="12" role="img" aria-label="Share of requests by candidate over ${lengthS} seconds">
<rect width="${width}" height="${height}" fill="#fff"/>
${areas.join("\n")}
${shade}
<text x="${left - 6}" y="${y(1) + 4}" text-anchor="end">100 %</text>
<text x="${left - 6}" y="${y(0) + 4}" text-anchor="end">0</text>
${ticks.join("\n")}
</svg>
`
}
