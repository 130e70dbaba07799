import { plainPolicy } from "../plain-policy.ts"
import type { News } from "../plain-policy.ts"
import type { Policy } from "../policy.ts"
import { keepLast, knownOf, leastOf, notEjected, twoOf } from "./known.ts"
import type { Known } from "./known.ts"

/**
 * Envoy's outlier detection: five failures in a row eject for 30 s, times the number of ejections. At most half are
 * ejected at once, where Envoy's default is a tenth.
 */
const detectOutlier = (state: readonly Known[], news: News, ejectionMs: number): void => {
  const known = knownOf(state, news.candidate)
  if (news.kind === "first_token") known.failuresInARow = 0
  if (news.kind !== "failed" || ++known.failuresInARow < 5) return
  const ejected = state.filter(({ ejectedUntil }) => ejectedUntil > news.at).length
  if (ejected >= state.length / 2) return
  known.ejections++
  known.failuresInARow = 0
  known.ejectedUntil = news.at + ejectionMs * known.ejections
}

/** Envoy's least-request balancing: of two drawn by chance the one with fewer requests in flight. */
export const leastRequest: Policy = plainPolicy({
  name: "least-request + outliers (Envoy)",
  observe: (state, news) => detectOutlier(state, news, 30_000),
  choose: ({ state, inFlight, open, now, random }) =>
    leastOf(twoOf(notEjected(state, open, now), random), (index) => inFlight[index] ?? 0, random),
})

const decayMs = 10_000

/** Finagle's peak EWMA over two choices: a time that goes up at once and down slowly, times requests in flight. */
export const peakEwma: Policy = plainPolicy({
  name: "P2C peak EWMA (Finagle)",
  observe: (state, news) => {
    detectOutlier(state, news, 5_000)
    if (news.kind !== "answered" && !(news.kind === "failed" && news.silent)) return
    const known = knownOf(state, news.candidate)
    const kept = Math.exp(-Math.max(0, news.at - known.ewmaAt) / decayMs)
    known.ewmaMs = news.ms > known.ewmaMs ? news.ms : known.ewmaMs * kept + news.ms * (1 - kept)
    known.ewmaAt = news.at
  },
  choose: ({ state, inFlight, open, now, random }) =>
    leastOf(
      twoOf(notEjected(state, open, now), random),
      (index) => (knownOf(state, index).ewmaMs || 1_000) * ((inFlight[index] ?? 0) + 1),
      random,
    ),
})

const hotQuantile = 0.84

/** Google's Prequal: among those that are not hot by requests in flight the quickest, else the one with fewest in flight. */
export const prequal: Policy = plainPolicy({
  name: "Prequal-like",
  observe: (state, news) => {
    detectOutlier(state, news, 10_000)
    if (news.kind === "first_token") keepLast(knownOf(state, news.candidate).lastMs, news.ms, 16)
    if (news.kind === "failed" && news.silent) keepLast(knownOf(state, news.candidate).lastMs, news.ms, 16)
  },
  choose: ({ state, inFlight, open, now, random }) => {
    const usable = notEjected(state, open, now)
    const sorted = usable.map((index) => inFlight[index] ?? 0).toSorted((a, b) => a - b)
    const hotFrom = sorted[Math.min(sorted.length - 1, Math.floor(hotQuantile * sorted.length))] ?? 0
    const cold = usable.filter((index) => (inFlight[index] ?? 0) < hotFrom)
    if (cold.length === 0) return leastOf(usable, (index) => inFlight[index] ?? 0, random)
    return leastOf(cold, (index) => medianOf(knownOf(state, index).lastMs), random)
  },
})

const medianOf = (values: readonly number[]): number =>
  values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0
