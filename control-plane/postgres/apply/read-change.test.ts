import { expect, test } from "vitest"
import { readChange } from "./read-change.ts"
import { indexOn } from "./testing.ts"

test("reads an index's definition as it stands, odd identifiers included", async () => {
  const sql = `CREATE INDEX voltgate_note ON public.orders USING btree (lower("Größe") DESC) WHERE note = 'ö';`
  expect(await readChange(indexOn("note", { sql }))).toEqual({
    kind: "create-index",
    name: "voltgate_note",
    definition: `public.orders USING btree (lower("Größe") DESC) WHERE note = 'ö'`,
  })
})

test.each([
  ["two statements", "CREATE INDEX voltgate_note ON public.orders (note); DROP TABLE orders"],
  ["another kind", "DROP TABLE public.orders"],
  ["another table", "CREATE INDEX voltgate_note ON public.users (note)"],
  ["no schema", "CREATE INDEX voltgate_note ON orders (note)"],
  ["another name", "CREATE INDEX idx_note ON public.orders (note)"],
  ["a unique index", "CREATE UNIQUE INDEX voltgate_note ON public.orders (note)"],
  ["no SQL", "CREATE INDEX voltgate_note ON public.orders (note"],
])("refuses a change whose statement is %s", async (_, sql) => {
  await expect(readChange(indexOn("note", { sql }))).rejects.toThrow(/^Its statement is not /)
})

test.each([
  ["analyze", "ANALYZE public.orders (note)", "ANALYZE public.users"],
  [
    "create-statistics",
    "CREATE STATISTICS public.voltgate_note ON id, note FROM public.orders",
    "CREATE STATISTICS public.other ON id, note FROM public.orders",
  ],
  [
    "set-statistics-target",
    "ALTER TABLE public.orders ALTER note SET STATISTICS 500",
    "ALTER TABLE public.orders DROP COLUMN note",
  ],
  [
    "set-table-option",
    "ALTER TABLE public.orders SET (autovacuum_vacuum_scale_factor = 0.01)",
    "ALTER TABLE public.orders SET UNLOGGED",
  ],
  ["drop-index", "DROP INDEX public.voltgate_note", "DROP INDEX public.voltgate_note CASCADE"],
] as const)("takes a statement of %s for what it is, and no other", async (kind, sql, other) => {
  expect((await readChange(indexOn("note", { kind, sql }))).kind).toBe(kind)
  await expect(readChange(indexOn("note", { kind, sql: other }))).rejects.toThrow(/^Its statement is not /)
})
