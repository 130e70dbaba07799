import type { Database } from "../../database.ts"

/** A Postgres of our own in a folder of our own: it holds a schema and statistics, and no row. */
export interface Engine extends AsyncDisposable {
  readonly major: number
  /** For people, e.g. `PGlite` or `a server of its own`. */
  readonly name: string
  /** A superuser's session. */
  readonly admin: Database
  /** Plans queries. What a query may run while it is planned has this session's rights. */
  readonly planner: Database
  /** The server's data folder. */
  readonly dataFolder: string
  /** The server's user where it is not ours; files that we make must be its own. */
  readonly owner?: FileOwner
  /** Does the work while no server looks at the files. */
  readonly offline: (work: () => Promise<void>) => Promise<void>
}

export interface FileOwner {
  readonly uid: number
  readonly gid: number
}
