import { DurableObject } from "cloudflare:workers"
import * as v from "valibot"
import { LaneBook, LaneNews } from "../contract/lanes.ts"
import { applyLaneNews, emptyLaneBook } from "../worker/cache/audit/lane-book.ts"
import { hasNews } from "../worker/cache/audit/lane-news.ts"

const bookKey = "book"

/**
 * Keeps what one tenant's cache lanes are worth, for all isolates. A thin shell: it loads the book, applies the rules of
 * `worker/cache/audit/` to each report, and stores the result.
 */
export class LaneKeeper extends DurableObject {
  #book: LaneBook = emptyLaneBook

  constructor(state: DurableObjectState, env: Cloudflare.Env) {
    super(state, env)
    void state.blockConcurrencyWhile(async () => {
      const stored = v.safeParse(LaneBook, await state.storage.get(bookKey))
      if (stored.success) this.#book = stored.output
    })
  }

  /** Takes one isolate's news and returns the whole book. Throws on news that are malformed or too many, and changes nothing then. */
  async sync(news: unknown): Promise<LaneBook> {
    const parsed = v.safeParse(LaneNews, news)
    if (!parsed.success) {
      const [first] = parsed.issues
      throw new TypeError(
        `The news were refused, nothing was changed. ${v.getDotPath(first) ?? "news"}: ${first.message}`,
      )
    }
    if (hasNews(parsed.output)) {
      this.#book = applyLaneNews(this.#book, parsed.output, Date.now())
      await this.ctx.storage.put(bookKey, this.#book)
    }
    return this.#book
  }
}
