import type { Database } from "../../database.ts"

/** A Postgres of our own in a folder of our own: it holds a schema and statistics, and no row. */
export interface Engine extends AsyncDisposable {
  readonly major: number
  /** A superuser's session, for statements that are ours. */
  readonly admin: Database
  /** The session for all that comes from the source: its functions run with no more rights than this one has. */
  readonly session: Database
  /** The server's data folder. */
  readonly dataFolder: string
  /** The server's user where it is not ours; files that we make must be its own. */
  readonly owner?: FileOwner
  /** Text sorts as in the source, not only by another rule than bytes. */
  readonly hasLocale: boolean
}

export interface FileOwner {
  readonly uid: number
  readonly gid: number
}
