import { neon, neonConfig } from "@neondatabase/serverless"
import type { History, HistoryEntry } from "../../ports/history.ts"
import type { Ports } from "../../ports/ports.ts"
import { countLines, selectLines } from "./read-history.ts"
import type { Statement } from "./read-history.ts"
import { defaultSchema, readSchemaName } from "./schema-name.ts"

export interface NeonHistoryOptions {
  readonly connectionString: string
  /** Where Neon's HTTP protocol is spoken, if not at Neon's own address for that database. */
  readonly fetchEndpoint?: string
  /** The Postgres schema that the migrations were run in; `electrical_analysis` when absent. */
  readonly schema?: string
  readonly now: () => number
  readonly log: Ports["log"]
  /** For a line that is written, and for one or many that are read. */
  readonly timeoutMs?: number
  readonly readTimeoutMs?: number
}

const logAtMostEveryMs = 60_000

/**
 * History in Postgres, one INSERT a request over Neon's HTTP protocol; `migrations/` makes the table. A database that is
 * away or slow loses lines, never requests: the number lost goes to the log, at most once a minute. Throws a RangeError
 * when the schema's name is none.
 */
export const createNeonHistory = (options: NeonHistoryOptions): History => {
  const {
    connectionString,
    fetchEndpoint,
    schema = defaultSchema,
    now,
    log,
    timeoutMs = 2_000,
    readTimeoutMs = 10_000,
  } = options
  const table = `"${readSchemaName(schema)}".analyses`
  if (fetchEndpoint !== undefined) neonConfig.fetchEndpoint = fetchEndpoint
  neonConfig.disableWarningInBrowsers = true
  const sql = neon(connectionString)
  let lost = 0
  let loggedAt = Number.NEGATIVE_INFINITY

  const remember = async (entry: HistoryEntry): Promise<void> => {
    try {
      const [text, values] = insertInto(table, toRow(entry))
      await sql.query(text, values, { fetchOptions: { signal: AbortSignal.timeout(timeoutMs) } })
    } catch (error) {
      lost++
      if (now() - loggedAt < logAtMostEveryMs) return
      loggedAt = now()
      log({ message: "history lost", lines: lost, error: withoutPassword(String(error)) })
    }
  }
  const select = async <Row>({ text, values, toRows }: Statement<Row>): Promise<readonly Row[]> => {
    try {
      return toRows(
        await sql.query(text, [...values], { fetchOptions: { signal: AbortSignal.timeout(readTimeoutMs) } }),
      )
    } catch (error) {
      // The driver's errors may hold the connection string, so that they are not passed on, not even as a cause.
      // oxlint-disable-next-line preserve-caught-error
      throw new Error(withoutPassword(String(error)))
    }
  }
  return {
    remember,
    read: (tenant, query) => select(selectLines(table, tenant, query)),
    tally: (tenant, filter) => select(countLines(table, tenant, filter)),
  }
}

const insertInto = (table: string, row: Readonly<Record<string, unknown>>): [text: string, values: unknown[]] => {
  const columns = Object.keys(row)
  const places = columns.map((_, index) => `$${index + 1}`)
  const text = `insert into ${table} (${columns.join(", ")}) values (${places.join(", ")}) on conflict (id) do nothing`
  return [text, Object.values(row)]
}

/** By the names of the columns in `migrations/`. */
const toRow = ({ tenant, endpoint, status, errorCode, record }: HistoryEntry): Readonly<Record<string, unknown>> => {
  const { cost, time, routing } = record
  const answered = routing.attempts.at(-1)
  return {
    id: record.requestId,
    at: record.at,
    tenant,
    endpoint,
    status,
    error_code: errorCode ?? null,
    query_type: record.queryType,
    prompt: record.prompt,
    cache_state: record.cache.state,
    provider: answered?.provider ?? null,
    model: answered?.model ?? null,
    attempts: routing.attempts.length,
    image_tokens: cost.imageTokens,
    image_tokens_saved: cost.imageTokensSaved,
    usd: cost.usd,
    saved_usd: cost.savedUsd,
    total_ms: Math.round(time.totalMs),
    overhead_ms: Math.round(time.overheadMs),
    upstream_ms: Math.round(time.upstreamMs),
    first_token_ms: time.firstTokenMs === undefined ? null : Math.round(time.firstTokenMs),
    estimated_ms: Math.round(time.estimatedMs),
    record: JSON.stringify(record, storable),
  }
}

/** Postgres keeps neither NUL nor half a surrogate pair in jsonb, and a provider's garbage, quoted in an attempt, may hold both. */
const storable = (_: string, value: unknown): unknown =>
  typeof value === "string" ? value.replaceAll("\0", "\uFFFD").toWellFormed() : value

const withoutPassword = (text: string): string => text.replace(/\/\/[^@/\s]*@/g, "//").slice(0, 300)
