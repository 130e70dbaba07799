import { DurableObject } from "cloudflare:workers"
import * as v from "valibot"
import { invalidated } from "../worker/cache/epochs.ts"
import type { Epochs } from "../worker/cache/epochs.ts"

/** What of a book its reader does not know yet. */
export interface EpochNews {
  readonly base: string
  readonly clock: number
  /** All labels of a book with another base than the reader's; of the same book, those invalidated since. */
  readonly labels: readonly { readonly label: string; readonly tick: number }[]
}

const count = v.pipe(v.number(), v.integer(), v.minValue(0))
const StoredBook = v.object({
  base: v.pipe(v.string(), v.nonEmpty()),
  clock: count,
  labels: v.array(v.tuple([v.string(), count])),
})

/**
 * A tenant's book of invalidations, for all of its shards. It is asked by each isolate now and then, and holds no answer.
 * A book that cannot be read is begun anew, which makes void all that the old one stood for.
 */
export class AnswerEpochs extends DurableObject {
  #book: Epochs = { base: "", clock: 0, labels: new Map() }

  constructor(state: DurableObjectState, env: Cloudflare.Env) {
    super(state, env)
    void state.blockConcurrencyWhile(async () => {
      const stored = v.safeParse(StoredBook, await state.storage.get("book"))
      if (stored.success) this.#book = { ...stored.output, labels: new Map(stored.output.labels) }
      else await this.#set({ base: crypto.randomUUID(), clock: 0, labels: new Map() })
    })
  }

  async read(known?: { readonly base: string; readonly clock: number }): Promise<EpochNews> {
    const { base, clock, labels } = this.#book
    const since = known?.base === base ? known.clock : -1
    const news = [...labels].map(([label, tick]) => ({ label, tick })).filter(({ tick }) => tick > since)
    return { base, clock, labels: news }
  }

  async invalidate(labels: readonly string[] | "all"): Promise<void> {
    await this.#set(invalidated(this.#book, labels, crypto.randomUUID()))
  }

  async #set(book: Epochs): Promise<void> {
    await this.ctx.storage.put("book", { ...book, labels: [...book.labels] })
    this.#book = book
  }
}
