import type { CandidateHealth } from "../../contract/candidate-health.ts"
import type {
  AnswerLengths,
  CandidateView,
  Observation,
  Report,
  RightAndWrong,
  Snapshot,
} from "../../contract/provider-board.ts"
import { reportLimits } from "../../contract/provider-board.ts"
import { addRatings } from "./accuracy-table.ts"
import type { AccuracyTable } from "./accuracy-table.ts"
import { addAnswerLength } from "./answer-lengths.ts"
import { newHealth, observe } from "./candidate-state.ts"
import { afterArrival, afterRefusal, limitOf, newConcurrencyLimit } from "./concurrency-limit.ts"
import type { ConcurrencyLimit } from "./concurrency-limit.ts"
import { inFlightAt, remember } from "./load-history.ts"
import type { LoadHistory } from "./load-history.ts"
import { cutOffTogether, grantProbes } from "./provider-fault.ts"
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
  readonly answerLengths: AnswerLengths
  readonly history: LoadHistory
}

export const emptyBook: Book = { candidates: {}, gauges: {}, accuracy: {}, answerLengths: {}, history: [] }
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
  const history = remember(book.history, Object.keys(book.candidates), inFlight, now)
  const observed = observeAll(book.candidates, report.observations, history, now)
  return {
    gauges,
    history,
    candidates: attend(observed, report.isolate, now),
    accuracy: addRatings(book.accuracy, report.ratings ?? []),
    answerLengths: report.observations.reduce(addAnswerLength, book.answerLengths),
  }
}

/** What an isolate should know now. Its own gauge is left out: it knows that better itself. */
export const snapshotOf = (book: Book, now: number, exceptIsolate?: string): Snapshot => {
  const inFlight = sumOf(book.gauges, now)
  const own = exceptIsolate === undefined ? undefined : book.gauges[exceptIsolate]
  const elsewhere = (id: string): number =>
    (inFlight.get(id) ?? 0) - (own !== undefined && own.until > now ? (own.inFlight[id] ?? 0) : 0)
  // Those with a history come first, so that no flood of names in the gauges can push them out.
  const names = new Set([...Object.keys(book.candidates), ...Object.keys(book.accuracy), ...inFlight.keys()])
  const ids = [...names]
    .filter((id) => id in book.candidates || id in book.accuracy || elsewhere(id) > 0)
    .slice(0, bookLimits.candidates)
  return {
    at: now,
    isolates: Object.values(book.gauges).filter(({ until }) => until > now).length,
    answerLengths: book.answerLengths,
    candidates: Object.fromEntries(
      ids.map((id) => [
        id,
        viewOf(book.candidates[id] ?? newCandidate, book.accuracy[id] ?? {}, elsewhere(id), exceptIsolate),
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
    limit: limitOf(limit),
    accuracy,
    inFlightElsewhere,
    ...(probe !== undefined && probe.holder === isolate ? { probeUntil: probe.until } : {}),
  }
}

const observeAll = (
  before: Book["candidates"],
  news: readonly Observation[],
  history: LoadHistory,
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
      limit: limitAfter(limit, observation, { times, history }),
    }
  }
  return keepHighest(after, bookLimits.candidates, ({ health }) => heardOfAt(health))
}

/** A first token, or a refusal, says something about how many requests at once are served. */
const limitAfter = (
  limit: ConcurrencyLimit,
  { candidate, continues, firstTokenMs, restMs, at }: Observation,
  { times, history }: { readonly times: ResponseTimes; readonly history: LoadHistory },
): ConcurrencyLimit => {
  if (restMs !== undefined) return afterRefusal(limit, inFlightAt(history, candidate, at))
  if (firstTokenMs === undefined || continues === true) return limit
  const { p50Ms: responseTimeMs = firstTokenMs } = speedOf(times)
  return afterArrival(limit, {
    inFlight: inFlightAt(history, candidate, at - firstTokenMs),
    firstTokenMs,
    responseTimeMs,
  })
}

const heardOfAt = ({ countedAt, firstToken, pause }: CandidateHealth): number =>
  Math.max(countedAt, firstToken.at, pause.thinnedAt)

/**
 * What the passing of time asks for: what fails together is cut off together, and the isolate that reports may probe what
 * is due.
 */
const attend = (candidates: Book["candidates"], isolate: string, now: number): Book["candidates"] => {
  const before = Object.fromEntries(Object.entries(candidates).map(([id, { health }]) => [id, health.breaker]))
  const breakers = grantProbes(cutOffTogether(before, now), isolate, now)
  let after: Record<string, CandidateState> | undefined
  for (const [id, state] of Object.entries(candidates)) {
    const breaker = breakers[id] ?? state.health.breaker
    if (breaker === state.health.breaker) continue
    after ??= { ...candidates }
    after[id] = { ...state, health: { ...state.health, breaker } }
  }
  return after ?? candidates
}

/** Gauges never change, so they are added up once for each moment, however many ask. */
const sums = new WeakMap<Book["gauges"], { readonly at: number; readonly sum: ReadonlyMap<string, number> }>()

const sumOf = (gauges: Book["gauges"], now: number): ReadonlyMap<string, number> => {
  const known = sums.get(gauges)
  if (known?.at === now) return known.sum
  const sum = new Map<string, number>()
  for (const { inFlight, until } of Object.values(gauges)) {
    if (until <= now) continue
    for (const id of Object.keys(inFlight)) sum.set(id, (sum.get(id) ?? 0) + (inFlight[id] ?? 0))
  }
  sums.set(gauges, { at: now, sum })
  return sum
}

const liveGauges = ({ gauges }: Book, now: number): Record<string, Gauge> => {
  const live: Record<string, Gauge> = {}
  for (const isolate of Object.keys(gauges)) {
    const gauge = gauges[isolate]
    if (gauge !== undefined && gauge.until > now) live[isolate] = gauge
  }
  return live
}

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
