import { Pool } from "pg"
import { afterAll, beforeAll, describe, expect, test } from "vitest"
import { migrate } from "../../../dev/postgres-endpoint/migrate.ts"
import { startPostgresEndpoint } from "../../../dev/postgres-endpoint/start.ts"
import type { PostgresEndpoint } from "../../../dev/postgres-endpoint/start.ts"
import { startLoopbackServer } from "../../../test/loopback-server.ts"
import type { HistoryEntry } from "../../ports/history.ts"
import { historyEntry, historySuite } from "../../ports/history.suite.ts"
import { createNeonHistory } from "./history.ts"
import type { NeonHistoryOptions } from "./history.ts"

let endpoint: PostgresEndpoint
let pool: Pool
const ran: (readonly string[])[] = []
beforeAll(async () => {
  endpoint = await startPostgresEndpoint()
  for (const schema of ["electrical_analysis", "electrical_analysis", "other_schema"])
    ran.push(await migrate(endpoint.databaseUrl, schema))
  pool = new Pool({ connectionString: endpoint.databaseUrl, max: 2 })
}, 30_000)
afterAll(async () => {
  await pool.end()
  await endpoint.close()
})

type Line = Readonly<Record<string, unknown>>

/** The deadline is generous here, because a busy machine is not what these tests are about. */
const historyAt = (lines: Line[], changes: Partial<NeonHistoryOptions> = {}) =>
  createNeonHistory({
    connectionString: endpoint.connectionString,
    fetchEndpoint: endpoint.fetchEndpoint,
    now: Date.now,
    log: (line) => lines.push(line),
    timeoutMs: 10_000,
    ...changes,
  })

const read = async <Row extends object>(columns: string, id: string, schema = "electrical_analysis"): Promise<Row[]> =>
  (await pool.query<Row>(`select ${columns} from ${schema}.analyses where id = $1`, [id])).rows

test("each schema gets each migration once", () => {
  expect(ran).toEqual([["0001-analyses.sql"], [], ["0001-analyses.sql"]])
})

historySuite("Postgres over Neon's protocol", () => ({
  history: historyAt([]),
  find: async (id) => {
    const rows = await read<HistoryEntry & { error_code: string | null }>(
      "tenant, endpoint, status, error_code, record",
      id,
    )
    return rows.map(({ error_code: errorCode, ...row }) => (errorCode === null ? row : { ...row, errorCode }))
  },
}))

test("the numbers of a record are columns of their own", async () => {
  const [lines, entry]: [Line[], HistoryEntry] = [[], historyEntry()]
  await historyAt(lines).remember(entry)
  expect(lines).toEqual([])
  expect(
    await read(
      "provider, model, attempts, cache_state, image_tokens, usd, total_ms, estimated_ms",
      entry.record.requestId,
    ),
  ).toEqual([
    {
      provider: "openai",
      model: "gpt-4o",
      attempts: 1,
      cache_state: "miss",
      image_tokens: 765,
      usd: "0.001200",
      total_ms: 10,
      estimated_ms: 13_000,
    },
  ])
})

describe("the schema", () => {
  test("may be another one", async () => {
    const entry = historyEntry()
    await historyAt([], { schema: "other_schema" }).remember(entry)
    expect(await read("tenant", entry.record.requestId, "other_schema")).toHaveLength(1)
    expect(await read("tenant", entry.record.requestId)).toHaveLength(0)
  })

  test.each(["", "Analyses", 'a"; drop schema public; --', "1st", "pg_mine", "a".repeat(64)])(
    "is not %j",
    async (schema) => {
      expect(() => historyAt([], { schema })).toThrow(RangeError)
      await expect(migrate(endpoint.databaseUrl, schema)).rejects.toThrow(RangeError)
    },
  )
})

describe("a database that does not take it", () => {
  test("loses the line, not the request, and says so once a minute, without the password", async () => {
    const lines: Line[] = []
    let at = 0
    const history = historyAt(lines, {
      connectionString: "postgres://user:secret@away.example.com/db",
      fetchEndpoint: "http://127.0.0.1:1/sql",
      now: () => at,
    })
    await history.remember(historyEntry())
    await history.remember(historyEntry())
    at = 60_001
    await history.remember(historyEntry())
    expect(lines.map(({ lines: lost }) => lost)).toEqual([1, 3])
    expect(JSON.stringify(lines)).not.toContain("secret")
  })

  test("is left at the deadline when it never answers", async () => {
    const silent = await startLoopbackServer(async () => undefined)
    const lines: Line[] = []
    await historyAt(lines, { fetchEndpoint: silent.url, timeoutMs: 50 }).remember(historyEntry())
    await silent.close()
    expect(lines).toMatchObject([{ message: "history lost", lines: 1 }])
  })

  test("is told apart in the log by its own words", async () => {
    const lines: Line[] = []
    await historyAt(lines, { schema: "never_migrated" }).remember(historyEntry())
    expect(lines).toMatchObject([{ error: expect.stringMatching(/"never_migrated.analyses" does not exist/) }])
  })
})
