import { readIndex } from "./index-facts.ts"
import { runGuarded } from "./run-guarded.ts"
import type { Guard, Guarded } from "./run-guarded.ts"
import type { Database } from "../database.ts"
import { quoteNames } from "./sql-text.ts"

/**
 * Drops an index, valid or not, without keeping anybody waiting. One over a partitioned table cannot be dropped concurrently:
 * that takes a short lock on all its parts, and gives up where it does not get it.
 */
export const dropIndex = async (database: Database, schema: string, name: string, guard: Guard): Promise<Guarded> => {
  const found = await readIndex(database, schema, name)
  if (found === undefined) return { kind: "done" }
  const target = quoteNames(schema, name)
  return runGuarded(
    found.isPartitioned
      ? `SET lock_timeout = '1500ms'; DROP INDEX ${target}`
      : `DROP INDEX CONCURRENTLY IF EXISTS ${target}`,
    `dropping ${name}`,
    guard,
  )
}
