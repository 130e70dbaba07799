import { DurableObject } from "cloudflare:workers"
import * as v from "valibot"
import { Order, StoredDirectives } from "../contract/directives.ts"
import type { AuditEntry, Directives } from "../contract/directives.ts"
import { Rating, Report, reportLimits } from "../contract/provider-board.ts"
import type { Snapshot } from "../contract/provider-board.ts"
import type { AccuracyTable } from "../worker/routing/accuracy-table.ts"
import { afterOrder, noDirectives } from "../worker/routing/directives.ts"
import { createProviderBook } from "./provider-book.ts"
import type { ProviderBook } from "./provider-book.ts"

/** How long news may lie in memory before it is stored; a crash loses no more than that. */
const saveAfterMs = 2_000
/** What one region learns of accuracy, the others know after at most twice this time. */
const exchangeEveryMs = 10_000
const exchangeDeadlineMs = 5_000
/** Speed, load and breakers differ by region, accuracy does not: the object of this name keeps it for all. */
const accuracyObject = "accuracy"
/** Enough problems to find the cause; a report can hold thousands. */
const toldProblems = 5
const directivesKey = "directives"

const Ratings = v.pipe(v.array(Rating), v.maxLength(reportLimits.ratings))

/**
 * Shares what isolates learn about providers, and with other regions what people said of answers. A thin shell: it loads the book, applies one rule of the router to each
 * report, and stores the result now and then. Reports come by native RPC, which is three times as fast as itty-durable's
 * proxy; the alarm is native too, because itty-durable's would store an object that it had not loaded.
 */
export class ProviderState extends DurableObject {
  readonly #book: ProviderBook
  #directives = noDirectives
  #alarmIsSet = false
  /** It has isolates to serve; the object that keeps accuracy for all has none. */
  #servesIsolates = false
  #exchangedAt = 0

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
    this.#servesIsolates = true
    this.#book.apply(parsed.output, now)
    if (parsed.output.observations.length > 0 || (parsed.output.ratings ?? []).length > 0)
      await this.#wakeAt(now + saveAfterMs)
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
      await this.#wakeAt(now + saveAfterMs)
    }
    return this.#directives
  }

  async audit(): Promise<readonly AuditEntry[]> {
    return this.#directives.audit
  }

  /** Takes another region's ratings and returns what all regions know of accuracy. Refuses as `sync` does. */
  async exchange(ratings: unknown): Promise<AccuracyTable> {
    const parsed = v.safeParse(Ratings, ratings)
    if (!parsed.success)
      throw new TypeError(`The ratings were refused, nothing was changed. ${describe(parsed.issues)}`)
    const table = this.#book.rate(parsed.output)
    if (parsed.output.length > 0) await this.#wakeAt(Date.now() + saveAfterMs)
    return table
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
    await this.#exchangeAccuracy(Date.now())
  }

  /** Ratings that could not be told stay, and are told at the next alarm. */
  async #exchangeAccuracy(now: number): Promise<void> {
    const ratings = this.#book.unshared()
    if (!this.#servesIsolates && ratings.length === 0) return
    const dueAt = this.#exchangedAt + exchangeEveryMs
    if (now < dueAt) {
      if (ratings.length > 0) await this.#wakeAt(dueAt)
      return
    }
    this.#exchangedAt = now
    try {
      const namespace = this.env.PROVIDER_STATE
      const exchanging = namespace.get(namespace.idFromName(accuracyObject)).exchange(ratings)
      this.#book.adopt(await beforeDeadline(exchanging, exchangeDeadlineMs), ratings)
      if (ratings.length > 0) await this.#book.save()
    } catch {
      if (ratings.length > 0) await this.#wakeAt(now + exchangeEveryMs)
    }
  }

  async #wakeAt(time: number): Promise<void> {
    if (this.#alarmIsSet) return
    await this.ctx.storage.setAlarm(time)
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

const beforeDeadline = async <T>(work: Promise<T>, deadlineMs: number): Promise<T> => {
  const late = Promise.withResolvers<never>()
  const timer = setTimeout(() => late.reject(new Error(`No answer within ${deadlineMs} ms.`)), deadlineMs)
  try {
    return await Promise.race([work, late.promise])
  } finally {
    clearTimeout(timer)
  }
}
