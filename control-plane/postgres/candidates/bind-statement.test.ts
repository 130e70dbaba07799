import { describe, expect, test } from "vitest"
import type { Table } from "../observe/read-tables.ts"
import { bindStatement } from "./bind-statement.ts"
import { columnOf } from "./testing.ts"

const table: Table = {
  schema: "public",
  name: "orders",
  rows: 100_000,
  sizeBytes: 10_000_000,
  writes: 0,
  indexes: [],
  columns: [
    columnOf("status", { distinct: 3, samples: ["done", "failed", "open"], shares: [0.9, 0.06, 0.04] }),
    columnOf("reference", { samples: ["R-11111111", "R-55555555", "R-99999999"] }),
    columnOf("created_at", {
      type: "timestamp with time zone",
      category: "D",
      samples: ["2026-01-01", "2026-06-01", "2026-10-01"],
    }),
    columnOf("payload", {
      type: "jsonb",
      category: "U",
      samples: ['{"path": "/a", "session": "s1"}', '{"path": "/b", "session": "s2"}'],
    }),
  ],
}

const bind = async (text: string) => {
  const bound = await bindStatement(text, [table])
  if (bound.kind === "skipped") throw new Error(bound.reason)
  return bound.queries.map(({ sql, likelihood }) => ({ sql: sql.replaceAll(/\s+/g, " "), likelihood }))
}

describe("parameters become constants", () => {
  test("of the columns that they are compared with, common and rare ones in several ways", async () => {
    const queries = await bind("SELECT reference FROM orders WHERE status = $1 AND created_at > $2 LIMIT $3")
    expect(queries.map(({ sql }) => sql.replace("SELECT reference FROM orders WHERE ", ""))).toEqual([
      "status = 'done' AND created_at > '2026-10-01' LIMIT 20",
      "status = 'failed' AND created_at > '2026-06-01' LIMIT 20",
      "status = 'open' AND created_at > '2026-10-01' LIMIT 20",
      "status = 'done' AND created_at > '2026-01-01' LIMIT 20",
      "status = 'open' AND created_at > '2026-06-01' LIMIT 20",
    ])
  })

  test("that are the less likely the more rows have them, as nobody asks for what nearly all are", async () => {
    const queries = await bind("SELECT reference FROM orders WHERE status = $1")
    expect(queries.map(({ likelihood }) => Number(likelihood.toFixed(2)))).toEqual([0.1, 0.94, 0.96])
  })

  test("that none of the sampled values begin with or contain, as one of those stands for a hundredth of all", async () => {
    const [beginning] = await bind("SELECT 1 FROM orders WHERE reference LIKE $1")
    expect(beginning?.sql).toMatch(/LIKE 'R-5555\d%'|LIKE 'R-11112%'|LIKE 'R-99990%'/)
    const [contained] = await bind("SELECT 1 FROM orders WHERE payload @> $1")
    expect(contained?.sql).toMatch(/'\{"session":"s3"\}'/)
  })

  test("of a field of sampled documents", async () => {
    const queries = await bind("SELECT 1 FROM orders WHERE payload ->> 'path' = $1")
    expect(queries.map(({ sql }) => sql.slice(-4))).toEqual(["'/a'", "'/b'"])
  })
})

test.each([
  ["SELECT 1; SELECT 2", "it is not one statement"],
  ["SELECT 1 FROM orders WHERE sta", undefined],
  ["SELECT 1 FROM orders WHERE status = $", "it cannot be read: it may have been cut"],
  ["VACUUM orders", "it is no query"],
])("%s is skipped where it cannot be planned: %s", async (text, reason) => {
  const bound = await bindStatement(text, [table])
  expect(bound.kind === "skipped" ? bound.reason : undefined).toBe(reason)
})
