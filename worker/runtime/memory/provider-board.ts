import type { Observation, Snapshot } from "../../../contract/provider-board.ts"
import type { ProviderBoard } from "../../ports/provider-board.ts"
import { applyReport, emptyBook, snapshotOf } from "../../routing/book.ts"
import { reportable } from "../../routing/local-news.ts"
import { createFlightCounter } from "../flight-counter.ts"

const nothingKnown: Snapshot = { at: 0, candidates: {} }

/** The board of a host with a single process: the same rules as elsewhere, and nobody to share with. */
export const createMemoryProviderBoard = ({ now }: { readonly now: () => number }): ProviderBoard => {
  const isolate = "this process"
  const flights = createFlightCounter()
  let book = emptyBook
  const note = (observation: Observation | undefined): void => {
    const news = observation === undefined ? undefined : reportable(observation)
    if (news !== undefined) book = applyReport(book, { isolate, inFlight: {}, observations: [news] }, now())
  }
  return {
    snapshot: (at) => (book === emptyBook ? nothingKnown : snapshotOf(book, at, isolate)),
    inFlightHere: flights.count,
    began: (candidate) => flights.began(candidate, note),
    sync: async () => undefined,
  }
}
