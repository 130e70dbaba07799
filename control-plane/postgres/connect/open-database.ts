import { Client } from "pg"
import type { Database } from "../database.ts"

export interface OpenOptions {
  readonly url: string
  /** What the session is for, as the server shows it. */
  readonly purpose: string
}

const connectMs = 5_000
const statementMs = 30_000
const queryMs = 25_000
const keepAliveMs = 10_000

/** One session that only reads. Throws the driver's error where the server is out of reach or refuses. */
export const openDatabase = async ({ url, purpose }: OpenOptions): Promise<Database & AsyncDisposable> => {
  const client = new Client({
    connectionString: url,
    application_name: `voltgate ${purpose}`,
    connectionTimeoutMillis: connectMs,
    statement_timeout: statementMs,
    query_timeout: queryMs,
    keepAlive: true,
    keepAliveInitialDelayMillis: keepAliveMs,
    options: "-c default_transaction_read_only=on",
  })
  // A connection that is cut shows in the query that it hits.
  client.on("error", () => undefined)
  await client.connect()
  return {
    query: async (sql, parameters = []) => (await client.query<Record<string, unknown>>(sql, [...parameters])).rows,
    [Symbol.asyncDispose]: () => client.end().catch(() => undefined),
  }
}
