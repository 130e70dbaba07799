/** What was measured between two scrapes. */
export interface Interval {
  atS: number
  arrivals: number
  started: number
  late: number
  serviceSeconds: number
  busySeconds: number
  waitingSeconds: number
  readySeconds: number
  waiting: number
  ready: number
  /** Of every request that began, its wait and its work in seconds. */
  readonly latencies: number[]
}

export const emptyInterval = (): Interval => ({
  atS: 0,
  arrivals: 0,
  started: 0,
  late: 0,
  serviceSeconds: 0,
  busySeconds: 0,
  waitingSeconds: 0,
  readySeconds: 0,
  waiting: 0,
  ready: 0,
  latencies: [],
})

/** What a monitoring system would say. Absent is what it has no number for, as where nothing was asked. */
export interface Metrics {
  readonly atS: number
  /** Requests a second, over half a minute. */
  readonly rate: number
  /** Mean time of work over five minutes, in milliseconds. */
  readonly serviceMs?: number
  /** Share of requests that waited too long, over a minute, in percent. */
  readonly lateShare: number
  /** Requests at work and waiting, a mean over the last scrape. */
  readonly inFlight: number
  /** Busy slots in percent of the working replicas' slots; never above 100. */
  readonly utilization: number
  readonly waiting: number
  /** Over a minute, in milliseconds; worked out only when it is asked for. */
  readonly p95Ms: () => number | undefined
  readonly ready: number
}

/** From the intervals, youngest last. */
export const metricsOf = (intervals: readonly Interval[], { slots, scrapeS }: MetricsWorld): Metrics => {
  const half = intervals.slice(-Math.max(1, Math.round(30 / scrapeS)))
  const minute = intervals.slice(-Math.max(1, Math.round(60 / scrapeS)))
  const five = intervals.slice(-Math.max(1, Math.round(300 / scrapeS)))
  const last = intervals.at(-1) ?? emptyInterval()
  const started = sum(minute, "started")
  const worked = sum(five, "started")
  return {
    atS: last.atS,
    rate: sum(half, "arrivals") / (half.length * scrapeS),
    ...(worked === 0 ? {} : { serviceMs: (1_000 * sum(five, "serviceSeconds")) / worked }),
    lateShare: started === 0 ? 0 : (100 * sum(minute, "late")) / started,
    inFlight: (last.busySeconds + last.waitingSeconds) / scrapeS,
    utilization: last.readySeconds === 0 ? 0 : Math.min(100, (100 * last.busySeconds) / (last.readySeconds * slots)),
    waiting: last.waiting,
    p95Ms: () => {
      const latencies = minute.flatMap((each) => each.latencies)
      return latencies.length === 0 ? undefined : 1_000 * quantile(latencies, 0.95)
    },
    ready: last.ready,
  }
}

interface MetricsWorld {
  readonly slots: number
  readonly scrapeS: number
}

type Counter = "arrivals" | "started" | "late" | "serviceSeconds"

const sum = (intervals: readonly Interval[], key: Counter): number =>
  intervals.reduce((total, interval) => total + interval[key], 0)

const quantile = (values: readonly number[], share: number): number => {
  const sorted = Float64Array.from(values).toSorted()
  return sorted[Math.min(sorted.length - 1, Math.ceil(sorted.length * share) - 1)] ?? 0
}
