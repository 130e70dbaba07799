/** A line of a chart; `steps` for what stays until it changes. */
export interface Series {
  readonly name: string
  readonly color: string
  readonly points: readonly { readonly x: number; readonly y: number }[]
  readonly steps?: boolean
  /** Percent, requests, replicas: shown at the axis' end. */
  readonly unit?: string
}

export interface ChartOptions {
  readonly title: string
  readonly series: readonly Series[]
  /** Moments that are marked, with what a pointer is told. */
  readonly marks?: readonly { readonly x: number; readonly label: string; readonly color: string }[]
  readonly formatX: (x: number) => string
}

const size = { width: 860, height: 190, left: 46, right: 12, top: 26, bottom: 22 } as const

/** A chart as an SVG that stands by itself; its colors follow the page's by `currentColor`. */
export const lineChart = ({ title, series, marks = [], formatX }: ChartOptions): string => {
  const xs = series.flatMap(({ points }) => points.map(({ x }) => x))
  const ys = series.flatMap(({ points }) => points.map(({ y }) => y))
  if (xs.length === 0) return `<p>${escapeHtml(title)}: nothing to draw.</p>`
  const [fromX, toX] = [least(xs), most(xs)]
  const topY = niceAbove(most(ys))
  const { width, height, left, right, top, bottom } = size
  const px = (x: number): number => left + ((x - fromX) / Math.max(1, toX - fromX)) * (width - left - right)
  const py = (y: number): number => height - bottom - (y / topY) * (height - top - bottom)
  const grid = [0, 0.5, 1].map((share) => {
    const y = py(topY * share).toFixed(1)
    return `<line x1="${left}" x2="${width - right}" y1="${y}" y2="${y}" class="grid"/><text x="${left - 6}" y="${Number(y) + 4}" text-anchor="end">${shortNumber(topY * share)}</text>`
  })
  const times = [0, 0.25, 0.5, 0.75, 1].map((share) => {
    const x = fromX + (toX - fromX) * share
    const anchor = share === 0 ? "start" : share === 1 ? "end" : "middle"
    return `<text x="${px(x).toFixed(1)}" y="${height - 6}" text-anchor="${anchor}">${escapeHtml(formatX(x))}</text>`
  })
  const lines = series.map(
    (each) => `<path d="${pathOf(each, px, py)}" fill="none" stroke="${each.color}" stroke-width="1.8"/>`,
  )
  const dots = marks.map(
    ({ x, label, color }) =>
      `<line x1="${px(x).toFixed(1)}" x2="${px(x).toFixed(1)}" y1="${top}" y2="${height - bottom}" stroke="${color}" stroke-dasharray="2 3"><title>${escapeHtml(label)}</title></line>`,
  )
  // A title that names the only line is legend enough.
  const legend = (series.length > 1 ? series : []).map(
    ({ name, color }, index) =>
      `<tspan x="${left + 260 + index * 190}" fill="${color}">■</tspan> <tspan>${escapeHtml(name)}</tspan>`,
  )
  return `<svg viewBox="0 0 ${width} ${height}" role="img" aria-label="${escapeHtml(title)}"><text x="${left}" y="15" class="title">${escapeHtml(title)}</text><text y="15">${legend.join(" ")}</text>${grid.join("")}${dots.join("")}${lines.join("")}${times.join("")}</svg>`
}

const pathOf = ({ points, steps = false }: Series, px: (x: number) => number, py: (y: number) => number): string =>
  points
    .map(({ x, y }, index) => {
      const at = `${px(x).toFixed(1)} ${py(y).toFixed(1)}`
      if (index === 0) return `M${at}`
      return steps ? `H${px(x).toFixed(1)}V${py(y).toFixed(1)}` : `L${at}`
    })
    .join("")

/** Loops, since a day has more points than a call takes arguments. */
const least = (values: readonly number[]): number =>
  values.reduce((low, value) => Math.min(low, value), Number.POSITIVE_INFINITY)
const most = (values: readonly number[]): number =>
  values.reduce((high, value) => Math.max(high, value), Number.NEGATIVE_INFINITY)

/** 1, 2 or 5 times a power of ten, not below the value. */
const niceAbove = (value: number): number => {
  if (!(value > 0)) return 1
  const power = 10 ** Math.floor(Math.log10(value))
  return ([1, 2, 5].find((step) => step * power >= value * 0.999) ?? 10) * power
}

const shortNumber = (value: number): string => String(Number(value.toPrecision(3)))

export const escapeHtml = (text: string): string =>
  text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;").replaceAll('"', "&quot;")

/** A page around charts and tables: light and dark, no script, nothing from elsewhere. */
export const chartPage = (title: string, body: string): string => `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>${escapeHtml(title)}</title>
<style>
:root{color-scheme:light dark}
body{font:14px/1.5 system-ui,sans-serif;max-width:900px;margin:2rem auto;padding:0 1rem}
h1{font-size:1.3rem}h2{font-size:1.1rem;margin-top:2rem}
svg{width:100%;height:auto;margin:.4rem 0}svg text{font-size:11px;fill:currentColor;opacity:.8}svg .title{font-weight:600;opacity:1}
.grid{stroke:currentColor;opacity:.15}
table{border-collapse:collapse;width:100%;font-size:12.5px}th,td{text-align:left;padding:.25rem .6rem .25rem 0;border-bottom:1px solid color-mix(in srgb,currentColor 15%,transparent);vertical-align:top}
</style></head><body><h1>${escapeHtml(title)}</h1>
${body}
</body></html>
`
