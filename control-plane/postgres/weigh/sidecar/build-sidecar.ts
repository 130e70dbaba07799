import { join } from "node:path"
import * as v from "valibot"
import type { Database } from "../../database.ts"
import type { CandidateIndex } from "../../what-if.ts"
import type { Engine } from "../engine/engine.ts"
import { writeRelation } from "../files/write-relation.ts"
import type { ColumnStatistics, SourceCatalog, SourceTable } from "../source/source-catalog.ts"
import { createSchema } from "./create-schema.ts"
import { quoteName } from "./create-table.ts"
import { describeIndexes } from "./describe-indexes.ts"
import type { IndexDescription } from "./describe-indexes.ts"
import { restoreExtendedStatistics } from "./extended-statistics.ts"
import { restoreStatistics } from "./restore-statistics.ts"
import { reasonsOf, runTogether } from "./run-settled.ts"
import { createStatisticsOf, lendStatistics } from "./statistics-of.ts"
import { writeIndexes } from "./write-indexes.ts"

export interface Sidecar {
  /** Every index of the engine that the planner may be shown; none of the candidates is on. */
  readonly indexes: readonly IndexDescription[]
  /** Estimated size in bytes of each candidate that could be made. */
  readonly sizes: ReadonlyMap<string, number>
  readonly refused: ReadonlyMap<string, string>
  /** What of the source the engine lacks, in sentences. */
  readonly missing: readonly string[]
}

/**
 * Makes an engine know what the source's planner knows. The order matters: CREATE INDEX on a table whose file has grown would
 * scan it and set its row count to zero, so everything is created while the files are empty.
 */
export const buildSidecar = async (
  engine: Engine,
  catalog: SourceCatalog,
  candidates: readonly CandidateIndex[],
): Promise<Sidecar> => {
  const { admin, session } = engine
  await session.query("SET check_function_bodies = off")
  await session.query(`SET search_path = ${catalog.server.searchPath}`)
  const failures = await createSchema(engine, catalog)
  const refused = reasonsOf(
    await runTogether(
      session,
      candidates.map(({ name, definition }) => ({
        subject: name,
        sql: `CREATE INDEX ${quoteName(name)} ${definition}`,
      })),
    ),
  )
  const indexes = await describeIndexes(admin)
  await growTables(engine, catalog.tables)
  const statistics = [...catalog.statistics, ...(await lend(session, catalog, candidates, indexes))]
  const unreadable = await restoreStatistics(admin, statistics, { sortsText: !engine.hasLocale })
  const unrestored = await restoreExtendedStatistics(engine, catalog.extended)
  const sizes = await writeIndexes(engine, {
    catalog,
    candidates,
    indexes,
    statisticsOf: createStatisticsOf(statistics),
  })
  return { indexes, sizes, refused, missing: describeMissing(failures, unreadable, unrestored) }
}

const growTables = async ({ admin, dataFolder, owner }: Engine, tables: readonly SourceTable[]): Promise<void> => {
  const files = v.parse(
    v.array(v.object({ schema: v.string(), name: v.string(), file: v.nullable(v.string()) })),
    await admin.query(
      `UPDATE pg_class c SET relpages = g.pages, reltuples = g.rows, relallvisible = g."allVisiblePages"
       FROM json_to_recordset($1::json) AS g (schema text, name text, pages int, rows float4, "allVisiblePages" int)
         JOIN pg_namespace n ON n.nspname = g.schema
       WHERE c.relnamespace = n.oid AND c.relname = g.name
       RETURNING g.schema, g.name, pg_relation_filepath(c.oid) AS file`,
      [
        JSON.stringify(
          tables.map(({ schema, name, pages, rows, allVisiblePages }) => ({
            schema,
            name,
            pages,
            rows,
            allVisiblePages,
          })),
        ),
      ],
    ),
  )
  const sizes = new Map(tables.map(({ schema, name, sizeBytes }) => [JSON.stringify([schema, name]), sizeBytes]))
  for (const { schema, name, file } of files) {
    const sizeBytes = sizes.get(JSON.stringify([schema, name])) ?? 0
    if (file !== null && sizeBytes > 0) writeRelation(join(dataFolder, file), sizeBytes, new Uint8Array(0), owner)
  }
}

const lend = async (
  engine: Database,
  { tables, statistics }: SourceCatalog,
  candidates: readonly CandidateIndex[],
  indexes: readonly IndexDescription[],
): Promise<readonly ColumnStatistics[]> => {
  const names = new Set(candidates.map(({ name }) => name))
  const statisticsOf = createStatisticsOf(statistics)
  const lent: ColumnStatistics[] = []
  for (const index of indexes.filter(({ name }) => names.has(name))) {
    const table = tables.find(({ schema, name }) => schema === index.tableSchema && name === index.table)
    if (table !== undefined) lent.push(...(await lendStatistics(engine, index, table, statisticsOf)))
  }
  return lent
}

const describeMissing = (
  failures: readonly string[],
  unreadable: readonly string[],
  unrestored: readonly string[],
): readonly string[] =>
  (
    [
      ["Left out, as the engine lacks what they need", failures],
      ["Statistics that the engine does not take", unreadable],
      ["Common combinations and expressions of extended statistics are not carried over", unrestored],
    ] as const
  )
    .filter(([, names]) => names.length > 0)
    .map(([what, names]) => `${what}: ${shortList(names)}.`)

const shortList = (names: readonly string[]): string =>
  names.length <= 5 ? names.join(", ") : `${names.slice(0, 5).join(", ")} and ${names.length - 5} more`
