import type { Trace } from "./trace.ts"

const stepS = 15
const longestS = 8 * 86_400
const fastest = 100_000

/** A trace from CSV: `time_s,rate` a line, a header or none; between two lines the rate goes straight from one to the other. */
export const readTrace = (name: string, csv: string): Trace | { readonly problem: string } => {
  const points: { readonly atS: number; readonly rate: number }[] = []
  for (const [index, line] of csv.split(/\r?\n/).entries()) {
    if (line.trim() === "" || (points.length === 0 && /[a-z_]{2}/i.test(line))) continue
    const cells = line.split(",").map((cell) => (cell.trim() === "" ? Number.NaN : Number(cell)))
    const [atS = Number.NaN, rate = Number.NaN] = cells
    const where = `line ${index + 1}`
    if (cells.length !== 2 || !(atS >= 0) || !(rate >= 0) || rate > fastest) {
      return { problem: `${where}: write time_s,rate, such as 900,12.5; both 0 or more, the rate at most ${fastest}` }
    }
    const last = points.at(-1)
    if (last !== undefined && atS <= last.atS) return { problem: `${where}: the times must grow` }
    points.push({ atS, rate })
  }
  const [first, last] = [points[0], points.at(-1)]
  if (first === undefined || last === undefined || last.atS - first.atS < 600) {
    return { problem: "it needs ten minutes or more of lines time_s,rate" }
  }
  if (last.atS - first.atS > longestS) return { problem: "it is longer than eight days" }
  let at = 0
  const rates = Array.from({ length: Math.floor((last.atS - first.atS) / stepS) }, (_, step) => {
    const nowS = first.atS + (step + 0.5) * stepS
    while ((points[at + 1]?.atS ?? Number.POSITIVE_INFINITY) <= nowS) at++
    const [from, to] = [points[at] ?? first, points[at + 1] ?? last]
    const share = to.atS === from.atS ? 0 : (nowS - from.atS) / (to.atS - from.atS)
    return from.rate + (to.rate - from.rate) * Math.min(1, share)
  })
  return { name, rates, stepS }
}
