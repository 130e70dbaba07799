import type { Database } from "../../database.ts"
import type { SchemaStatement } from "../source/source-catalog.ts"
import { maskError } from "./mask-error.ts"

/**
 * Runs statements that may need each other, in whatever order works: those that fail are tried again as long as another
 * one succeeded in the meantime. Gives those that never did, with the server's error, masked.
 */
export const runSettled = async (
  engine: Database,
  statements: readonly SchemaStatement[],
): Promise<ReadonlyMap<SchemaStatement, Error>> => {
  let waiting = statements
  for (;;) {
    const failed = new Map<SchemaStatement, Error>()
    for (const statement of waiting) {
      try {
        await engine.query(statement.sql)
      } catch (error) {
        failed.set(statement, maskError(error))
      }
    }
    if (failed.size === 0 || failed.size === waiting.length) return failed
    waiting = [...failed.keys()]
  }
}

/** The same for statements of which hardly one fails: they run in one go, which takes two thirds of the time, or else one by one. */
export const runTogether = async (
  engine: Database,
  statements: readonly SchemaStatement[],
): Promise<ReadonlyMap<SchemaStatement, Error>> => {
  try {
    await engine.query(asBlock(statements))
    return new Map()
  } catch {
    return runSettled(engine, statements)
  }
}

const asBlock = (statements: readonly SchemaStatement[]): string =>
  `DO ${quote(`BEGIN ${statements.map(({ sql }) => `EXECUTE ${quote(sql)};`).join("\n")} END`)}`

/** As a string that reads the same whatever `standard_conforming_strings` says. */
const quote = (text: string): string => `E'${text.replaceAll("\\", "\\\\").replaceAll("'", "\\'")}'`

export const reasonsOf = (failed: ReadonlyMap<SchemaStatement, Error>): ReadonlyMap<string, string> =>
  new Map([...failed].map(([{ subject }, { message }]) => [subject, message]))
