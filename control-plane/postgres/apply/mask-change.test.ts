import { expect, test } from "vitest"
import { maskChange } from "./mask-change.ts"
import { indexOn } from "./testing.ts"

test("values in an index's condition are hidden, in what makes it and in what brings it back", () => {
  const sql = "CREATE INDEX voltgate_id ON public.orders (id) WHERE note = 'anna' AND id > 42"
  const hidden = "CREATE INDEX voltgate_id ON public.orders (id) WHERE note = ? AND id > ?"
  expect(maskChange(indexOn("id", { sql })).sql).toBe(hidden)
  expect(maskChange(indexOn("id", { kind: "drop-index", sql: "DROP INDEX public.i", inverse: sql })).inverse).toBe(
    hidden,
  )
})

test("numbers that are ours show", () => {
  const sql = "ALTER TABLE public.orders SET (autovacuum_vacuum_scale_factor = 0.02)"
  expect(maskChange(indexOn("id", { kind: "set-table-option", sql })).sql).toBe(sql)
})
