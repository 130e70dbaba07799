import { describe, expect, test } from "vitest"
import { readPlan } from "./read-plan.ts"

const explained = (plan: object) => [{ "QUERY PLAN": [{ Plan: plan }] }]
const scan = { "Node Type": "Seq Scan", "Relation Name": "t", "Total Cost": 900, "Plan Rows": 5_000 }

describe("a plan says how many rows it expects", () => {
  test("at its root", () => {
    expect(readPlan(explained(scan))).toMatchObject({ cost: 900, rows: 5_000, overcharged: 0 })
    expect(readPlan(explained(scan))).not.toHaveProperty("limit")
  })

  test("below a LIMIT, with what it would cost to give them all", () => {
    const limited = { "Node Type": "Limit", "Total Cost": 4, "Plan Rows": 20, Plans: [scan] }
    expect(readPlan(explained(limited))).toMatchObject({ cost: 4, rows: 5_000, limit: { rows: 20, costWithout: 900 } })
  })

  test("below what changes them, which gives none itself", () => {
    const changed = { "Node Type": "ModifyTable", "Total Cost": 901, "Plan Rows": 0, Plans: [scan] }
    expect(readPlan(explained(changed)).rows).toBe(5_000)
  })
})

test("the pages of a BRIN index's ranges are charged as pages that lie together", () => {
  const bitmap = { "Node Type": "Bitmap Index Scan", "Index Name": "i", "Total Cost": 12, "Plan Rows": 8_000 }
  const heap = {
    "Node Type": "Bitmap Heap Scan",
    "Relation Name": "t",
    "Total Cost": 17_000,
    "Plan Rows": 170,
    Plans: [bitmap],
  }
  const { cost, overcharged } = readPlan(explained(heap), { rowsPerPage: () => 80 })
  // 12 for the index, 100 pages, 8,000 rows to look at.
  expect(cost - overcharged).toBeCloseTo(12 + 100 + 100)
  expect(readPlan(explained(heap)).overcharged).toBe(0)
})
