import { neon, neonConfig } from "@neondatabase/serverless"
import type { History, HistoryEntry } from "../../ports/history.ts"
import type { Ports } from "../../ports/ports.ts"

export interface NeonHistoryOptions {
  readonly connectionString: string
  /** Where Neon's HTTP protocol is spoken, if not at Neon's own address for that database. */
  readonly fetchEndpoint?: string
  readonly now: () => number
  readonly log: Ports["log"]
  readonly timeoutMs?: number
}

const logAtMostEveryMs = 60_000

/**
 * History in Postgres, one INSERT a request over Neon's HTTP protocol; `migrations/` makes the table. A database that is
 * away or slow loses lines, never requests: the number lost goes to the log, at most once a minute.
 */
export const createNeonHistory = (options: NeonHistoryOptions): History => {
  const { connectionString, fetchEndpoint, now, log, timeoutMs = 2_000 } = options
  if (fetchEndpoint !== undefined) neonConfig.fetchEndpoint = fetchEndpoint
  neonConfig.disableWarningInBrowsers = true
  const sql = neon(connectionString)
  let lost = 0
  let loggedAt = Number.NEGATIVE_INFINITY

  const remember = async (entry: HistoryEntry): Promise<void> => {
    try {
      await sql.query(insert, toRow(entry), { fetchOptions: { signal: AbortSignal.timeout(timeoutMs) } })
    } catch (error) {
      lost++
      if (now() - loggedAt < logAtMostEveryMs) return
      loggedAt = now()
      log({ message: "history lost", lines: lost, error: withoutPassword(String(error)) })
    }
  }
  return { remember }
}

const columns = [
  ...[
    "id",
    "at",
    "tenant",
    "endpoint",
    "status",
    "query_type",
    "prompt",
    "cache_state",
    "provider",
    "model",
    "attempts",
  ],
  ...["image_tokens", "image_tokens_saved", "usd", "saved_usd", "total_ms", "overhead_ms", "upstream_ms"],
  ...["first_token_ms", "estimated_ms", "record"],
]

const insert = `insert into electrical_analysis.analyses (${columns.join(", ")}) values (${columns
  .map((_, index) => `$${index + 1}`)
  .join(", ")}) on conflict (id) do nothing`

/** In the order of `columns`. */
const toRow = ({ tenant, endpoint, status, record }: HistoryEntry): unknown[] => {
  const answered = record.routing.attempts.at(-1)
  const { cost, time } = record
  return [
    ...[record.requestId, record.at, tenant, endpoint, status, record.queryType, record.prompt, record.cache.state],
    ...[answered?.provider ?? null, answered?.model ?? null, record.routing.attempts.length],
    ...[cost.imageTokens, cost.imageTokensSaved, cost.usd, cost.savedUsd],
    ...[time.totalMs, time.overheadMs, time.upstreamMs, time.firstTokenMs ?? null, time.estimatedMs].map(wholeMs),
    JSON.stringify(record),
  ]
}

const wholeMs = (ms: number | null): number | null => (ms === null ? null : Math.round(ms))

const withoutPassword = (text: string): string => text.replace(/\/\/[^@/\s]*@/g, "//").slice(0, 300)
