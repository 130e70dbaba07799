import type { CandidateView, Report, Snapshot } from "../../contract/provider-board.ts"
import { reportLimits } from "../../contract/provider-board.ts"
import { newCandidate, observe, speedOf } from "./candidate-state.ts"
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

/** The book after one isolate's report. Of too many candidates or isolates, those heard of last are kept. */
export const applyReport = (book: Book, report: Report, now: number): Book => ({
  candidates: observeAll(book.candidates, report.observations, now),
  gauges: keepHighest(
    { ...liveGauges(book, now), [report.isolate]: { inFlight: onlyBusy(report.inFlight), until: now + gaugeLeaseMs } },
    bookLimits.isolates,
    ({ until }) => until,
  ),
})

/** What an isolate should know now. Its own gauge is left out: it knows that better itself. */
export const snapshotOf = (book: Book, now: number, exceptIsolate?: string): Snapshot => {
  const inFlight = new Map<string, number>()
  for (const [isolate, gauge] of Object.entries(book.gauges)) {
    if (isolate === exceptIsolate || gauge.until <= now) continue
    for (const [id, count] of Object.entries(gauge.inFlight)) inFlight.set(id, (inFlight.get(id) ?? 0) + count)
  }
  // Those with a history come first, so that no flood of names in the gauges can push them out.
  const ids = [...new Set([...Object.keys(book.candidates), ...inFlight.keys()])].slice(0, bookLimits.candidates)
  return {
    at: now,
    candidates: Object.fromEntries(
      ids.map((id) => [id, viewOf(book.candidates[id] ?? newCandidate, inFlight.get(id) ?? 0)]),
    ),
  }
}

const viewOf = (state: CandidateState, inFlightElsewhere: number): CandidateView => {
  const { responseTimesMs: _, ...health } = state
  return { ...health, ...speedOf(state), inFlightElsewhere }
}

const observeAll = (before: Book["candidates"], news: Report["observations"], now: number): Book["candidates"] => {
  if (news.length === 0) return before
  const after: Record<string, CandidateState> = { ...before }
  for (const observation of news) {
    after[observation.candidate] = observe(after[observation.candidate] ?? newCandidate, observation, now)
  }
  return keepHighest(after, bookLimits.candidates, ({ countedAt }) => countedAt)
}

const liveGauges = ({ gauges }: Book, now: number): Record<string, Gauge> =>
  Object.fromEntries(Object.entries(gauges).filter(([, { until }]) => until > now))

const onlyBusy = (inFlight: Report["inFlight"]): Record<string, number> =>
  Object.fromEntries(Object.entries(inFlight).filter(([, count]) => count > 0))

/** The entries that are highest by `rank`, at most `limit` of them. */
export const keepHighest = <T>(
  entries: Readonly<Record<string, T>>,
  limit: number,
  rank: (entry: T) => number,
): Readonly<Record<string, T>> => {
  const all = Object.entries(entries)
  if (all.length <= limit) return entries
  return Object.fromEntries(all.toSorted(([, a], [, b]) => rank(b) - rank(a)).slice(0, limit))
}
