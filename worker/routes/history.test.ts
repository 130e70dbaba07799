import { expect, test } from "vitest"
import type { ErrorBody } from "../../contract/error-code.ts"
import type { HistoryResponse, HistorySummaryResponse } from "../../contract/history.ts"
import type { StatusResponse } from "../../contract/status.ts"
import { createApp } from "../app.ts"
import { createGateway } from "../create-gateway.ts"
import { historyEntry } from "../ports/history.suite.ts"
import type { Ports } from "../ports/ports.ts"
import { createMemoryHistory } from "../runtime/memory/history.ts"
import { createMemoryProviderBoard } from "../runtime/memory/provider-board.ts"
import { createMemoryQueryResults } from "../runtime/memory/query-results.ts"
import { parseSettings } from "../settings.ts"
import { createMemoryRequestLedger } from "../runtime/memory/request-ledger.ts"

/** Each test looks at the part that it asked for. */
type AnyReply = HistoryResponse & HistorySummaryResponse & StatusResponse & ErrorBody

const now = Date.now

/** A gateway with three requests behind it: two of the local tenant's, one of another's. */
const start = async (changes: Partial<Ports> = {}) => {
  const history = createMemoryHistory()
  const counts = historyEntry({ tenant: "local" })
  const read = historyEntry({ tenant: "local" })
  await history.remember({ ...counts, record: { ...counts.record, at: "2026-11-23T10:00:00.000Z" } })
  await history.remember({ ...read, record: { ...read.record, queryType: "ocr" } })
  await history.remember(historyEntry({ tenant: "other" }))
  const app = createApp(
    createGateway(parseSettings({ OPENAI_API_KEY: "key", VOLTGATE_OPEN: "loopback" }), {
      history,
      queryResults: createMemoryQueryResults({ now }),
      board: createMemoryProviderBoard({ now }),
      ledger: createMemoryRequestLedger({ now: Date.now }),
      imageEngine: {
        choose: () => ({ obstacle: "nobody is there", cure: "" }),
        transform: async () => Promise.reject(),
      },
      fetch,
      now,
      random: () => 0.5,
      background: () => undefined,
      log: () => undefined,
      ...changes,
    }),
  )
  const get = async (path: string) => {
    const response = await app.request(`http://localhost${path}`)
    const body: unknown = await response.json()
    return { status: response.status, headers: response.headers, body: body as AnyReply }
  }
  return { get, history }
}

test("tells the tenant's own requests, newest first, and nobody else's", async () => {
  const { get } = await start()
  const { status, body } = await get("/v1/history")
  expect(status).toBe(200)
  expect(body.requests.map(({ queryType }) => queryType)).toEqual(["ocr", "count"])
})

test.each([
  ["since=2026-11-24", ["ocr"]],
  ["until=2026-11-24", ["count"]],
  ["queryType=ocr", ["ocr"]],
  ["provider=google", []],
  ["limit=1", ["ocr"]],
  ["since=2026-11-23T10:00:00Z&until=2026-11-23T10:00:01%2B00:00&provider=openai", ["count"]],
])("filters by %s", async (filter, types) => {
  const { get } = await start()
  const { body } = await get(`/v1/history?${filter}`)
  expect(body.requests.map(({ queryType }) => queryType)).toEqual(types)
})

test("asks the database once for the same question, in whatever order and way it is written", async () => {
  const { get, history } = await start()
  const first = await get("/v1/history?limit=5&since=2026-11-20")
  await history.remember(historyEntry({ tenant: "local" }))
  const second = await get("/v1/history?since=2026-11-20T00:00:00.000Z&limit=5")
  expect([first, second].map(({ headers }) => headers.get("x-voltgate-cache"))).toEqual(["miss", "hit"])
  expect(second.headers.get("age")).toMatch(/^\d+$/)
  expect(second.body).toEqual(first.body)
  const { body } = await get("/v1/status")
  expect(body.queryResults).toEqual({ hits: 1, misses: 1, unavailable: 0 })
})

test("counts by day and query type", async () => {
  const { get } = await start()
  const { headers, body } = await get("/v1/history/summary")
  expect(headers.get("x-voltgate-cache")).toBe("miss")
  expect(body.total).toMatchObject({ requests: 2, cacheHits: 0, hitRate: 0 })
  expect(body.days.map(({ day, queryType }) => [day, queryType])).toEqual([
    ["2026-11-24", "ocr"],
    ["2026-11-23", "count"],
  ])
})

test.each([
  ["since=yesterday", "since"],
  ["limit=0", "limit"],
  ["limit=1001", "limit"],
  ["tenant=other", "tenant"],
  ["since=2026-11-25&until=2026-11-24", ""],
])("refuses %s, and says where it is wrong", async (filter, path) => {
  const { get } = await start()
  const { status, body } = await get(`/v1/history?${filter}`)
  expect([status, body.error.code, body.error.problems?.[0]?.path]).toEqual([400, "invalid_request", path])
})

test("a database that is away is told as such, and the next one to ask tries again", async () => {
  let away = true
  const history = createMemoryHistory()
  const { get } = await start({
    history: {
      ...history,
      read: async (...asked) => (away ? Promise.reject(new Error("away")) : history.read(...asked)),
    },
  })
  const refused = await get("/v1/history")
  expect([refused.status, refused.body.error.code]).toEqual([503, "history_unavailable"])
  expect(refused.headers.get("retry-after")).toBe("5")
  away = false
  expect((await get("/v1/history")).status).toBe(200)
})

test("without a database it says how to get one", async () => {
  const { get } = await start({ history: undefined } as unknown as Partial<Ports>)
  const { status, body } = await get("/v1/history")
  expect([status, body.error.code]).toEqual([503, "not_configured"])
  expect(body.error.message).toContain("DATABASE_URL")
})
