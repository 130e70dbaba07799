import type { CandidateHealth } from "../../contract/candidate-health.ts"
import type { CandidateView, Observation, Report, RightAndWrong, Snapshot } from "../../contract/provider-board.ts"
import { reportLimits } from "../../contract/provider-board.ts"
import { addRatings } from "./accuracy-table.ts"
import type { AccuracyTable } from "./accuracy-table.ts"
import { grantProbe } from "./breaker.ts"
import { newHealth, observe } from "./candidate-state.ts"
import { adjustLimit, lowerLimit, newConcurrencyLimit } from "./concurrency-limit.ts"
import type { ConcurrencyLimit } from "./concurrency-limit.ts"
import { addResponseTime, newResponseTimes, speedOf, typicalTimes } from "./response-times.ts"
import type { ResponseTimes } from "./response-times.ts"

/** Requests in flight in one isolate, believed until its lease runs out: an isolate that dies leaks nothing. */
export interface Gauge {
  readonly inFlight: Readonly<Record<string, number>>
  readonly until: number
}

/** All that is kept of one candidate. */
export interface CandidateState {
  readonly health: CandidateHealth
  readonly times: ResponseTimes
  readonly limit: ConcurrencyLimit
}

/** Everything that is shared about the candidates of one region. Plain data, bounded however much is reported. */
export interface Book {
  readonly candidates: Readonly<Record<string, CandidateState>>
  readonly gauges: Readonly<Record<string, Gauge>>
  readonly accuracy: AccuracyTable
}

export const emptyBook: Book = { candidates: {}, gauges: {}, accuracy: {} }
export const newCandidate: CandidateState = { health: newHealth, times: newResponseTimes, limit: newConcurrencyLimit }

export const gaugeLeaseMs = 5_000
export const bookLimits: { readonly candidates: number; readonly isolates: number } = {
  candidates: reportLimits.candidates,
  isolates: 500,
}

/** The book after one isolate's report. Of too many candidates or isolates, those heard of last are kept. */
export const applyReport = (book: Book, report: Report, now: number): Book => {
  const gauges = keepHighest(
    { ...liveGauges(book, now), [report.isolate]: { inFlight: onlyBusy(report.inFlight), until: now + gaugeLeaseMs } },
    bookLimits.isolates,
    ({ until }) => until,
  )
  const inFlight = sumOf(gauges, now)
  const observed = observeAll(book.candidates, report.observations, inFlight, now)
  return {
    gauges,
    candidates: attend(observed, report.isolate, inFlight, now),
    accuracy: addRatings(book.accuracy, report.ratings ?? []),
  }
}

/** What an isolate should know now. Its own gauge is left out: it knows that better itself. */
export const snapshotOf = (book: Book, now: number, exceptIsolate?: string): Snapshot => {
  const inFlight = sumOf(book.gauges, now, exceptIsolate)
  // Those with a history come first, so that no flood of names in the gauges can push them out.
  const ids = [...new Set([...Object.keys(book.candidates), ...Object.keys(book.accuracy), ...inFlight.keys()])].slice(
    0,
    bookLimits.candidates,
  )
  return {
    at: now,
    candidates: Object.fromEntries(
      ids.map((id) => [
        id,
        viewOf(book.candidates[id] ?? newCandidate, book.accuracy[id] ?? {}, inFlight.get(id) ?? 0, exceptIsolate),
      ]),
    ),
  }
}

const viewOf = (
  { health, times, limit }: CandidateState,
  accuracy: Readonly<Record<string, RightAndWrong>>,
  inFlightElsewhere: number,
  isolate: string | undefined,
): CandidateView => {
  const { breaker } = health
  const probe = breaker.state === "half_open" ? breaker.probe : undefined
  return {
    ...health,
    ...speedOf(times),
    typical: typicalTimes(times),
    calibration: times.calibration,
    limit: limit.value,
    accuracy,
    inFlightElsewhere,
    ...(probe !== undefined && probe.holder === isolate ? { probeUntil: probe.until } : {}),
  }
}

const observeAll = (
  before: Book["candidates"],
  news: readonly Observation[],
  inFlight: ReadonlyMap<string, number>,
  now: number,
): Book["candidates"] => {
  if (news.length === 0) return before
  const after: Record<string, CandidateState> = { ...before }
  for (const observation of news) {
    const id = observation.candidate
    const { health, times, limit } = after[id] ?? newCandidate
    after[id] = {
      health: observe(health, observation, now),
      times: addResponseTime(times, observation),
      limit: observation.restMs === undefined ? limit : lowerLimit(limit, inFlight.get(id) ?? 0),
    }
  }
  return keepHighest(after, bookLimits.candidates, ({ health }) => heardOfAt(health))
}

const heardOfAt = ({ countedAt, firstToken, pause }: CandidateHealth): number =>
  Math.max(countedAt, firstToken.at, pause.thinnedAt)

/** What the passing of time asks for: limits are adjusted, and the isolate that reports may probe what is due. */
const attend = (
  candidates: Book["candidates"],
  isolate: string,
  inFlight: ReadonlyMap<string, number>,
  now: number,
): Book["candidates"] => {
  let after: Record<string, CandidateState> | undefined
  for (const [id, state] of Object.entries(candidates)) {
    const { health } = state
    const limit = adjustLimit(state.limit, inFlight.get(id) ?? 0, health.firstToken, now)
    const breaker = grantProbe(health.breaker, isolate, now)
    if (limit === state.limit && breaker === health.breaker) continue
    after ??= { ...candidates }
    after[id] = { ...state, limit, health: breaker === health.breaker ? health : { ...health, breaker } }
  }
  return after ?? candidates
}

const sumOf = (gauges: Book["gauges"], now: number, exceptIsolate?: string): ReadonlyMap<string, number> => {
  const sums = new Map<string, number>()
  for (const [isolate, gauge] of Object.entries(gauges)) {
    if (isolate === exceptIsolate || gauge.until <= now) continue
    for (const [id, count] of Object.entries(gauge.inFlight)) sums.set(id, (sums.get(id) ?? 0) + count)
  }
  return sums
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
