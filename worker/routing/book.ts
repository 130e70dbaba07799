import type { Report, Snapshot } from "../../contract/provider-board.ts"
import { reportLimits } from "../../contract/provider-board.ts"
import { newCandidate, observe, viewOf } from "./candidate-state.ts"
import type { CandidateState } from "./candidate-state.ts"

/** Requests in flight in one isolate, believed until its lease runs out: an isolate that dies leaks nothing. */
export interface Gauge {
  readonly inFlight: Readonly<Record<string, number>>
  readonly until: number
}

/** Everything that is shared about the candidates of one region. Plain data, bounded however much is reported. */
export interface Book {
  readonly candidates: Readonly<Record<string, CandidateState>>
  readonly gauges: Readonly<Record<string, Gauge>>
}

export const emptyBook: Book = { candidates: {}, gauges: {} }

export const gaugeLeaseMs = 5_000
export const bookLimits: { readonly candidates: number; readonly isolates: number } = {
  candidates: reportLimits.candidates,
  isolates: 500,
}

/** The book after one isolate's report. */
export const applyReport = (book: Book, report: Report, now: number): Book => {
  const candidates: Record<string, CandidateState> = { ...book.candidates }
  for (const observation of report.observations) {
    const id = observation.candidate
    candidates[id] = observe(candidates[id] ?? newCandidate, observation, now)
  }
  return {
    candidates: keepNewest(candidates, bookLimits.candidates, ({ countedAt }) => countedAt),
    gauges: keepNewest(
      { ...liveGauges(book, now), [report.isolate]: { inFlight: onlyBusy(report.inFlight), until: now + gaugeLeaseMs } },
      bookLimits.isolates,
      ({ until }) => until,
    ),
  }
}

/** What an isolate should know now. Its own gauge is left out: it knows that better itself. */
export const snapshotOf = (book: Book, now: number, isolate?: string): Snapshot => {
  const others = Object.entries(liveGauges(book, now)).filter(([id]) => id !== isolate)
  const inFlight = new Map<string, number>()
  for (const [, gauge] of others) {
    for (const [id, count] of Object.entries(gauge.inFlight)) inFlight.set(id, (inFlight.get(id) ?? 0) + count)
  }
  const ids = new Set([...Object.keys(book.candidates), ...inFlight.keys()])
  return {
    at: now,
    candidates: Object.fromEntries(
      [...ids].map((id) => [id, viewOf(book.candidates[id] ?? newCandidate, inFlight.get(id) ?? 0, now)]),
    ),
  }
}

const liveGauges = ({ gauges }: Book, now: number): Record<string, Gauge> =>
  Object.fromEntries(Object.entries(gauges).filter(([, { until }]) => until > now))

const onlyBusy = (inFlight: Report["inFlight"]): Record<string, number> =>
  Object.fromEntries(Object.entries(inFlight).filter(([, count]) => count > 0))

const keepNewest = <T>(entries: Record<string, T>, limit: number, timeOf: (entry: T) => number): Record<string, T> => {
  const all = Object.entries(entries)
  if (all.length <= limit) return entries
  return Object.fromEntries(all.toSorted(([, a], [, b]) => timeOf(b) - timeOf(a)).slice(0, limit))
}
