import { dirname, join } from "node:path"
import * as v from "valibot"
import type { Database } from "../../database.ts"
import type { CandidateIndex } from "../../what-if.ts"
import type { Engine } from "../engine/engine.ts"
import { writeRelation } from "../files/write-relation.ts"
import type { SourceCatalog } from "../source/source-catalog.ts"
import { quoteName } from "./create-table.ts"
import type { IndexDescription } from "./describe-indexes.ts"
import { createEstimate } from "./estimate-index.ts"
import type { StatisticsOf } from "./statistics-of.ts"

interface Shown {
  readonly catalog: SourceCatalog
  readonly candidates: readonly CandidateIndex[]
  readonly indexes: readonly IndexDescription[]
  readonly statisticsOf: StatisticsOf
}

/** How long an index's file is to be, what its first pages say, and what `pg_class` says of it. */
interface Measured {
  readonly index: IndexDescription
  readonly sizeBytes: number
  readonly pages: number
  readonly rows: number
  readonly head: Uint8Array
}

const pageBytes = 8192

/** Far above the numbers that a fresh cluster gives to its files. */
const firstFile = 1_000_000_000

/**
 * Gives every index its length and its first pages, and turns the candidates off. Gives the candidates' sizes in bytes. Each gets a
 * new file, as the server would by REINDEX: it may still hold pages of the old one in its memory.
 */
export const writeIndexes = async (engine: Engine, shown: Shown): Promise<ReadonlyMap<string, number>> => {
  const measured = await measure(engine.session, shown)
  const candidateOf = createCandidateOf(shown)
  const placed: { readonly oid: string; readonly pages: number; readonly rows: number; readonly file: number }[] = []
  for (const { index, sizeBytes, pages, rows, head } of measured) {
    if (index.file === null) continue
    const file = firstFile + placed.length
    const path = join(engine.dataFolder, dirname(index.file), String(file))
    writeRelation(path, sizeBytes, head, engine.owner)
    placed.push({ oid: index.oid, pages, rows, file })
  }
  await engine.admin.query(
    `UPDATE pg_class c SET relpages = g.pages, reltuples = g.rows, relfilenode = g.file
     FROM json_to_recordset($1::json) AS g (oid oid, pages int, rows float4, file oid) WHERE c.oid = g.oid`,
    [JSON.stringify(placed)],
  )
  const deferrable = shown.catalog.indexes.filter(({ immediate }) => !immediate)
  await engine.admin.query(
    `UPDATE pg_index i SET indimmediate = false
     FROM json_to_recordset($1::json) AS g (schema text, name text) JOIN pg_namespace n ON n.nspname = g.schema
       JOIN pg_class c ON c.relnamespace = n.oid AND c.relname = g.name
     WHERE i.indexrelid = c.oid`,
    [JSON.stringify(deferrable.map(({ schema, name }) => ({ schema, name })))],
  )
  await engine.admin.query("UPDATE pg_index SET indisvalid = false WHERE indexrelid = ANY ($1::text[]::oid[])", [
    shown.indexes.filter((index) => candidateOf(index) !== undefined).map(({ oid }) => oid),
  ])
  const sizes = new Map<string, number>()
  for (const { index, sizeBytes } of measured) {
    const name = candidateOf(index)
    if (name !== undefined) sizes.set(name, (sizes.get(name) ?? 0) + sizeBytes)
  }
  return sizes
}

/** The candidate that an index is, or is a partition's part of. */
const createCandidateOf = ({ indexes, candidates }: Shown): ((index: IndexDescription) => string | undefined) => {
  const names = new Set(candidates.map(({ name }) => name))
  const byOid = new Map(indexes.map(({ oid, name }) => [oid, name]))
  return ({ root }) => {
    const name = byOid.get(root)
    return name !== undefined && names.has(name) ? name : undefined
  }
}

const measure = async (session: Database, { catalog, indexes, statisticsOf }: Shown): Promise<readonly Measured[]> => {
  const estimate = createEstimate(session, statisticsOf)
  const keyOf = (schema: string, name: string): string => JSON.stringify([schema, name])
  const real = new Map(catalog.indexes.map((index) => [keyOf(index.schema, index.name), index]))
  const tables = new Map(catalog.tables.map((table) => [keyOf(table.schema, table.name), table]))
  const measured: Measured[] = []
  for (const index of indexes.filter(({ isPartitioned }) => !isPartitioned)) {
    const table = tables.get(keyOf(index.tableSchema, index.table))
    if (table === undefined) continue
    const ofTable = { rows: currentRows(table), pages: table.sizeBytes / pageBytes }
    const existing = real.get(keyOf(index.schema, index.name))
    const rows =
      existing?.rows ?? (index.predicate === null ? ofTable.rows : await matchingRows(session, index, index.predicate))
    const truePages = existing === undefined ? undefined : existing.sizeBytes / pageBytes
    const { pages, head } = await estimate(index, rows, ofTable, truePages)
    measured.push({
      index,
      sizeBytes: pages * pageBytes,
      pages: existing?.pages ?? pages,
      rows,
      head,
    })
  }
  return measured
}

/** The planner's way to the rows of now: those of the last count, in step with the file. */
const currentRows = ({
  rows,
  pages,
  sizeBytes,
}: {
  readonly rows: number
  readonly pages: number
  readonly sizeBytes: number
}): number => (rows <= 0 || pages <= 0 ? 0 : (rows / pages) * (sizeBytes / pageBytes))

const estimated = v.tuple([
  v.object({ "QUERY PLAN": v.tuple([v.object({ Plan: v.object({ "Plan Rows": v.number() }) })]) }),
])

const matchingRows = async (
  session: Database,
  { tableSchema, table }: IndexDescription,
  predicate: string,
): Promise<number> => {
  const rows = await session.query(
    `EXPLAIN (FORMAT JSON) SELECT FROM ONLY ${quoteName(tableSchema)}.${quoteName(table)} WHERE ${predicate}`,
  )
  return v.parse(estimated, rows)[0]["QUERY PLAN"][0].Plan["Plan Rows"]
}
