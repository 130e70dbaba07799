import * as v from "valibot"
import type { Database } from "../../database.ts"
import {
  bindingQueries,
  collationsQuery,
  extendedQuery,
  extensionsQuery,
  foreignQuery,
  hiddenQuery,
  indexesQuery,
  postludeQueries,
  preludeQueries,
  serverQuery,
  settingsQuery,
  statisticsQuery,
  tablesQuery,
} from "./schema-queries.ts"
import {
  columnStatistics,
  extendedStatistics,
  schemaStatement,
  serverFacts,
  sourceExtension,
  sourceIndex,
  sourceTable,
} from "./source-catalog.ts"
import type { SchemaStatement, SourceCatalog, SourceHost } from "./source-catalog.ts"

const named = v.object({ name: v.string() })
const setting = v.object({ name: v.string(), value: v.string() })

const readRows = async <T>(source: Database, schema: v.GenericSchema<unknown, T>, sql: string): Promise<readonly T[]> =>
  v.parse(v.array(schema), await source.query(sql))

/** Reads what an engine must be to stand for this one. */
export const readHost = async (source: Database): Promise<SourceHost> => {
  const [server] = await readRows(source, serverFacts, serverQuery)
  if (server === undefined) throw new Error("The server does not say which database this is.")
  return { server, extensions: await readRows(source, sourceExtension, extensionsQuery) }
}

/**
 * Reads what the planner of a database knows: its schema, statistics and settings. Catalog reads only: no row of a table,
 * no EXPLAIN, nothing is made.
 */
export const readSource = async (source: Database, host: SourceHost): Promise<SourceCatalog> => {
  const read = <T>(schema: v.GenericSchema<unknown, T>, sql: string): Promise<readonly T[]> =>
    readRows(source, schema, sql)
  const readAll = async (queries: readonly string[]): Promise<readonly SchemaStatement[]> => {
    const statements: SchemaStatement[] = []
    for (const sql of queries) statements.push(...(await read(schemaStatement, sql)))
    return statements
  }
  return {
    ...host,
    collations: await read(schemaStatement, collationsQuery),
    prelude: await readAll(preludeQueries),
    tables: await read(sourceTable, tablesQuery),
    bindings: await readAll(bindingQueries),
    indexes: await read(sourceIndex, indexesQuery),
    postlude: await readAll(postludeQueries),
    statistics: await read(columnStatistics, statisticsQuery),
    extended: await read(extendedStatistics, extendedQuery),
    settings: await read(setting, settingsQuery),
    missing: [
      ...list(
        "Statistics are hidden from this role, so that the planner guesses",
        await read(named, hiddenQuery),
        " (GRANT SELECT on them, or pg_read_all_data, cures it)",
      ),
      ...list("Foreign tables are left out", await read(named, foreignQuery)),
    ],
  }
}

const list = (what: string, found: readonly { readonly name: string }[], cure = ""): readonly string[] => {
  if (found.length === 0) return []
  const shown = found.slice(0, 5).map(({ name }) => name)
  return [`${what}: ${shown.join(", ")}${found.length > 5 ? ` and ${found.length - 5} more` : ""}${cure}.`]
}
