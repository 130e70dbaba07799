import type { Contender, Measured } from "./contenders.ts"
import { poisson, seeded } from "./random.ts"
import { createService } from "./service.ts"
import type { Trace } from "./traces.ts"

export interface SimulationOptions {
  readonly seed: number
  readonly min: number
  readonly max: number
  readonly slots: number
  readonly serviceS: number
  readonly waitS: number
}

export const usualOptions: SimulationOptions = { seed: 1, min: 2, max: 60, slots: 4, serviceS: 1.5, waitS: 2 }

export interface SimulationResult {
  readonly contender: string
  readonly trace: string
  readonly requests: number
  /** Share of requests that waited longer than allowed, 0..1. */
  readonly late: number
  readonly replicaHours: number
  readonly changes: number
  /** Changes against the one before, within ten minutes of it. */
  readonly flaps: number
  readonly cut: number
  /** A point a minute, for a chart. */
  readonly timeline: readonly {
    readonly atS: number
    readonly rate: number
    readonly replicas: number
    readonly latePercent: number
  }[]
}

const scrapeS = 15
const lagS = 15
const cycleS = 15
const startupS = { least: 45, most: 67 } as const
const graceS = 30
const flapS = 600
/** Metrics tell of the last minute, as rates usually are asked for. */
const windowScrapes = 4

/**
 * Runs a service through a trace under a scaler: requests that come at random, first come first served, log-normal work,
 * replicas that take 45 to 67 s to start, metrics every 15 s and 15 s late. The same seed brings the same requests.
 */
export const simulate = (contender: Contender, trace: Trace, options: SimulationOptions): SimulationResult => {
  const { seed, min, max, slots, serviceS, waitS } = options
  const random = seeded(seed)
  const delays = seeded(seed + 1)
  const service = createService({ slots, serviceS, sigma: 0.7, waitS, graceS, random: seeded(seed + 2) })
  let replicas = Math.min(max, Math.max(min, Math.ceil(((trace.ratesPerS[0] ?? 0) * serviceS) / slots / 0.7)))
  let ready = replicas
  let starting: number[] = []
  service.setReplicas(ready, 0)
  const scrapes: Measured[] = []
  const windows: ReturnType<typeof service.read>[] = []
  let [replicaS, changes, flaps, lastChangeS, lastDirection] = [0, 0, 0, Number.NEGATIVE_INFINITY, 0]
  const timeline: { atS: number; rate: number; replicas: number; latePercent: number }[] = []

  const scrape = (atS: number): void => {
    windows.push(service.read())
    if (windows.length > windowScrapes) windows.shift()
    const sum = (pick: (window: (typeof windows)[number]) => number): number =>
      windows.reduce((total, window) => total + pick(window), 0)
    const started = sum((window) => window.started)
    const last = windows.at(-1)
    scrapes.push({
      atS,
      rate: sum((window) => window.arrivals) / (windows.length * scrapeS),
      serviceMs:
        started === 0 ? serviceS * 1_000 : (1_000 * sum((window) => window.serviceS * window.started)) / started,
      load: (100 * ((last?.busy ?? 0) + (last?.waiting ?? 0))) / Math.max(1, ready * slots),
      inFlight: (last?.busy ?? 0) + (last?.waiting ?? 0),
      latePercent: started === 0 ? 0 : (100 * sum((window) => window.late)) / started,
      p95Ms: 1_000 * Math.max(...windows.map((window) => window.p95S)),
    })
  }

  for (const [s, rate] of trace.ratesPerS.entries()) {
    const begun = starting.filter((at) => at <= s)
    if (begun.length > 0) {
      starting = starting.filter((at) => at > s)
      ready = Math.min(replicas, ready + begun.length)
      service.setReplicas(ready, s)
    }
    replicaS += replicas
    const arrivals = Array.from({ length: poisson(rate, random) }, () => s + random()).toSorted((a, b) => a - b)
    for (const at of arrivals) service.arrive(at)
    service.advance(s + 1)
    if (s % scrapeS === scrapeS - 1) scrape(s + 1)
    if (s % 60 === 59) timeline.push({ atS: s + 1, rate, replicas, latePercent: scrapes.at(-1)?.latePercent ?? 0 })
    if (s % cycleS !== cycleS - 1) continue
    const second = scrapes.findLast(({ atS }) => atS <= s + 1 - lagS)
    if (second === undefined) continue
    const [fromS, toS] = trace.frozen ?? [Number.POSITIVE_INFINITY, 0]
    const isFrozen = s >= fromS && s < toS
    // What stands still says that it is new all the same.
    const stood = isFrozen ? scrapes.findLast(({ atS }) => atS <= fromS) : undefined
    const measured = stood === undefined ? second : { ...stood, atS: second.atS }
    const wanted = contender.decide({ nowS: s + 1, measured, second, replicas, ready })
    const next = Number.isSafeInteger(wanted) ? Math.min(max, Math.max(min, wanted)) : replicas
    if (next === replicas) continue
    const direction = Math.sign(next - replicas)
    changes++
    if (direction !== lastDirection && lastDirection !== 0 && s - lastChangeS <= flapS) flaps++
    ;[lastChangeS, lastDirection] = [s, direction]
    if (next > replicas) {
      for (let i = replicas; i < next; i++)
        starting.push(s + 1 + startupS.least + delays() * (startupS.most - startupS.least))
    } else {
      // Those that are still starting go first.
      const fewer = replicas - next
      starting = starting.toSorted((a, b) => a - b).slice(0, Math.max(0, starting.length - fewer))
      ready = Math.min(ready, next)
      service.setReplicas(ready, s + 1)
    }
    replicas = next
  }
  const { requests, late, cut } = service.totals()
  return {
    contender: contender.name,
    trace: trace.name,
    requests,
    late: requests === 0 ? 0 : late / requests,
    replicaHours: replicaS / 3_600,
    changes,
    flaps,
    cut: Math.round(cut),
    timeline,
  }
}
