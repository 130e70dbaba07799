import type { Database } from "../../database.ts"
import type { SchemaStatement } from "../source/source-catalog.ts"

/**
 * Runs statements that may need each other, in whatever order works: those that fail are tried again as long as another
 * one succeeded in the meantime. Gives those that never did, by their subject, with the server's reason.
 */
export const runSettled = async (
  engine: Database,
  statements: readonly SchemaStatement[],
): Promise<ReadonlyMap<string, string>> => {
  let waiting = statements
  for (;;) {
    const failed = new Map<SchemaStatement, string>()
    for (const statement of waiting) {
      try {
        await engine.query(statement.sql)
      } catch (error) {
        failed.set(statement, error instanceof Error ? error.message : String(error))
      }
    }
    if (failed.size === 0 || failed.size === waiting.length) {
      return new Map([...failed].map(([{ subject }, reason]) => [subject, reason]))
    }
    waiting = [...failed.keys()]
  }
}
