import type { Lane, LaneBook, LaneFinding, LaneNews } from "../../../contract/lanes.ts"
import type { CacheState } from "../../../contract/record.ts"
import { learn, newLane } from "./lane-state.ts"
import { learnPair } from "./wording-pairs.ts"

export const emptyLaneBook: LaneBook = { lanes: {}, pairs: [], judged: 0 }

/** A closed set of names: each query type has one lane, and there are few. */
const mostLanes = 100

/** What is known of a lane, though it may be nothing yet. */
export const laneOf = ({ lanes }: LaneBook, queryType: string, now: number): Lane =>
  (Object.hasOwn(lanes, queryType) ? lanes[queryType] : undefined) ?? { counts: {}, ...newLane(now) }

/** Answered requests for which the tenant's cache was asked. */
export const lookupsOf = ({ counts }: Pick<Lane, "counts">): number =>
  entriesOf(counts).reduce((sum, [state, count]) => sum + (state === "bypass" ? 0 : count), 0)

/** Takes news in: what was counted, what audits found, and what was learned of wordings. */
export const applyLaneNews = (
  book: LaneBook,
  { delta, counts, findings, pairs, judged }: LaneNews,
  now: number,
): LaneBook => {
  const counted = Object.entries(counts).reduce(
    (known, [queryType, news]) =>
      withLane(known, queryType, now, (lane) => ({ ...lane, counts: addCounts(lane.counts, news) })),
    book,
  )
  const audited = findings.reduce(
    (known, finding) => withLane(known, finding.queryType, now, (lane) => takeIn(lane, finding, delta, now)),
    counted,
  )
  return {
    ...audited,
    judged: book.judged + judged,
    pairs: pairs.reduce(
      (known, { key, judgement, ...answers }) =>
        learnPair(known, key, { answers, ...(judgement === undefined ? {} : { judgement }) }),
      audited.pairs,
    ),
  }
}

const withLane = (book: LaneBook, queryType: string, now: number, change: (lane: Lane) => Lane): LaneBook => {
  const isNew = !Object.hasOwn(book.lanes, queryType)
  if (isNew && Object.keys(book.lanes).length >= mostLanes) return book
  return { ...book, lanes: { ...book.lanes, [queryType]: change(laneOf(book, queryType, now)) } }
}

const takeIn = ({ counts, ...lane }: Lane, finding: LaneFinding, delta: number, now: number): Lane => ({
  counts,
  ...learn(lane, finding, delta, now),
})

type Counts = Lane["counts"]

const addCounts = (known: Counts, news: Counts): Counts => {
  const sums: Partial<Record<CacheState, number>> = { ...known }
  // The states are a closed set, and a report is checked against it.
  for (const [state, count] of entriesOf(news)) sums[state] = (sums[state] ?? 0) + count
  return sums
}

const entriesOf = (counts: Counts): readonly (readonly [CacheState, number])[] =>
  // Object.entries forgets what the keys of a type are.
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion
  Object.entries(counts) as [CacheState, number][]
