import { readdir, readFile } from "node:fs/promises"
import { basename, join } from "node:path"
import type { Client } from "pg"
import { quoteName } from "../../control-plane/postgres/candidates/syntax-tree.ts"
import { openDatabase } from "../../control-plane/postgres/connect/open-database.ts"
import { readTables } from "../../control-plane/postgres/observe/read-tables.ts"
import { firstRuleColumns } from "../../control-plane/postgres/report/find-hints.ts"

/** Indexes that somebody advises. */
export interface IndexList {
  readonly name: string
  /** CREATE INDEX statements. */
  readonly statements: readonly string[]
}

/** By the rule that Voltgate began with: a column of many values in no order. */
export const firstRule = async (url: string): Promise<IndexList> => {
  await using database = await openDatabase({ url, purpose: "bench" })
  const tables = await readTables(database)
  const statements = tables.flatMap((table) =>
    firstRuleColumns(table).map(
      (column) => `CREATE INDEX ON ${quoteName(table.schema)}.${quoteName(table.name)} (${quoteName(column)})`,
    ),
  )
  return { name: "first rule", statements }
}

/** Other tools' lists: the `*.sql` files of a folder. */
export const readLists = async (folder: string | undefined): Promise<readonly IndexList[]> => {
  if (folder === undefined) return []
  const files = (await readdir(folder)).filter((file) => file.endsWith(".sql")).toSorted()
  return Promise.all(
    files.map(async (file) => ({
      name: basename(file, ".sql"),
      statements: (await readFile(join(folder, file), "utf8"))
        .split(";")
        .map((sql) => sql.trim())
        .filter((sql) => /^create\s+index/i.test(sql)),
    })),
  )
}

/** Builds the list, and says what it took. */
export const build = async (client: Client, { statements }: IndexList) => {
  const [sizeBefore, walBefore] = [await databaseBytes(client), await walBytes(client)]
  for (const sql of statements) await client.query(sql)
  await client.query("VACUUM ANALYZE")
  return {
    sizeBytes: (await databaseBytes(client)) - sizeBefore,
    walBytes: (await walBytes(client)) - walBefore,
  }
}

const built = `SELECT i.indexrelid FROM pg_index i JOIN pg_class c ON c.oid = i.indrelid
  WHERE c.relnamespace = 'public'::regnamespace AND NOT i.indisunique AND NOT c.relispartition`

/** Drops all indexes but those of constraints. */
export const dropAll = async (client: Client): Promise<void> => {
  const { rows } = await client.query<{ name: string }>(
    `SELECT indexrelid::regclass::text AS name FROM (${built}) built`,
  )
  for (const { name } of rows) await client.query(`DROP INDEX ${name}`)
}

/** Does something as if nothing had been built; afterwards all is there again. */
export const asIfNotBuilt = async <T>(client: Client, work: () => Promise<T>): Promise<T> => {
  await client.query("BEGIN")
  try {
    await client.query(`UPDATE pg_index SET indisvalid = false WHERE indexrelid IN (${built})`)
    await client.query("DELETE FROM pg_statistic_ext_data")
    return await work()
  } finally {
    await client.query("ROLLBACK")
  }
}

export const databaseBytes = async (client: Client): Promise<number> =>
  one(client, "SELECT pg_database_size(current_database()) AS value")
const walBytes = async (client: Client): Promise<number> =>
  one(client, "SELECT pg_wal_lsn_diff(pg_current_wal_lsn(), '0/0') AS value")

const one = async (client: Client, sql: string): Promise<number> =>
  Number((await client.query<{ value: unknown }>(sql)).rows[0]?.value)
