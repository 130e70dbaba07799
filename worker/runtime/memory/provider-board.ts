import type { Observation, Rating, Snapshot } from "../../../contract/provider-board.ts"
import type { ProviderBoard } from "../../ports/provider-board.ts"
import { applyReport, emptyBook, snapshotOf } from "../../routing/book.ts"
import { makeReport, reportable, reportableRating, onItsOwn, withoutUsedProbes } from "../../routing/local-news.ts"
import { afterOrder, noDirectives, withoutTarget } from "../../routing/directives.ts"
import { createFlightCounter } from "../flight-counter.ts"

const nothingKnown: Snapshot = { at: 0, candidates: {} }

/** The board of a host with a single process: the same rules as elsewhere, and nobody to share with. */
export const createMemoryProviderBoard = ({ now }: { readonly now: () => number }): ProviderBoard => {
  const isolate = "this process"
  const flights = createFlightCounter()
  let book = emptyBook
  let directives = noDirectives
  const report = (observations: readonly Observation[], ratings: readonly Rating[], at: number): void => {
    book = applyReport(book, makeReport(isolate, flights.gauge(), observations, ratings), at)
  }
  const snapshot = (at: number): Snapshot =>
    Object.keys(book.candidates).length === 0 && Object.keys(book.accuracy).length === 0
      ? nothingKnown
      : withoutUsedProbes(onItsOwn(snapshotOf(book, at, isolate), at), flights.usedProbes)
  const note = (observation: Observation): void => {
    const news = reportable(observation)
    if (news !== undefined) report([news], [], now())
  }
  return {
    snapshot,
    inFlightHere: flights.count,
    began: (candidate) => flights.began(candidate, snapshot(now()).candidates[candidate]?.probeUntil, note),
    rated: (rating) => {
      const news = reportableRating(rating)
      if (news !== undefined) report([], [news], now())
    },
    directives: (at) => directives.standing.filter(({ until }) => until > at),
    order: async (order) => {
      directives = afterOrder(directives, order, now())
      if (order.action === "reset") book = { ...book, candidates: withoutTarget(book.candidates, order.target) }
      return directives
    },
    audit: async () => directives.audit,
    // Nothing to share; but limits are adjusted by the clock.
    sync: (at) => {
      report([], [], at)
      return undefined
    },
  }
}
