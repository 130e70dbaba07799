import { open } from "node:fs/promises"
import { join } from "node:path"
import * as v from "valibot"
import type { Database } from "../../database.ts"
import type { CandidateIndex } from "../../what-if.ts"
import type { Engine } from "../engine/engine.ts"
import { growFile } from "../files/grow-file.ts"
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
  readonly head?: Uint8Array
}

const pageBytes = 8192

/** Gives every index its length and its first pages, and turns the candidates off. Gives the candidates' sizes in bytes. */
export const writeIndexes = async (engine: Engine, shown: Shown): Promise<ReadonlyMap<string, number>> => {
  const measured = await measure(engine.session, shown)
  const candidateOf = createCandidateOf(shown)
  await engine.admin.query(
    `UPDATE pg_class c SET relpages = g.pages, reltuples = g.rows
     FROM json_to_recordset($1::json) AS g (oid oid, pages int, rows float4) WHERE c.oid = g.oid`,
    [JSON.stringify(measured.map(({ index: { oid }, pages, rows }) => ({ oid, pages, rows })))],
  )
  await engine.admin.query(
    `UPDATE pg_index i SET indimmediate = false FROM json_to_recordset($1::json) AS g (schema text, name text)
     WHERE i.indexrelid = format('%I.%I', g.schema, g.name)::regclass`,
    [
      JSON.stringify(
        shown.catalog.indexes
          .filter(({ immediate }) => !immediate)
          .map(({ schema, name }) => ({ schema, name }))
          .filter(known(shown.indexes)),
      ),
    ],
  )
  await engine.admin.query(`UPDATE pg_index SET indisvalid = false WHERE indexrelid = ANY ($1::text[]::oid[])`, [
    shown.indexes.filter((index) => candidateOf(index) !== undefined).map(({ oid }) => oid),
  ])
  await engine.admin.query("CHECKPOINT")
  await engine.offline(async () => {
    for (const { index, sizeBytes, head } of measured) {
      if (index.file === null) continue
      const path = join(engine.dataFolder, index.file)
      if (head !== undefined) await writeHead(path, head)
      await growFile(path, Math.max(sizeBytes, head?.length ?? 0), engine.owner)
    }
  })
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

const known = (indexes: readonly IndexDescription[]) => {
  const keys = new Set(indexes.map(({ schema, name }) => JSON.stringify([schema, name])))
  return ({ schema, name }: { readonly schema: string; readonly name: string }): boolean =>
    keys.has(JSON.stringify([schema, name]))
}

const writeHead = async (path: string, head: Uint8Array): Promise<void> => {
  const file = await open(path, "r+")
  await file.truncate(0)
  await file.write(head, 0, head.length, 0)
  await file.close()
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
      ...(head === undefined ? {} : { head }),
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
