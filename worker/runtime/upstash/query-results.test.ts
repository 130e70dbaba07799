import { afterAll, beforeAll, expect, test } from "vitest"
import { startRedisEndpoint } from "../../../dev/redis-endpoint/start.ts"
import type { RedisEndpoint } from "../../../dev/redis-endpoint/start.ts"
import { freshQueryKey, queryResultsSuite } from "../../ports/query-results.suite.ts"
import { createUpstashQueryResults } from "./query-results.ts"

const token = "a-token-that-stays-secret"
let endpoint: RedisEndpoint
beforeAll(async () => {
  endpoint = await startRedisEndpoint({ token })
}, 30_000)
afterAll(() => endpoint.close())

const resultsAt = (url: string) => createUpstashQueryResults({ url, token, now: Date.now, timeoutMs: 5_000 })

queryResultsSuite("Upstash", () => ({
  results: resultsAt(endpoint.url),
  pass: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
}))

test("a store that is away rejects, and no error tells the token", async () => {
  const results = resultsAt("http://127.0.0.1:1")
  const errors = await Promise.all([
    results.get(freshQueryKey()).catch(String),
    results.put(freshQueryKey(), "text", 1_000).catch(String),
  ])
  for (const error of errors) {
    expect(error).toMatch(/^Error: /)
    expect(error).not.toContain(token)
  }
})
