import { Client } from "pg"
import { codeOf, whyUnreachable } from "../../doctor/why-unreachable.ts"
import type { SignalSource } from "../policies/policy.ts"
import type { Reading } from "../sample.ts"
import type { StorePorts } from "./read-redis-list.ts"
import { noData, sampleOf } from "./reading.ts"

/** The first column of a query's only row. The session may only read, and the query is ended at the deadline. */
export const readPostgres = async (
  { query, urlEnv }: Extract<SignalSource, { from: "postgres" }>,
  { environment, now, deadlineMs }: StorePorts,
): Promise<Reading> => {
  const source = "Postgres"
  const connectionString = environment[urlEnv]
  if (connectionString === undefined || connectionString === "") return noData(source, `${urlEnv} is not set`)
  const client = new Client({
    connectionString,
    connectionTimeoutMillis: deadlineMs,
    query_timeout: deadlineMs,
    statement_timeout: deadlineMs,
    application_name: "voltgate scale",
    options: "-c default_transaction_read_only=on",
  })
  // A connection that is cut shows in the query that it hits.
  client.on("error", () => undefined)
  try {
    await client.connect()
    const { rows } = await client.query<unknown[]>({ text: query, rowMode: "array" })
    const [row] = rows
    if (row === undefined) return noData(source, "the query gave no row")
    if (rows.length > 1) return noData(source, `the query gave ${rows.length} rows: one is needed`)
    const [value] = row
    return sampleOf(source, value, now())
  } catch (error) {
    const code = codeOf(error)
    if (code !== undefined && /^[0-9A-Z]{5}$/.test(code)) return noData(source, `it refused the query (${code})`)
    return noData(source, whyUnreachable(error, deadlineMs) ?? "it gave no answer")
  } finally {
    await client.end().catch(() => undefined)
  }
}
