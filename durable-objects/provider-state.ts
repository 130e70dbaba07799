import { DurableObject } from "cloudflare:workers"
import * as v from "valibot"
import { Order, StoredDirectives } from "../contract/directives.ts"
import type { AuditEntry, Directives } from "../contract/directives.ts"
import { Report } from "../contract/provider-board.ts"
import type { Snapshot } from "../contract/provider-board.ts"
import { afterOrder, noDirectives } from "../worker/routing/directives.ts"
import { createProviderBook } from "./provider-book.ts"
import type { ProviderBook } from "./provider-book.ts"

/** How long news may lie in memory before it is stored; a crash loses no more than that. */
const saveAfterMs = 2_000
/** Enough problems to find the cause; a report can hold thousands. */
const toldProblems = 5
const directivesKey = "directives"

/**
 * Shares what isolates learn about providers. A thin shell: it loads the book, applies one rule of the router to each
 * report, and stores the result now and then. Reports come by native RPC, which is three times as fast as itty-durable's
 * proxy; the alarm is native too, because itty-durable's would store an object that it had not loaded.
 */
export class ProviderState extends DurableObject {
  readonly #book: ProviderBook
  #directives = noDirectives
  #alarmIsSet = false

  constructor(state: DurableObjectState, env: Cloudflare.Env) {
    super(state, env)
    this.#book = createProviderBook(state)
    void state.blockConcurrencyWhile(async () => {
      await this.#book.load()
      this.#directives = readDirectives(await state.storage.get(directivesKey))
    })
  }

  /** Takes one isolate's news and returns what it should know. Throws on a report that is malformed or too large, and changes nothing then. */
  async sync(report: unknown): Promise<Snapshot> {
    const parsed = v.safeParse(Report, report)
    if (!parsed.success) throw new TypeError(`The report was refused, nothing was changed. ${describe(parsed.issues)}`)
    const now = Date.now()
    this.#book.apply(parsed.output, now)
    if (parsed.output.observations.length > 0 || (parsed.output.ratings ?? []).length > 0) await this.#saveSoon(now)
    const directives = this.#directives.standing.filter(({ until }) => until > now)
    return { ...this.#book.snapshotFor(parsed.output.isolate, now), ...(directives.length === 0 ? {} : { directives }) }
  }

  /** Takes a person's order, and has stored it when it returns: people do not give orders often, and rely on them. */
  async order(order: unknown): Promise<Directives> {
    const parsed = v.parse(Order, order)
    const now = Date.now()
    this.#directives = afterOrder(this.#directives, parsed, now)
    await this.ctx.storage.put(directivesKey, this.#directives)
    if (parsed.action === "reset") {
      this.#book.forget(parsed.target)
      await this.#saveSoon(now)
    }
    return this.#directives
  }

  async audit(): Promise<readonly AuditEntry[]> {
    return this.#directives.audit
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

/** What another version of the rules stored is worth less than a fresh start. */
const readDirectives = (stored: unknown): Directives => {
  const parsed = v.safeParse(StoredDirectives, stored)
  return parsed.success ? parsed.output : noDirectives
}

const describe = (issues: readonly v.BaseIssue<unknown>[]): string =>
  issues
    .slice(0, toldProblems)
    .map((issue) => `${v.getDotPath(issue) ?? "report"}: ${issue.message}`)
    .join(" ")
