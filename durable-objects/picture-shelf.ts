import { DurableObject } from "cloudflare:workers"
import * as v from "valibot"
import type { StoredPicture } from "../worker/ports/picture-index.ts"
import { picturesPerTenant } from "../worker/ports/picture-index.ts"

const Row: v.GenericSchema<unknown, StoredPicture> = v.object({
  name: v.string(),
  facts: v.string(),
  expiresAt: v.number(),
})
const LookRow = v.object({ look: v.nullable(v.instance(ArrayBuffer)) })

/**
 * What one tenant's pictures look like, for deployments without Redis. Names, facts and looks are sealed before they come
 * here. An alarm clears away what has expired, so an object that nobody asks any more ends up empty.
 */
export class PictureShelf extends DurableObject {
  readonly #sql: SqlStorage

  constructor(state: DurableObjectState, env: Cloudflare.Env) {
    super(state, env)
    this.#sql = state.storage.sql
    this.#sql.exec(
      "CREATE TABLE IF NOT EXISTS pictures (name TEXT PRIMARY KEY, facts TEXT NOT NULL, expires_at INTEGER NOT NULL, look BLOB)",
    )
  }

  list(): StoredPicture[] {
    const rows = this.#sql.exec(
      "SELECT name, facts, expires_at AS expiresAt FROM pictures WHERE expires_at > ?",
      Date.now(),
    )
    return v.parse(v.array(Row), rows.toArray())
  }

  look(name: string): ArrayBuffer | undefined {
    const rows = this.#sql.exec("SELECT look FROM pictures WHERE name = ? AND expires_at > ?", name, Date.now())
    const [row] = v.parse(v.array(LookRow), rows.toArray())
    return row?.look ?? undefined
  }

  async remember({ name, facts, expiresAt }: StoredPicture, look?: ArrayBuffer): Promise<void> {
    this.#sql.exec("INSERT OR REPLACE INTO pictures VALUES (?, ?, ?, ?)", name, facts, expiresAt, look ?? null)
    this.#sql.exec("DELETE FROM pictures WHERE expires_at <= ?", Date.now())
    this.#sql.exec(
      "DELETE FROM pictures WHERE name NOT IN (SELECT name FROM pictures ORDER BY expires_at DESC LIMIT ?)",
      picturesPerTenant,
    )
    if ((await this.ctx.storage.getAlarm()) === null) await this.ctx.storage.setAlarm(expiresAt)
  }

  override async alarm(): Promise<void> {
    this.#sql.exec("DELETE FROM pictures WHERE expires_at <= ?", Date.now())
    const [next] = v.parse(
      v.array(v.object({ expiresAt: v.nullable(v.number()) })),
      this.#sql.exec("SELECT MIN(expires_at) AS expiresAt FROM pictures").toArray(),
    )
    // SQL has a minimum of nothing: null.
    const earliest = next?.expiresAt ?? undefined
    if (earliest !== undefined) await this.ctx.storage.setAlarm(earliest)
  }
}
