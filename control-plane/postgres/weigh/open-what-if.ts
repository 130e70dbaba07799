import type { Database } from "../database.ts"
import type { CandidateIndex, Exactness, IndexSwitches, QueryPlan, WhatIf } from "../what-if.ts"
import { startEngine } from "./engine/start-engine.ts"
import { makePrivateFolder } from "./engine/private-folder.ts"
import { openHypopg } from "./hypopg/open-hypopg.ts"
import { buildSidecar } from "./sidecar/build-sidecar.ts"
import type { IndexDescription } from "./sidecar/describe-indexes.ts"
import { createTurns } from "./sidecar/in-turn.ts"
import { maskError } from "./sidecar/mask-error.ts"
import { settingsLike } from "./sidecar/plan-ways.ts"
import { readPlan } from "./sidecar/read-plan.ts"
import { createSuppose } from "./sidecar/suppose-dependency.ts"
import { readHost, readSource } from "./source/read-source.ts"
import type { SourceCatalog } from "./source/source-catalog.ts"

export interface WhatIfOptions {
  readonly onProgress?: (step: string) => void
  /** A folder with `initdb` and `postgres` of the source's major version; `VOLTGATE_POSTGRES_BIN` unless given. */
  readonly binaries?: string | undefined
  /**
   * `pglite`: even where programs are found, and for a source of another version, which is then not exact. `hypopg`: by that extension in the source itself, if
   * it is installed there.
   */
  readonly engine?: "automatic" | "pglite" | "hypopg"
}

/**
 * Opens a planner that stands for the source's, with indexes that do not exist. The source sees reads of its catalog and
 * statistics; all else happens in a Postgres of our own without a row. Its folder holds users' values (in statistics), is
 * readable by this user alone and goes away on close.
 */
export const openWhatIf = async (
  source: Database,
  asked: readonly CandidateIndex[] | Promise<readonly CandidateIndex[]>,
  {
    onProgress = () => undefined,
    binaries = process.env["VOLTGATE_POSTGRES_BIN"],
    engine: wanted = "automatic",
  }: WhatIfOptions = {},
): Promise<WhatIf> => {
  // Each is awaited in its turn; one that fails before must not end the process.
  const asking = Promise.resolve(asked)
  asking.catch(() => undefined)
  if (wanted === "hypopg") return openHypopg(source, await asking)
  onProgress("Starting a Postgres without rows beside the database")
  const host = await readHost(source)
  const folder = await makePrivateFolder()
  await using opening = new AsyncDisposableStack()
  opening.defer(folder.remove)
  const starting = startEngine(host, { folder: folder.path, binaries, wanted })
  starting.catch(() => undefined)
  opening.defer(async () => {
    const started = await starting.catch(() => undefined)
    await started?.engine[Symbol.asyncDispose]()
  })
  onProgress("Reading the catalog and the statistics")
  const catalog = await readSource(source, host)
  const candidates = await asking
  const { engine, note } = await starting
  const { indexes, sizes, refused, missing } = await buildSidecar(engine, catalog, candidates)
  for (const { name, value } of catalog.settings) {
    await engine.session.query("SELECT set_config($1, $2, false)", [name, value]).catch(() => undefined)
  }
  await engine.session.query(`SET search_path = ${catalog.server.searchPath}`)
  const surroundings = { nameOf: createNameOf(indexes), rowsPerPage: createRowsPerPage(indexes, catalog) }
  const show = createSwitch(engine.admin, indexes, candidates)
  const inTurn = createTurns()
  const suppose = createSuppose(engine)
  const explain = async (sql: string): Promise<QueryPlan> => {
    try {
      return readPlan(await engine.session.query(`EXPLAIN (FORMAT JSON) ${sql}`), surroundings)
    } catch (error) {
      throw maskError(error)
    }
  }
  const explainLike = async (sql: string, like: QueryPlan): Promise<QueryPlan> => {
    await engine.session.query("BEGIN")
    try {
      for (const setting of settingsLike(like)) await engine.session.query(`SET LOCAL ${setting} = off`)
      return await explain(sql)
    } finally {
      await engine.session.query("ROLLBACK")
    }
  }
  const open = opening.move()
  return {
    exactness: judge(catalog.server.major, engine.major, [...note, ...catalog.missing, ...missing]),
    sizeBytes: (candidate) => sizes.get(candidate) ?? 0,
    refused,
    plan: ({ sql }, switches) =>
      inTurn(async () => {
        await show(switches)
        return explain(sql)
      }),
    planDependent: ({ sql }, dependency, like) =>
      inTurn(async () => {
        await show({ on: new Set() })
        return suppose(dependency, () => (like === undefined ? explain(sql) : explainLike(sql, like)))
      }),
    [Symbol.asyncDispose]: () => open.disposeAsync(),
  }
}

const judge = (sourceMajor: number, engineMajor: number, missing: readonly string[]): Exactness => {
  const sameMajor = sourceMajor === engineMajor
  const about = sameMajor
    ? `Planned by Postgres ${engineMajor}, the database's own version.`
    : `Planned by Postgres ${engineMajor} for a database of Postgres ${sourceMajor}: costs may differ.`
  return { sourceMajor, engineMajor, exact: sameMajor && missing.length === 0, note: [about, ...missing].join(" ") }
}

/** Partitions' indexes go by the name of the index that they are parts of. */
const createNameOf = (indexes: readonly IndexDescription[]): ((index: string) => string) => {
  const byOid = new Map(indexes.map(({ oid, name }) => [oid, name]))
  const names = new Map(indexes.map(({ name, root }) => [name, byOid.get(root) ?? name]))
  return (index) => names.get(index) ?? index
}

const createRowsPerPage = (
  indexes: readonly IndexDescription[],
  { tables }: SourceCatalog,
): ((index: string) => number | undefined) => {
  const brin = new Map(indexes.filter(({ method }) => method === "brin").map((index) => [index.name, index]))
  return (name) => {
    const index = brin.get(name)
    const table = tables.find((each) => each.schema === index?.tableSchema && each.name === index.table)
    return index === undefined || table === undefined ? undefined : Math.max(1, table.rows) / Math.max(1, table.pages)
  }
}

/** Shows the planner some indexes and hides others; only those whose state differs are touched. */
const createSwitch = (admin: Database, indexes: readonly IndexDescription[], candidates: readonly CandidateIndex[]) => {
  const names = new Set(candidates.map(({ name }) => name))
  const byOid = new Map(indexes.map((index) => [index.oid, index]))
  const switched = indexes.map(({ oid, root }) => {
    const { schema, name } = byOid.get(root) ?? { schema: "", name: "" }
    return { oid, name, qualified: `${schema}.${name}`, isCandidate: names.has(name), isOn: !names.has(name) }
  })
  return async ({ on, hidden }: IndexSwitches): Promise<void> => {
    const wanted = (index: (typeof switched)[number]): boolean =>
      index.isCandidate ? on.has(index.name) : hidden?.has(index.qualified) !== true
    const changed = switched.filter((index) => index.isOn !== wanted(index))
    if (changed.length === 0) return
    await admin.query("UPDATE pg_index SET indisvalid = NOT indisvalid WHERE indexrelid = ANY ($1::text[]::oid[])", [
      changed.map(({ oid }) => oid),
    ])
    for (const index of changed) index.isOn = !index.isOn
  }
}
