import { expect, test } from "vitest"
import type { Hint } from "../change.ts"
import type { Database } from "../database.ts"
import type { QueryPlan, WhatIf } from "../what-if.ts"
import type { StatementStatistics } from "../workload.ts"
import { checkUnused } from "./check-unused.ts"

const hint: Hint = {
  topic: "index",
  subject: "public.i",
  message: "was not used in 31 days.",
  cure: "DROP INDEX CONCURRENTLY public.i",
  change: {
    kind: "drop-index",
    schema: "public",
    table: "t",
    object: "i",
    sql: "DROP INDEX public.i",
    reason: "It was not used in 31 days.",
    estimate: { queries: [] },
    unused: {
      indexId: "1",
      definitionHash: "a",
      watchedDays: 31,
      until: "2026-11-01T00:00:00Z",
      scans: 0,
      standbys: 0,
    },
  },
}
const other: Hint = { topic: "setting", subject: "work_mem", message: "is small." }

const statements: readonly StatementStatistics[] = [
  {
    queryId: "1",
    text: "SELECT a FROM t WHERE a = $1",
    calls: 10,
    totalMs: 10,
    meanMs: 1,
    sharedBlocksHit: 0,
    sharedBlocksRead: 0,
    tempBlocksWritten: 0,
  },
]

/** A database of one table, as far as its catalog is asked. */
const database: Database = {
  query: async (sql) => {
    if (sql.includes("relkind IN ('r', 'p')"))
      return [{ oid: "1", schema: "public", name: "t", rows: 1_000, size_bytes: 10, writes: 0 }]
    if (sql.includes("pg_attribute a JOIN pg_type"))
      return [
        {
          oid: "1",
          name: "a",
          type: "integer",
          category: "N",
          width: 4,
          distinct: -1,
          null_share: 0,
          correlation: 0,
          samples: ["7"],
          shares: null,
        },
      ]
    return []
  },
}

const planner = (costWithout: number) => async (): Promise<WhatIf> => {
  const planOf = (cost: number): QueryPlan => ({ cost, overcharged: 0, rows: 1, indexes: [], shape: "" })
  return {
    plan: async (_, { hidden }) => planOf(hidden?.has("public.i") === true ? costWithout : 100),
    [Symbol.asyncDispose]: () => Promise.resolve(),
  } as Partial<WhatIf> as WhatIf
}

test("an unused index that no known statement would miss may go, and the reason says what was looked at", async () => {
  const [checked, rest] = await checkUnused(database, statements, [hint, other], planner(100.5))
  expect(checked?.change?.reason).toBe(
    "It was not used in 31 days. None of 1 known statements would cost more than 1 % more without it.",
  )
  expect(checked?.change?.unused).toEqual(hint.change?.unused)
  expect(rest).toBe(other)
})

test("one that a known statement would miss stays, with what it would cost", async () => {
  const [checked] = await checkUnused(database, statements, [hint], planner(250))
  expect(checked).toEqual({
    topic: "index",
    subject: "public.i",
    message: "was not used in 31 days. Yet without it a known statement would cost more, up to 2.5 times: it stays.",
  })
})

test("one that could not be looked at stays", async () => {
  const [checked] = await checkUnused(database, statements, [hint], () => Promise.reject(new Error("no engine")))
  expect(checked?.change).toBeUndefined()
  expect(checked?.message).toMatch(/could not be looked at/)
})

test("nothing is planned where no index is unused", async () => {
  expect(await checkUnused(database, statements, [other], () => Promise.reject(new Error("asked")))).toEqual([other])
})
