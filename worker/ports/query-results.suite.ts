import { describe, expect, test } from "vitest"
import type { QueryResults } from "./query-results.ts"

export interface QueryResultsUnderTest {
  readonly results: QueryResults
  /** Lets the store's clock pass this time. */
  readonly pass: (ms: number) => Promise<void>
}

let keys = 0
export const freshQueryKey = (): string => `query:test:${++keys}-${Math.random()}`

/** What every store of query results promises. */
export const queryResultsSuite = (name: string, start: () => QueryResultsUnderTest): void => {
  describe(`query results: ${name}`, () => {
    test("finds nothing under a key that was never written", async () => {
      expect(await start().results.get(freshQueryKey())).toBeUndefined()
    })

    test("gives back the very text that was put last", async () => {
      const { results } = start()
      const key = freshQueryKey()
      await results.put(key, "first", 60_000)
      await results.put(key, '{"text":"Ω — \\u0000 ✓"}', 60_000)
      expect(await results.get(key)).toBe('{"text":"Ω — \\u0000 ✓"}')
    })

    test("forgets when the time is over", async () => {
      const { results, pass } = start()
      const key = freshQueryKey()
      await results.put(key, "text", 400)
      expect(await results.get(key)).toBe("text")
      await pass(500)
      expect(await results.get(key)).toBeUndefined()
    })
  })
}
