import { DurableObject } from "cloudflare:workers"
import * as v from "valibot"
import { Report } from "../contract/provider-board.ts"
import type { Snapshot } from "../contract/provider-board.ts"
import { createProviderBook } from "./provider-book.ts"
import type { ProviderBook } from "./provider-book.ts"

/** How long news may lie in memory before it is stored; a crash loses no more than that. */
const saveAfterMs = 2_000
/** Enough problems to find the cause; a report can hold thousands. */
const toldProblems = 5

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
    if (!parsed.success) throw new TypeError(`The report was refused, nothing was changed. ${describe(parsed.issues)}`)
    const now = Date.now()
    this.#book.apply(parsed.output, now)
    if (parsed.output.observations.length > 0 || (parsed.output.ratings ?? []).length > 0) await this.#saveSoon(now)
    return this.#book.snapshotFor(parsed.output.isolate, now)
  }

  /** For people who look inside: `GET /book`. Only other Workers that are bound to the object can ask, never the internet. */
  override async fetch(request: Request): Promise<Response> {
    if (request.method === "GET" && new URL(request.url).pathname === "/book") return await this.#book.show()
    return Response.json(
      { error: "There is nothing but GET /book here; reports come by RPC to sync()." },
      { status: 404 },
    )
  }

  /** Stores what is new. No further alarm is set: an object without news sleeps. */
  override async alarm(): Promise<void> {
    // Said first: news that come while it stores are not in what is stored, and need the next alarm.
    this.#alarmIsSet = false
    await this.#book.save()
  }

  async #saveSoon(now: number): Promise<void> {
    if (this.#alarmIsSet) return
    await this.ctx.storage.setAlarm(now + saveAfterMs)
    this.#alarmIsSet = true
  }
}

const describe = (issues: readonly v.BaseIssue<unknown>[]): string =>
  issues
    .slice(0, toldProblems)
    .map((issue) => `${v.getDotPath(issue) ?? "report"}: ${issue.message}`)
    .join(" ")
