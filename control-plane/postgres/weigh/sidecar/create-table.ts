import type { SourceColumn, SourceTable } from "../source/source-catalog.ts"

/**
 * The statement that makes a table's shadow. A column of a type that the engine lacks is held as bytes, so that the other
 * columns still count.
 */
export const createTable = (table: SourceTable, hasExtension: (name: string) => boolean): string => {
  const columns = table.columns.map((column) =>
    defineColumn(column, column.extension === null || hasExtension(column.extension)),
  )
  return [
    `CREATE TABLE ${quoteName(table.schema)}.${quoteName(table.name)} (${columns.join(", ")})`,
    ...(table.partitionKey === null ? [] : [`PARTITION BY ${table.partitionKey}`]),
    ...(table.options === null ? [] : [`WITH (${table.options})`]),
  ].join(" ")
}

const defineColumn = ({ name, type, collation, notNull, generated }: SourceColumn, isKnown: boolean): string =>
  [
    quoteName(name),
    isKnown ? type : "bytea",
    ...(collation === null || !isKnown ? [] : [`COLLATE ${collation}`]),
    ...(generated === null || !isKnown
      ? []
      : [`GENERATED ALWAYS AS (${generated.expression}) ${generated.stored ? "STORED" : "VIRTUAL"}`]),
    ...(notNull ? ["NOT NULL"] : []),
  ].join(" ")

export const quoteName = (name: string): string => `"${name.replaceAll('"', '""')}"`
