import type { Calibration, CandidateSpeed, Observation, TypicalTime } from "../../contract/provider-board.ts"
import { addTime, emptyHistogram, mergeHistograms, quantileOf, totalOf } from "./histogram.ts"
import type { Histogram } from "./histogram.ts"
import { keepNewest } from "./keep-newest.ts"

/** How long whole answers of one candidate took, and how well that was foretold. Kept by the shared book alone. */
export interface ResponseTimes {
  /** The last hundred, oldest first, for people to look at. */
  readonly lastMs: readonly number[]
  /** By the kind of request; the kind that was heard of last comes last. */
  readonly byKind: Readonly<Record<string, Histogram>>
  readonly calibration: Calibration
}

export const keptTimes = 100
/** With a hundred candidates of so many kinds, a full book still fits into one stored value (2 MB). */
export const keptKinds = 16
const rememberedEstimates = 1_000
const goal = 0.9
/** Adaptive conformal inference (Gibbs and Candès, 2021): a miss raises the level nine times as much as a hit lowers it. */
const levelStep = 0.01
const lowestLevel = 0.75
const highestLevel = 0.99

export const newResponseTimes: ResponseTimes = {
  lastMs: [],
  byKind: {},
  calibration: { stated: 0, within: 0, level: goal },
}

/** The times after one more observation; only whole answers say anything. */
export const addResponseTime = (times: ResponseTimes, observation: Observation): ResponseTimes => {
  const { ok, responseTimeMs, kind, statedP90Ms } = observation
  if (!ok || responseTimeMs === undefined) return times
  return {
    lastMs: [...times.lastMs, responseTimeMs].slice(-keptTimes),
    byKind: addToKind(times.byKind, kind ?? "", responseTimeMs),
    calibration:
      statedP90Ms === undefined ? times.calibration : calibrate(times.calibration, responseTimeMs <= statedP90Ms),
  }
}

const addToKind = (byKind: ResponseTimes["byKind"], kind: string, ms: number): ResponseTimes["byKind"] => {
  return keepNewest(byKind, kind, addTime(byKind[kind] ?? emptyHistogram, ms), keptKinds)
}

const calibrate = ({ stated, within, level }: Calibration, isWithin: boolean): Calibration => {
  const kept = stated + 1 > rememberedEstimates ? (rememberedEstimates - 1) / stated : 1
  return {
    stated: stated * kept + 1,
    within: within * kept + (isWithin ? 1 : 0),
    level: Math.max(lowestLevel, Math.min(highestLevel, level + levelStep * (goal - (isWithin ? 1 : 0)))),
  }
}

/** Half and nine in ten, for each kind and, under `""`, for all together. */
export const typicalTimes = (times: ResponseTimes): Readonly<Record<string, TypicalTime>> => {
  const known = typical.get(times)
  if (known !== undefined) return known
  const all = Object.values(times.byKind).reduce(mergeHistograms, emptyHistogram)
  const entries = [["", all] as const, ...Object.entries(times.byKind).filter(([kind]) => kind !== "")]
  const found = Object.fromEntries(
    entries.flatMap(([kind, histogram]) => {
      const p50Ms = quantileOf(histogram, 0.5)
      const p90Ms = quantileOf(histogram, times.calibration.level)
      if (p50Ms === undefined || p90Ms === undefined) return []
      return [[kind, { p50Ms: Math.round(p50Ms), p90Ms: Math.round(p90Ms), samples: Math.round(totalOf(histogram)) }]]
    }),
  )
  typical.set(times, found)
  return found
}

/** Times never change, so their numbers are worked out once, however often they are looked at. */
const typical = new WeakMap<ResponseTimes, Readonly<Record<string, TypicalTime>>>()
const speeds = new WeakMap<readonly number[], CandidateSpeed>()

/** Mean, median and p95 of the last hundred. */
export const speedOf = ({ lastMs }: Pick<ResponseTimes, "lastMs">): CandidateSpeed => {
  const known = speeds.get(lastMs)
  if (known !== undefined) return known
  const speed = measure(lastMs)
  speeds.set(lastMs, speed)
  return speed
}

const measure = (times: readonly number[]): CandidateSpeed => {
  const sorted = times.toSorted((a, b) => a - b)
  /** The smallest time that at least this share of all do not exceed. */
  const quantile = (share: number): number | undefined => sorted[Math.ceil(share * sorted.length) - 1]
  const [p50Ms, p95Ms] = [quantile(0.5), quantile(0.95)]
  if (p50Ms === undefined || p95Ms === undefined) return { responseTimeSamples: 0 }
  const responseTimeMs = times.reduce((sum, time) => sum + time, 0) / times.length
  return { responseTimeMs, responseTimeSamples: times.length, p50Ms, p95Ms }
}
