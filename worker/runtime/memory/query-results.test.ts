import { expect, test } from "vitest"
import { freshQueryKey, queryResultsSuite } from "../../ports/query-results.suite.ts"
import { createMemoryQueryResults } from "./query-results.ts"

const start = (maxEntries?: number) => {
  let at = 0
  const results = createMemoryQueryResults({ now: () => at, ...(maxEntries === undefined ? {} : { maxEntries }) })
  return { results, pass: async (ms: number) => void (at += ms) }
}

queryResultsSuite("memory", start)

test("a full store forgets the oldest, not the newest", async () => {
  const { results } = start(2)
  const keys = [freshQueryKey(), freshQueryKey(), freshQueryKey()]
  for (const key of keys) await results.put(key, key, 1_000)
  expect(await Promise.all(keys.map((key) => results.get(key)))).toEqual([undefined, keys[1], keys[2]])
})
