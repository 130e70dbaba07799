import { Client } from "pg"
import type { Database } from "../database.ts"
import { createTurns } from "../weigh/sidecar/in-turn.ts"

export interface OpenOptions {
  readonly url: string
  /** What the session is for, as the server shows it. */
  readonly purpose: string
}

const connectMs = 5_000
const queryMs = 25_000
const keepAliveMs = 10_000

/**
 * What each question is asked in. Poolers such as PgBouncer refuse options at the start, and may hand the next statement to another
 * session of the server: only a transaction keeps its settings together, and leaves none behind for whoever comes next.
 */
const begin = "BEGIN READ ONLY; SET LOCAL statement_timeout = '30s'"

/** One session that only reads. Throws the driver's error where the server is out of reach or refuses. */
export const openDatabase = async ({ url, purpose }: OpenOptions): Promise<Database & AsyncDisposable> => {
  const client = new Client({
    connectionString: url,
    application_name: `voltgate ${purpose}`,
    connectionTimeoutMillis: connectMs,
    query_timeout: queryMs,
    keepAlive: true,
    keepAliveInitialDelayMillis: keepAliveMs,
  })
  // A connection that is cut shows in the query that it hits.
  client.on("error", () => undefined)
  await client.connect()
  const inTurn = createTurns()
  return {
    query: (sql, parameters = []) =>
      inTurn(async () => {
        await client.query(begin)
        try {
          return (await client.query<Record<string, unknown>>(sql, [...parameters])).rows
        } finally {
          // Nothing was written; where the connection broke, the error of the question itself is the one to tell.
          await client.query("ROLLBACK").catch(() => undefined)
        }
      }),
    [Symbol.asyncDispose]: () => client.end().catch(() => undefined),
  }
}
