import type { Database } from "../database.ts"
import { dropIndex } from "./drop-index.ts"
import { readIndex } from "./index-facts.ts"
import { partIndexName, partIndexSql, readPartitions } from "./partitions.ts"
import type { Partition } from "./partitions.ts"
import { runGuarded } from "./run-guarded.ts"
import type { Guard, Guarded } from "./run-guarded.ts"
import { quoteNames } from "./sql-text.ts"
import type { TableFacts } from "./table-facts.ts"

export interface IndexToBuild {
  readonly schema: string
  readonly name: string
  /** The whole statement, without CONCURRENTLY. */
  readonly sql: string
  /** All of it after `ON `. */
  readonly definition: string
  readonly table: TableFacts
}

/** Builds an index once, without blocking writes; what it leaves unfinished is for `clearLeftovers`. */
export const buildIndex = async (database: Database, index: IndexToBuild, guard: Guard): Promise<Guarded> => {
  if (!index.table.isPartitioned) {
    const sql = `CREATE INDEX CONCURRENTLY ${quoteNames(index.name)} ON ${index.definition}`
    return runGuarded(sql, `building ${index.name}`, guard)
  }
  return buildOnParts(database, index, guard)
}

/** Every leaf concurrently; then a frame for each table that has parts, from the bottom up, to which the parts are attached. */
const buildOnParts = async (database: Database, index: IndexToBuild, guard: Guard): Promise<Guarded> => {
  const parts = await readPartitions(database, index.table.oid)
  const leaves = parts.filter(({ isLeaf }) => isLeaf)
  for (const [at, part] of leaves.entries()) {
    const name = partIndexName(index.name, part)
    const found = await readIndex(database, part.schema, name)
    if (found?.isValid === true) continue
    if (found !== undefined) {
      const dropped = await dropIndex(database, part.schema, name, guard)
      if (dropped.kind !== "done") return dropped
    }
    const sql = await partIndexSql(index.sql, index.name, part)
    const built = await runGuarded(sql, `building ${index.name}, part ${at + 1} of ${leaves.length}`, guard)
    if (built.kind !== "done") return built
  }
  for (const part of parts.filter(({ isLeaf }) => !isLeaf).toReversed()) {
    const built = await frame(parts, part, index, guard)
    if (built.kind !== "done") return built
  }
  return { kind: "done" }
}

/** One transaction, so that no frame is ever seen half attached; the lock on the parent is asked for 1.5 s at most. */
const frame = async (
  parts: readonly Partition[],
  part: Partition,
  index: IndexToBuild,
  guard: Guard,
): Promise<Guarded> => {
  const name = quoteNames(part.schema, partIndexName(index.name, part))
  const children = parts.filter(({ parent }) => parent === `${part.schema}.${part.table}`)
  const statements = [
    "BEGIN",
    "SET LOCAL lock_timeout = '1500ms'",
    await partIndexSql(index.sql, index.name, part),
    ...children.map(
      (child) => `ALTER INDEX ${name} ATTACH PARTITION ${quoteNames(child.schema, partIndexName(index.name, child))}`,
    ),
    "COMMIT",
  ]
  return runGuarded(statements.join("; "), `attaching the parts of ${index.name}`, guard)
}

/** Every index that a build of this name may have left, parts included, as schema and name; the whole one first. */
export const namesOfBuild = async (
  database: Database,
  { schema, name, table }: Pick<IndexToBuild, "schema" | "name" | "table">,
): Promise<readonly (readonly [schema: string, name: string])[]> => {
  if (!table.isPartitioned) return [[schema, name]]
  const parts = await readPartitions(database, table.oid)
  return parts.map((part) => [part.schema, partIndexName(name, part)] as const)
}

/** Drops what an unfinished build left. Done once nothing of it is there. */
export const clearLeftovers = async (
  database: Database,
  index: Pick<IndexToBuild, "schema" | "name" | "table">,
  guard: Guard,
): Promise<Guarded> => {
  for (const [schema, name] of await namesOfBuild(database, index)) {
    const dropped = await dropIndex(database, schema, name, guard)
    if (dropped.kind !== "done") return dropped
  }
  return { kind: "done" }
}
