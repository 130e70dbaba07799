import { chanceOf } from "./chance.ts"
import { metricsOf } from "./metrics.ts"
import type { Interval, Metrics } from "./metrics.ts"
import { Station } from "./station.ts"
import type { NamedScaler } from "./scaler.ts"
import { lengthOf } from "./trace.ts"
import type { Trace } from "./trace.ts"
import type { World } from "./world.ts"

/** How a scaler did on a trace. */
export interface Score {
  readonly requests: number
  /** Share of the requests that waited too long, 0..1. */
  readonly lateShare: number
  readonly replicaHours: number
  readonly changes: number
  /** Changes that took the one before back within a quarter of an hour. */
  readonly flaps: number
  /** Requests that were at work when their replica's time to finish was over. */
  readonly cut: number
  /** A point for each minute, for charts. */
  readonly course: readonly Point[]
}

export interface Point {
  readonly atS: number
  /** Requests a second that came within the minute. */
  readonly rate: number
  readonly replicas: number
  /** Share that began within the minute and had waited too long, 0..1. */
  readonly late: number
}

export interface Setting {
  readonly world: World
  readonly seed: number
  readonly startReplicas: number
}

const flapS = 900
const pointS = 60

/** Runs a trace against a scaler, request by request. The same seed gives every scaler the same requests. */
export const simulate = (trace: Trace, scaler: NamedScaler, { world, seed, startReplicas }: Setting): Score => {
  const station = new Station(world, seed, startReplicas)
  const arrivals = arrivalsOf(trace, seed)
  const decideFor = scaler.create()
  const endS = lengthOf(trace)
  const intervals: Interval[] = []
  const seen: Metrics[] = []
  const changes: { readonly atS: number; readonly direction: number }[] = []
  const course: Point[] = []
  let nextArrivalS = arrivals()
  let frozen: Metrics | undefined
  let marked = { requests: 0, started: 0, late: 0 }
  let requests = 0
  for (let nowS = world.scrapeS; nowS <= endS; nowS += world.scrapeS) {
    while (nextArrivalS < nowS) {
      station.advance(nextArrivalS)
      station.arrive(nextArrivalS)
      requests++
      nextArrivalS = arrivals()
    }
    station.advance(nowS)
    intervals.push(station.takeInterval())
    if (intervals.length > 300 / world.scrapeS) intervals.shift()
    seen.push(metricsOf(intervals, world))
    if (seen.length > 1 + Math.round(world.lagS / world.scrapeS)) seen.shift()
    const second = seen[0]
    if (second === undefined) continue
    const isFrozen = trace.frozenS !== undefined && nowS >= trace.frozenS.from && nowS < trace.frozenS.to
    frozen = isFrozen ? (frozen ?? second) : undefined
    // What is frozen still says that it is young: nothing but its sameness tells.
    const metrics = frozen === undefined ? second : { ...frozen, atS: second.atS }
    const before = station.wantedReplicas
    const readyReplicas = station.readyReplicas
    const wanted = decideFor({ nowS, metrics, second, currentReplicas: before, readyReplicas })
    if (wanted !== before) {
      station.setReplicas(wanted)
      changes.push({ atS: nowS, direction: Math.sign(wanted - before) })
    }
    if (nowS % pointS === 0) {
      const { started, late } = station
      course.push({
        atS: nowS,
        rate: (requests - marked.requests) / pointS,
        replicas: before,
        late: started === marked.started ? 0 : (late - marked.late) / (started - marked.started),
      })
      marked = { requests, started, late }
    }
  }
  const { late, replicaSeconds, cut } = station
  return {
    requests,
    lateShare: requests === 0 ? 0 : (late + station.lateInLine()) / requests,
    replicaHours: replicaSeconds / 3_600,
    changes: changes.length,
    flaps: changes.filter(({ atS, direction }, index) => {
      const last = changes[index - 1]
      return last !== undefined && last.direction !== direction && atS - last.atS <= flapS
    }).length,
    cut,
    course,
  }
}

/** The moments of a Poisson stream whose rate is the trace's: unit exponentials, stretched by the rate of each step. */
const arrivalsOf = ({ rates, stepS }: Trace, seed: number): (() => number) => {
  const random = chanceOf(seed)
  let step = 0
  let atS = 0
  return () => {
    let work = -Math.log(1 - random())
    while (step < rates.length) {
      const rate = rates[step] ?? 0
      const leftS = (step + 1) * stepS - atS
      if (work < rate * leftS) {
        atS += work / rate
        return atS
      }
      work -= rate * leftS
      step++
      atS = step * stepS
    }
    return Number.POSITIVE_INFINITY
  }
}
