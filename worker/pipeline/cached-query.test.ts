import * as v from "valibot"
import { expect, test } from "vitest"
import { createCounters } from "../counters.ts"
import type { Gateway } from "../gateway.ts"
import type { QueryResults } from "../ports/query-results.ts"
import { createMemoryQueryResults } from "../runtime/memory/query-results.ts"
import { cachedQuery, queryResultLifeMs } from "./cached-query.ts"

/** Queries of one gateway; each that reaches the database answers with its number. */
const start = (queryResults?: QueryResults) => {
  let at = 1_000
  let asked = 0
  const background: Promise<unknown>[] = []
  const lines: unknown[] = []
  const counters = createCounters()
  const gateway = {
    counters,
    ports: {
      queryResults: queryResults ?? createMemoryQueryResults({ now: () => at }),
      now: () => at,
      log: (line: unknown) => lines.push(line),
      background: (work: Promise<unknown>) => void background.push(work),
    },
  } as unknown as Gateway
  const ask = async (parameters: object = {}, tenant = "acme") => {
    const result = await cachedQuery(
      { type: "test", parameters, run: async () => ++asked, schema: v.number() },
      { id: "r", caller: { tenant } },
      gateway,
    )
    await Promise.all(background)
    return result
  }
  return { ask, counters, lines, pass: (ms: number) => void (at += ms) }
}

test("the second time nobody asks the database, whatever the order of the parameters", async () => {
  const { ask, pass } = start()
  expect(await ask({ a: 1, b: 2 })).toEqual({ at: 1_000, value: 1, cache: "miss" })
  pass(10)
  expect(await ask({ b: 2, a: 1 })).toEqual({ at: 1_000, value: 1, cache: "hit" })
})

test("after five minutes it is asked again", async () => {
  const { ask, pass } = start()
  await ask()
  pass(queryResultLifeMs - 1)
  expect((await ask()).cache).toBe("hit")
  pass(1)
  expect(await ask()).toMatchObject({ value: 2, cache: "miss" })
})

test("each tenant has results, and counts, of its own", async () => {
  const { ask, counters } = start()
  await ask({}, "acme")
  expect(await ask({}, "other")).toMatchObject({ value: 2, cache: "miss" })
  await ask({}, "acme")
  expect(counters.of("acme")).toEqual({ query_result_hits: 1, query_result_misses: 1, query_results_unavailable: 0 })
  expect(counters.of("other")).toEqual({ query_result_hits: 0, query_result_misses: 1, query_results_unavailable: 0 })
  expect(counters.of("nobody").query_result_hits).toBe(0)
})

test("a store that is away costs the cache, never the result", async () => {
  const away = async (): Promise<never> => {
    throw new Error("away")
  }
  const { ask, counters, lines } = start({ get: away, put: away })
  expect(await ask()).toMatchObject({ value: 1, cache: "bypass" })
  expect(counters.of("acme").query_results_unavailable).toBe(1)
  expect(lines).toEqual([{ message: "query results unavailable", requestId: "r", error: "Error: away" }])
})

test("a result that could not be kept is a result all the same", async () => {
  const { ask, counters } = start({
    get: async () => undefined,
    put: async () => {
      throw new Error("full")
    },
  })
  expect(await ask()).toMatchObject({ value: 1, cache: "miss" })
  expect(counters.of("acme").query_results_unavailable).toBe(1)
})

test.each(["{oops", "null", '{"at":"x","value":1}', '{"at":1,"value":"one"}', '{"value":1}'])(
  "what was stored as %s is no result, and is replaced",
  async (text) => {
    const { ask } = start({ get: async () => text, put: async () => undefined })
    expect(await ask()).toMatchObject({ value: 1, cache: "miss" })
  },
)
