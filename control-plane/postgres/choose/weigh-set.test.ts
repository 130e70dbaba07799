import { expect, test } from "vitest"
import type { QueryPlan, WhatIf } from "../what-if.ts"
import { createScale } from "./weigh-set.ts"

const now: QueryPlan = { cost: 1_000, overcharged: 0, rows: 10, indexes: [], shape: "Seq Scan" }
const statement = {
  statistics: {
    queryId: "1",
    text: "q",
    calls: 1,
    totalMs: 1,
    meanMs: 1,
    sharedBlocksHit: 0,
    sharedBlocksRead: 0,
    tempBlocksWritten: 0,
  },
}

const ratioOf = async (plan: Partial<QueryPlan>): Promise<number> => {
  const whatIf = { plan: async () => ({ ...now, indexes: ["i"], ...plan }) } as unknown as WhatIf
  const scale = createScale(whatIf)
  return (await scale.ratio({ ...statement, queries: [{ sql: "q", weight: 1, now }] }, new Set(["i"]))).mean
}

test("a plan that hopes to stop at a LIMIT is charged a part of what it would cost if it could not", async () => {
  expect(await ratioOf({ cost: 10 })).toBeCloseTo(0.01)
  expect(await ratioOf({ cost: 10, limit: { rows: 20, costWithout: 5_010 } })).toBeCloseTo(0.51)
})

test("what the planner charges too much does not count", async () => {
  expect(await ratioOf({ cost: 500, overcharged: 400 })).toBeCloseTo(0.1)
})

test("constants count by their weight for what is saved, and the worst of them for what may be lost", async () => {
  const whatIf = {
    plan: async ({ sql }: { readonly sql: string }) => ({
      ...now,
      cost: sql === "usual" ? 100 : 2_000,
      indexes: ["i"],
    }),
  } as unknown as WhatIf
  const queries = [
    { sql: "usual", weight: 3, now },
    { sql: "odd", weight: 1, now },
  ]
  expect(await createScale(whatIf).ratio({ ...statement, queries }, new Set(["i"]))).toEqual({
    mean: (3 * 0.1 + 2) / 4,
    worst: 2,
    uses: ["i"],
  })
})
