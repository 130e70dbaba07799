import { createDurable } from "itty-durable/itty-durable.js"
import * as v from "valibot"
import { reportLimits } from "../contract/provider-board.ts"
import type { Rating, Report, Snapshot } from "../contract/provider-board.ts"
import { addRatings } from "../worker/routing/accuracy-table.ts"
import type { AccuracyTable } from "../worker/routing/accuracy-table.ts"
import { applyReport, snapshotOf } from "../worker/routing/book.ts"
import type { Book } from "../worker/routing/book.ts"
import { withoutTarget } from "../worker/routing/directives.ts"
import { StoredAccuracy, StoredCandidates, StoredLengths, StoredRatings } from "./stored-candidates.ts"

/**
 * The book of all candidates in an itty-durable object, which loads and stores it. This file is all that the rest sees
 * of the library, which ships no usable types.
 */
export interface ProviderBook {
  /** Must end before anything else is called; a native class calls it in `blockConcurrencyWhile`. */
  readonly load: () => Promise<void>
  readonly apply: (report: Report, now: number) => void
  readonly snapshotFor: (isolate: string, now: number) => Snapshot
  /** Forgets the health and speed of the candidates that the target names. */
  readonly forget: (target: string) => void
  readonly save: () => Promise<void>
  /** Takes ratings of other regions, and returns what is known of all. */
  readonly rate: (ratings: readonly Rating[]) => AccuracyTable
  /** Ratings from this region that no other one knows of yet, oldest first. */
  readonly unshared: () => readonly Rating[]
  /** Takes over what all regions know; `sent` are those ratings that are part of it. */
  readonly adopt: (table: AccuracyTable, sent: readonly Rating[]) => void
  /** The whole book as JSON, for a person to look at. */
  readonly show: () => Promise<Response>
}

interface IttyDurable {
  fetch(request: Request): Promise<Response>
  loadFromStorage(): Promise<void>
  persist(): Promise<void>
  onLoad(): Promise<void>
  getPersistable(): object
}

// Narrowed by hand: the library's own types are `any` throughout.
// oxlint-disable-next-line typescript/no-unsafe-type-assertion
const IttyObject = createDurable() as unknown as new (state: DurableObjectState, env: object) => IttyDurable

/** Public fields only: the library wraps the object in a proxy, through which private ones cannot be reached. */
class StoredBook extends IttyObject {
  candidates: Book["candidates"] = {}
  gauges: Book["gauges"] = {}
  accuracy: Book["accuracy"] = {}
  answerLengths: Book["answerLengths"] = {}
  history: Book["history"] = []
  unshared: readonly Rating[] = []

  override async onLoad(): Promise<void> {
    if (!v.is(StoredCandidates, this.candidates)) this.candidates = {}
    if (!v.is(StoredAccuracy, this.accuracy)) this.accuracy = {}
    if (!v.is(StoredLengths, this.answerLengths)) this.answerLengths = {}
    if (!v.is(StoredRatings, this.unshared)) this.unshared = []
    // The library takes over whatever is stored, also what another version kept of these.
    this.gauges = {}
    this.history = []
  }

  /** What is in flight stays out: it lapses sooner than an object restarts, and in a full book would be too large to store. */
  override getPersistable(): object {
    const { candidates, accuracy, answerLengths, unshared } = this
    return { candidates, accuracy, answerLengths, unshared }
  }

  show(): Book {
    const { candidates, gauges, accuracy, answerLengths, history } = this
    return { candidates, gauges, accuracy, answerLengths, history }
  }
}

export const createProviderBook = (state: DurableObjectState): ProviderBook => {
  // The environment stays empty, because a binding that is null would break every call of the library.
  const stored = new StoredBook(state, {})
  return {
    load: () => stored.loadFromStorage(),
    apply: (report, now) => {
      Object.assign(stored, applyReport(stored.show(), report, now))
      // Of more than fit, the oldest are forgotten elsewhere; this region has counted them all the same.
      stored.unshared = [...stored.unshared, ...(report.ratings ?? [])].slice(-reportLimits.ratings)
    },
    snapshotFor: (isolate, now) => snapshotOf(stored.show(), now, isolate),
    forget: (target) => {
      stored.candidates = withoutTarget(stored.candidates, target)
    },
    save: () => stored.persist(),
    rate: (ratings) => {
      stored.accuracy = addRatings(stored.accuracy, ratings)
      return stored.accuracy
    },
    unshared: () => stored.unshared,
    adopt: (table, sent) => {
      const isSent = new Set(sent)
      stored.unshared = stored.unshared.filter((rating) => !isSent.has(rating))
      stored.accuracy = addRatings(table, stored.unshared)
    },
    // Made here and never passed on from outside: such a call can name any method, set any field and choose the id.
    show: () => stored.fetch(new Request("https://provider-book/do/call/show")),
  }
}
