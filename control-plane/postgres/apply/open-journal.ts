import { createHash } from "node:crypto"
import { homedir } from "node:os"
import { join } from "node:path"
import * as v from "valibot"
import type { Database } from "../database.ts"
import { listFileJournal, openFileJournal } from "./file-journal.ts"
import type { Journal } from "./journal.ts"
import type { JournalEntry } from "./journal-entry.ts"
import { listSchemaJournal, openSchemaJournal } from "./schema-journal.ts"
import { codeOf, sqlStates } from "./session.ts"

const identity = v.tuple([v.object({ name: v.string(), port: v.nullable(v.string()), host: v.nullable(v.string()) })])

/** Opens the journal in the watched database, or in a file of `stateFolder` where the role may not write there. */
export const openJournal = async (database: Database, stateFolder: string): Promise<Journal> => {
  try {
    return await openSchemaJournal(database)
  } catch (error) {
    const code = codeOf(error)
    if (code !== sqlStates.insufficientPrivilege && code !== sqlStates.readOnly) throw error
  }
  return openFileJournal(await fileOf(database, stateFolder))
}

/** The entries of whichever journal there is, without making one. */
export const readJournal = async (database: Database, stateFolder: string): Promise<readonly JournalEntry[]> => {
  const [found] = await database.query(
    `SELECT to_regclass('voltgate.change') IS NOT NULL
       AND coalesce(has_table_privilege(to_regclass('voltgate.change'), 'SELECT'), false) AS readable`,
  )
  if (found?.["readable"] === true) return listSchemaJournal(database)
  return listFileJournal(await fileOf(database, stateFolder))
}

const fileOf = async (database: Database, stateFolder: string): Promise<string> => {
  const [{ name, host, port }] = v.parse(
    identity,
    await database.query(
      "SELECT current_database() AS name, inet_server_addr()::text AS host, current_setting('port', true) AS port",
    ),
  )
  const hash = createHash("sha256")
    .update(JSON.stringify([name, host, port]))
    .digest("hex")
    .slice(0, 12)
  return join(stateFolder, `changes-${hash}.jsonl`)
}

/** Where state of this machine lies: `VOLTGATE_STATE`, or as the XDG base directory specification has it. */
export const stateFolderOf = (environment: Readonly<Record<string, string | undefined>>): string =>
  environment["VOLTGATE_STATE"] ??
  join(environment["XDG_STATE_HOME"] ?? join(environment["HOME"] ?? homedir(), ".local", "state"), "voltgate")
