import { DurableObject } from "cloudflare:workers"
import * as v from "valibot"
import { Report } from "../contract/provider-board.ts"
import type { Snapshot } from "../contract/provider-board.ts"
import { createProviderBook } from "./provider-book.ts"
import type { ProviderBook } from "./provider-book.ts"

/** How long news may lie in memory before it is stored; a crash loses no more than that. */
const saveAfterMs = 2_000

/**
 * Shares what isolates learn about providers. A thin shell: it loads the book, applies one rule of the router to each
 * report, and stores the result now and then. Reports come by native RPC, which is three times as fast as itty-durable's
 * proxy; the alarm is native too, because itty-durable's would store an object that it had not loaded.
 */
export class ProviderState extends DurableObject {
  readonly #book: ProviderBook
  #alarmIsSet = false

  constructor(state: DurableObjectState, env: Cloudflare.Env) {
    super(state, env)
    this.#book = createProviderBook(state)
    void state.blockConcurrencyWhile(() => this.#book.load())
  }

  /** Takes one isolate's news and returns what it should know. Throws on a report that is malformed or too large, and changes nothing then. */
  async sync(report: unknown): Promise<Snapshot> {
    const parsed = v.safeParse(Report, report)
    if (!parsed.success) {
      const problems = parsed.issues.map((issue) => `${v.getDotPath(issue) ?? "report"}: ${issue.message}`)
      throw new TypeError(`The report was refused. ${problems.join(" ")}`)
    }
    const now = Date.now()
    this.#book.apply(parsed.output, now)
    if (parsed.output.observations.length > 0) await this.#saveSoon(now)
    return this.#book.snapshotFor(parsed.output.isolate, now)
  }

  /** Stores what is new. No further alarm is set: an object without news sleeps. */
  override async alarm(): Promise<void> {
    this.#alarmIsSet = false
    await this.#book.save()
  }

  async #saveSoon(now: number): Promise<void> {
    if (this.#alarmIsSet) return
    this.#alarmIsSet = true
    await this.ctx.storage.setAlarm(now + saveAfterMs)
  }
}
