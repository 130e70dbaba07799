import * as v from "valibot"
import type { Engine } from "../engine/engine.ts"
import type { SchemaStatement, SourceCatalog, SourceTable } from "../source/source-catalog.ts"
import { createPlainTable, createTable, quoteName } from "./create-table.ts"
import { runSettled } from "./run-settled.ts"

/**
 * Makes the source's schema in the engine. What needs an extension that the engine lacks stays away, and so does what needs that;
 * gives what did, e.g. `index public.places_shape`.
 */
export const createSchema = async (engine: Engine, catalog: SourceCatalog): Promise<readonly string[]> => {
  const { admin, session } = engine
  await runSettled(admin, catalog.extensions.flatMap(createExtension))
  await runSettled(admin, catalog.collations)
  const present = v.parse(
    v.array(v.object({ name: v.string() })),
    await admin.query("SELECT extname AS name FROM pg_extension"),
  )
  const names = new Set(present.map(({ name }) => name))
  const tables = new Map(catalog.tables.map((table) => [subjectOf(table), table]))
  const first = await runSettled(session, [
    ...catalog.prelude,
    ...[...tables].map(([subject, table]) => ({ subject, sql: createTable(table, (name) => names.has(name)) })),
  ])
  const again = [...first.keys()].map((statement) => {
    const table = tables.get(statement.subject)
    return table === undefined ? statement : { subject: statement.subject, sql: createPlainTable(table) }
  })
  const failed = await runSettled(session, [
    ...again,
    ...catalog.bindings,
    ...catalog.indexes.map(({ schema, name, sql }) => ({ subject: `index ${schema}.${name}`, sql })),
    ...catalog.postlude,
  ])
  return [...failed.keys()].map(({ subject }) => subject)
}

const subjectOf = ({ schema, name }: SourceTable): string => `table ${schema}.${name}`

const createExtension = ({ name, schema }: SourceCatalog["extensions"][number]): readonly SchemaStatement[] => {
  const into = quoteName(schema)
  return [
    { subject: schema, sql: `CREATE SCHEMA IF NOT EXISTS ${into}` },
    { subject: schema, sql: `GRANT ALL ON SCHEMA ${into} TO PUBLIC` },
    { subject: name, sql: `CREATE EXTENSION IF NOT EXISTS ${quoteName(name)} SCHEMA ${into} CASCADE` },
  ]
}
