import type { Database } from "../../control-plane/postgres/database.ts"
import type { CandidateIndex, WhatIf } from "../../control-plane/postgres/what-if.ts"
import { readPlan } from "../../control-plane/postgres/weigh/sidecar/read-plan.ts"

/** A query's plan by what-if planning beside the database's own with the index really built. */
export interface Pair {
  readonly index: string
  readonly query: string
  /** Relative, 0.01 for one percent. */
  readonly costError: number
  readonly isSamePlan: boolean
  /** The database does use the index. */
  readonly isUsed: boolean
  readonly realShape: string
  readonly shape: string
}

export interface Size {
  readonly index: string
  readonly realBytes: number
  readonly bytes: number
}

export interface Comparison {
  readonly pairs: readonly Pair[]
  readonly sizes: readonly Size[]
}

/** Builds one index after the other for real, each alone, and compares every query of its table; then all without any. */
export const compareIndexes = async (
  database: Database,
  whatIf: WhatIf,
  indexes: readonly CandidateIndex[],
  queries: readonly string[],
  { analyzes }: { readonly analyzes: boolean },
): Promise<Comparison> => {
  const pairs: Pair[] = []
  const sizes: Size[] = []
  const compare = async (index: string | undefined, query: string): Promise<void> => {
    const real = readPlan(await database.query(`EXPLAIN (FORMAT JSON) ${query}`), { nameOf: nameOfParent })
    const planned = await whatIf.plan({ sql: query }, { on: new Set(index === undefined ? [] : [index]) })
    pairs.push({
      index: index ?? "none",
      query,
      costError: Math.abs(planned.cost - real.cost) / real.cost,
      isSamePlan: planned.shape === real.shape,
      isUsed: index !== undefined && real.indexes.includes(index),
      realShape: real.shape,
      shape: planned.shape,
    })
  }
  for (const query of queries) await compare(undefined, query)
  for (const { name, table, definition } of indexes) {
    await database.query(`CREATE INDEX ${name} ${definition}`)
    if (analyzes) await database.query(`ANALYZE ${table}`)
    for (const query of queries.filter((each) => new RegExp(`\\b${table}\\b`).test(each))) await compare(name, query)
    sizes.push({ index: name, realBytes: await sizeOf(database, name), bytes: whatIf.sizeBytes(name) })
    await database.query(`DROP INDEX ${name}`)
  }
  return { pairs, sizes }
}

/** The only partitioned index here; its parts are named by the server. */
const nameOfParent = (index: string): string => (/^reading_\d_sensor_at_idx$/.test(index) ? "r_sensor_at" : index)

const sizeOf = async (database: Database, index: string): Promise<number> => {
  const [row] = await database.query(
    `SELECT sum(pg_relation_size(c.oid))::float8 AS bytes FROM pg_class c
     WHERE c.oid = $1::regclass OR c.oid IN (SELECT inhrelid FROM pg_inherits WHERE inhparent = $1::regclass)`,
    [index],
  )
  return Number(row?.["bytes"])
}
