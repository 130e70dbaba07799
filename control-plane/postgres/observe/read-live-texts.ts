import { setTimeout as sleep } from "node:timers/promises"
import * as v from "valibot"
import type { Database } from "../database.ts"

/** Texts of statements as they were sent, by query id: with users' values, for planning alone. */
export type LiveTexts = ReadonlyMap<string, readonly string[]>

export interface Sampling {
  /** How long to look; once if 0. */
  readonly forMs: number
  readonly everyMs?: number
  readonly signal?: AbortSignal
}

const usualEveryMs = 50
/** More texts of one statement tell nothing new. */
const mostTexts = 3

const Rows = v.array(v.object({ query_id: v.string(), text: v.string() }))

/**
 * What sessions run now, or ran last, from `pg_stat_activity`. A normalized statement lost its literals, among them what the
 * program itself wrote there: names of fields, states, limits. A text that was cut is left out, and so is what the role may not see.
 */
export const sampleLiveTexts = async (
  database: Database,
  { forMs, everyMs = usualEveryMs, signal }: Sampling,
): Promise<LiveTexts> => {
  const texts = new Map<string, string[]>()
  for (const untilMs = performance.now() + forMs; ;) {
    for (const { query_id: queryId, text } of v.parse(Rows, await database.query(query))) {
      const known = texts.get(queryId) ?? []
      if (known.length < mostTexts && !known.includes(text)) texts.set(queryId, [...known, text])
    }
    if (signal?.aborted === true || performance.now() + everyMs > untilMs) return texts
    await sleep(everyMs)
  }
}

const query = `
  SELECT query_id::text, query AS text FROM pg_stat_activity
   WHERE datname = current_database() AND query_id IS NOT NULL AND pid <> pg_backend_pid()
     AND octet_length(query) < pg_size_bytes(current_setting('track_activity_query_size')) - 1`
