import pg from "pg"
import { afterAll, beforeAll, expect, test } from "vitest"
import { migrate } from "../../../dev/postgres-endpoint/migrate.ts"
import { startPostgresEndpoint } from "../../../dev/postgres-endpoint/start.ts"
import type { PostgresEndpoint } from "../../../dev/postgres-endpoint/start.ts"
import type { HistoryEntry } from "../../ports/history.ts"
import { createNeonHistory } from "./history.ts"

let endpoint: PostgresEndpoint
beforeAll(async () => {
  endpoint = await startPostgresEndpoint()
})
afterAll(() => endpoint.close())

const entry = (requestId: string): HistoryEntry => ({
  tenant: "acme",
  endpoint: "/v1/analyze",
  status: 200,
  record: {
    requestId,
    at: "2026-11-24T10:00:00.000Z",
    queryType: "count",
    prompt: "count@1",
    notices: [],
    cache: { state: "miss" },
    routing: {
      reason: "best",
      candidates: [],
      attempts: [{ provider: "openai", model: "gpt-4o", outcome: "answered", durationMs: 5 }],
    },
    images: [],
    cost: { usd: 0.0012, savedUsd: 0, imageTokens: 765, imageTokensSaved: 0 },
    time: { totalMs: 10.4, overheadMs: 2, upstreamMs: 8, estimatedMs: 13_000, stages: {} },
  },
})

test("migrations run once, and writing starts where they end", async () => {
  expect(await migrate(endpoint.databaseUrl)).toEqual(["0001-analyses.sql"])
  expect(await migrate(endpoint.databaseUrl)).toEqual([])
})

test("remembers a request with the numbers of its record, once", async () => {
  const lines: unknown[] = []
  const history = createNeonHistory({
    connectionString: endpoint.connectionString,
    fetchEndpoint: endpoint.fetchEndpoint,
    now: Date.now,
    log: (line) => lines.push(line),
    timeoutMs: 10_000,
  })
  const id = crypto.randomUUID()
  await history.remember(entry(id))
  await history.remember(entry(id))
  const client = new pg.Client({ connectionString: endpoint.databaseUrl })
  await client.connect()
  const { rows } = await client.query(
    "select tenant, provider, total_ms, usd, record->>'prompt' as prompt from electrical_analysis.analyses where id = $1",
    [id],
  )
  await client.end()
  expect(lines).toEqual([])
  expect(rows).toEqual([{ tenant: "acme", provider: "openai", total_ms: 10, usd: "0.001200", prompt: "count@1" }])
})

test("a database that is away loses the line, not the request, and says so once a minute", async () => {
  const lines: Readonly<Record<string, unknown>>[] = []
  let at = 0
  const history = createNeonHistory({
    connectionString: "postgres://user:secret@away.example.com/db",
    fetchEndpoint: "http://127.0.0.1:1/sql",
    now: () => at,
    log: (line) => lines.push(line),
  })
  await history.remember(entry(crypto.randomUUID()))
  await history.remember(entry(crypto.randomUUID()))
  at = 60_001
  await history.remember(entry(crypto.randomUUID()))
  expect(lines.map(({ lines: lost }) => lost)).toEqual([1, 3])
  expect(JSON.stringify(lines)).not.toContain("secret")
})
