import { createDurable } from "itty-durable/itty-durable.js"
import type { Report, Snapshot } from "../contract/provider-board.ts"
import { applyReport, emptyBook, snapshotOf } from "../worker/routing/book.ts"
import type { Book } from "../worker/routing/book.ts"

/**
 * The book of all candidates in an itty-durable object, which loads and stores it. This file is all that the rest sees
 * of the library: it ships no usable types, and whatever an object of its class holds besides `state` is stored.
 */
export interface ProviderBook {
  /** Must end before anything else is called; a native class calls it in `blockConcurrencyWhile`. */
  readonly load: () => Promise<void>
  readonly apply: (report: Report, now: number) => void
  readonly snapshotFor: (isolate: string, now: number) => Snapshot
  readonly save: () => Promise<void>
}

/** What is stored, under the key `data`. */
interface Stored {
  book: Book
}

interface IttyDurable {
  readonly loadFromStorage: () => Promise<void>
  readonly persist: () => Promise<void>
}

// Narrowed by hand: the library's own types are `any` throughout. Its environment stays empty, because a binding that
// is null would break every call.
const IttyObject = createDurable() as unknown as new (state: DurableObjectState, env: object) => IttyDurable

class StoredBook extends IttyObject implements Stored {
  book: Book = emptyBook
}

export const createProviderBook = (state: DurableObjectState): ProviderBook => {
  const stored = new StoredBook(state, {})
  return {
    load: () => stored.loadFromStorage(),
    apply: (report, now) => {
      stored.book = applyReport(stored.book, report, now)
    },
    snapshotFor: (isolate, now) => snapshotOf(stored.book, now, isolate),
    save: () => stored.persist(),
  }
}
