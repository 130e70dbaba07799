import type { SourceColumn, SourceTable } from "../source/source-catalog.ts"

/**
 * The statement that makes a table's shadow. A column of a type that the engine lacks is held as bytes, so that the other
 * columns still count.
 */
export const createTable = (table: SourceTable, hasExtension: (name: string) => boolean): string =>
  define(
    table,
    table.columns.map((column) =>
      column.extension === null || hasExtension(column.extension) ? defineColumn(column) : defineAsBytes(column),
    ),
  )

/** The same with nothing that may be missing: every type that is not the server's own is held as bytes. */
export const createPlainTable = (table: SourceTable): string =>
  define(
    table,
    table.columns.map((column) =>
      column.isBuiltIn ? defineColumn({ ...column, collation: null, generated: null }) : defineAsBytes(column),
    ),
  )

const define = (table: SourceTable, columns: readonly string[]): string =>
  [
    `CREATE TABLE ${quoteName(table.schema)}.${quoteName(table.name)} (${columns.join(", ")})`,
    ...(table.partitionKey === null ? [] : [`PARTITION BY ${table.partitionKey}`]),
    ...(table.options === null ? [] : [`WITH (${table.options})`]),
  ].join(" ")

const defineColumn = ({ name, type, collation, notNull, generated }: SourceColumn): string =>
  [
    quoteName(name),
    type,
    ...(collation === null ? [] : [`COLLATE ${collation}`]),
    ...(generated === null
      ? []
      : [`GENERATED ALWAYS AS (${generated.expression}) ${generated.stored ? "STORED" : "VIRTUAL"}`]),
    ...(notNull ? ["NOT NULL"] : []),
  ].join(" ")

const defineAsBytes = ({ name, notNull }: SourceColumn): string =>
  `${quoteName(name)} bytea${notNull ? " NOT NULL" : ""}`

export const quoteName = (name: string): string => `"${name.replaceAll('"', '""')}"`
