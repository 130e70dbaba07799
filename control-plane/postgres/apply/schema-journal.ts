import * as v from "valibot"
import type { Database } from "../database.ts"
import type { Journal } from "./journal.ts"
import { entrySchema } from "./journal-entry.ts"
import type { JournalEntry } from "./journal-entry.ts"

const rows = v.array(v.object({ entry: entrySchema }))

/** Keeps the journal in the watched database, schema `voltgate`. Throws the server's error where it may not write there. */
export const openSchemaJournal = async (database: Database): Promise<Journal> => {
  const [found] = await database.query(
    `SELECT to_regnamespace('voltgate') IS NOT NULL AS has_schema, to_regclass('voltgate.change') IS NOT NULL AS has_table`,
  )
  // Asking first: CREATE … IF NOT EXISTS needs the right to create even where there is nothing to do.
  if (found?.["has_schema"] !== true) await database.query("CREATE SCHEMA voltgate")
  if (found?.["has_table"] !== true) {
    await database.query(
      `CREATE TABLE IF NOT EXISTS voltgate.change (
        id text PRIMARY KEY, recorded_at timestamptz NOT NULL DEFAULT now(), entry jsonb NOT NULL)`,
    )
  }
  const [mode] = await database.query("SELECT current_setting('transaction_read_only') AS read_only")
  // What can't be written by anybody can still be read, and a change is refused for its own reason.
  if (mode?.["read_only"] !== "on") {
    // Fails here, not in the middle of a change, where it may read but not write.
    await database.query("INSERT INTO voltgate.change SELECT * FROM voltgate.change WHERE false")
    await database.query("UPDATE voltgate.change SET entry = entry WHERE false")
  }
  await database.query("SET synchronous_commit = on")
  return {
    place: "schema voltgate of the watched database",
    list: () => listSchemaJournal(database),
    record: async (entry) => {
      await database.query(
        `INSERT INTO voltgate.change (id, entry) VALUES ($1, $2)
         ON CONFLICT (id) DO UPDATE SET entry = excluded.entry`,
        [entry.id, JSON.stringify(entry)],
      )
    },
  }
}

export const listSchemaJournal = async (database: Database): Promise<readonly JournalEntry[]> =>
  v
    .parse(rows, await database.query("SELECT entry FROM voltgate.change ORDER BY recorded_at, id"))
    .map(({ entry }) => entry)
