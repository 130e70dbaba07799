import type { Bounds, NamedScaler, Scaler } from "../scaler.ts"

const target = 0.7
const stableS = 60
const panicRatio = 2
const mostDown = 2

/**
 * As Knative's pod autoscaler: mean concurrency of a minute, and of the last scrape in a panic, which begins where that
 * wants twice what there is and lets nothing go down for a minute. (Knative documentation, "Autoscaling".) Its own scrapes
 * are every second; here it sees what all others see.
 */
export const kpa = (slots: number, { min, max }: Bounds): NamedScaler => ({
  name: "kpa",
  create: (): Scaler => {
    const past: { readonly atS: number; readonly inFlight: number }[] = []
    let panicUntilS = Number.NEGATIVE_INFINITY
    let panicMost = 0
    return ({ nowS, metrics, readyReplicas, currentReplicas }) => {
      past.push({ atS: nowS, inFlight: metrics.inFlight })
      while (nowS - (past[0]?.atS ?? nowS) >= stableS) past.shift()
      const mean = past.reduce((sum, each) => sum + each.inFlight, 0) / past.length
      const wanted = (inFlight: number): number => Math.ceil(inFlight / (slots * target) - 1e-9)
      const stable = Math.max(wanted(mean), Math.floor(readyReplicas / mostDown))
      const panic = wanted(metrics.inFlight)
      if (panic >= panicRatio * Math.max(1, readyReplicas)) panicUntilS = nowS + stableS
      const isPanic = nowS < panicUntilS
      panicMost = isPanic ? Math.max(panicMost, panic, currentReplicas) : 0
      return Math.min(max, Math.max(min, isPanic ? panicMost : stable))
    }
  },
})
