import { DurableObject } from "cloudflare:workers"
import * as v from "valibot"
import { LedgerEntries, ledgerLifeMs, ledgerLimits } from "../contract/ledger.ts"
import type { LedgerEntry } from "../contract/ledger.ts"
import type { Rated } from "../worker/ports/request-ledger.ts"

const sweepEveryMs = 3_600_000

/**
 * Who answered which request of one tenant: the object's name is the tenant's, so nobody finds another's requests in it.
 * A row per request, in the order of arrival, which is the order of age.
 */
export class LedgerObject extends DurableObject {
  readonly #sql: SqlStorage

  constructor(state: DurableObjectState, env: Cloudflare.Env) {
    super(state, env)
    this.#sql = state.storage.sql
    this.#sql.exec(`create table if not exists requests (
      place integer primary key autoincrement,
      id text not null unique,
      answered_at integer not null,
      entry text not null,
      score real
    )`)
  }

  /** Throws on entries that are malformed or too many, and changes nothing then. */
  async remember(entries: unknown): Promise<void> {
    for (const entry of v.parse(LedgerEntries, entries)) {
      this.#sql.exec(
        "insert or ignore into requests (id, answered_at, entry) values (?, ?, ?)",
        entry.requestId,
        Math.trunc(entry.answeredAt),
        JSON.stringify(entry),
      )
    }
    this.#sql.exec("delete from requests where place <= (select max(place) from requests) - ?", ledgerLimits.entries)
    if ((await this.ctx.storage.getAlarm()) === null) await this.ctx.storage.setAlarm(Date.now() + sweepEveryMs)
  }

  /** `at` is the caller's clock, by which the entries are dated. */
  rate(requestId: string, score: number, at: number): Rated | undefined {
    const [row] = this.#sql
      .exec<{ entry: string; score: number | null }>(
        "select entry, score from requests where id = ? and answered_at > ?",
        requestId,
        at - ledgerLifeMs,
      )
      .toArray()
    if (row === undefined) return undefined
    this.#sql.exec("update requests set score = ? where id = ?", score, requestId)
    // Written by `remember`, which checked it.
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion
    const entry = JSON.parse(row.entry) as LedgerEntry
    return { entry, ...(row.score === null ? {} : { previous: row.score }) }
  }

  /** Sweeps, and comes again as long as there is something to sweep: a ledger without requests sleeps. */
  override async alarm(): Promise<void> {
    this.#sql.exec("delete from requests where answered_at <= ?", Date.now() - ledgerLifeMs)
    const { left } = this.#sql.exec<{ left: number }>("select count(*) as left from requests").one()
    if (left > 0) await this.ctx.storage.setAlarm(Date.now() + sweepEveryMs)
  }
}
