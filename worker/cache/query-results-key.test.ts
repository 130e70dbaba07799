import { expect, test } from "vitest"
import { queryResultsKey } from "./query-results-key.ts"

test("is the same in whatever order the parameters come", async () => {
  const one = await queryResultsKey("history", "acme", { since: "2026-11-01", limit: 5, provider: "openai" })
  const other = await queryResultsKey("history", "acme", { provider: "openai", limit: 5, since: "2026-11-01" })
  expect(one).toBe(other)
  expect(one).toMatch(/^query:history:[0-9a-f]{64}$/)
})

test("tells types, tenants, parameters and their values apart", async () => {
  const keys = await Promise.all([
    queryResultsKey("history", "acme", { limit: 5 }),
    queryResultsKey("summary", "acme", { limit: 5 }),
    queryResultsKey("history", "other", { limit: 5 }),
    queryResultsKey("history", "acme", { limit: 6 }),
    queryResultsKey("history", "acme", { limit: "5" }),
    queryResultsKey("history", "acme", {}),
  ])
  expect(new Set(keys).size).toBe(keys.length)
})

test("no parameter can pretend to be another tenant", async () => {
  const own = await queryResultsKey("history", "acme", { tenant: "other", limit: 5 })
  expect(own).not.toBe(await queryResultsKey("history", "other", { limit: 5 }))
})
