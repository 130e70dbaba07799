import { createHash } from "node:crypto"
import { homedir } from "node:os"
import { join } from "node:path"
import * as v from "valibot"
import type { Database } from "../database.ts"
import { openFileJournal } from "./file-journal.ts"
import type { Journal } from "./journal.ts"
import { openSchemaJournal } from "./schema-journal.ts"
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
  return openFileJournal(join(stateFolder, `changes-${hash}.jsonl`))
}

/** Where state of this machine lies: `VOLTGATE_STATE`, or as the XDG base directory specification has it. */
export const stateFolderOf = (environment: Readonly<Record<string, string | undefined>>): string =>
  environment["VOLTGATE_STATE"] ??
  join(environment["XDG_STATE_HOME"] ?? join(environment["HOME"] ?? homedir(), ".local", "state"), "voltgate")
