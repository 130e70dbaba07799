import { expect, test } from "vitest"
import type { TableUse } from "../candidates/collect-uses.ts"
import type { StatisticsTarget } from "../observe/read-targets.ts"
import { adviseTargets } from "./advise-targets.ts"
import type { UsingStatement } from "./advise-statistics.ts"

const table: TableUse["table"] = {
  schema: "public",
  name: "orders",
  rows: 1_000_000,
  sizeBytes: 1,
  writes: 0,
  columns: [],
  indexes: [],
}
const use: TableUse = {
  table,
  equal: ["customer"],
  joined: [],
  ranged: [],
  prefixed: [],
  contained: [],
  fixed: [],
  ordered: [],
  hasLimit: false,
  grouped: [],
  mentioned: undefined,
}
const target: StatisticsTarget = {
  schema: "public",
  table: "orders",
  column: "customer",
  target: 100,
  isOwn: false,
  commonValues: 100,
}

const statement = (rowsACall: number, expected: readonly number[], more: Partial<TableUse> = {}): UsingStatement => ({
  statistics: {
    queryId: "1",
    text: "SELECT",
    calls: 10,
    totalMs: 100,
    meanMs: 10,
    rows: 10 * rowsACall,
    sharedBlocksHit: 0,
    sharedBlocksRead: 0,
    tempBlocksWritten: 0,
  },
  queries: expected.map((rows) => ({
    sql: String(rows),
    weight: 1,
    now: { cost: 1, overcharged: 0, rows, indexes: [], shape: "" },
  })),
  uses: [{ ...use, ...more }],
})

test("a larger sample is advised where rows lie far outside of what is expected, and the list is full", () => {
  const [change, ...others] = adviseTargets([statement(2, [5_000, 900])], [target], 0.005)
  expect(others).toEqual([])
  expect(change).toMatchObject({
    kind: "set-statistics-target",
    sql: "ALTER TABLE public.orders ALTER COLUMN customer SET STATISTICS 1000",
    inverse: "ALTER TABLE public.orders ALTER COLUMN customer SET STATISTICS -1",
    reason:
      "A statement gives 2 rows a call where 900 to 5,000 are expected, and all 100 places for common values of customer are taken.",
  })
})

test.each([
  ["within what is expected", statement(1_000, [5_000, 900]), target],
  ["off, but the list has room", statement(2, [5_000, 900]), { ...target, commonValues: 40 }],
  ["off, but another column has a say", statement(2, [5_000, 900], { ranged: ["created_at"] }), target],
  [
    "off, but the sample is as large as it gets",
    statement(2, [5_000, 900]),
    { ...target, target: 10_000, commonValues: 10_000 },
  ],
] as const)("none is where rows are %s", (_, seen, known) => {
  expect(adviseTargets([seen], [known], 0.005)).toEqual([])
})
