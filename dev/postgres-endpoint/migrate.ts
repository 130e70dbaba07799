import { readFile, readdir } from "node:fs/promises"
import { Client } from "pg"
import { defaultSchema, readSchemaName } from "../../worker/runtime/neon/schema-name.ts"

const folder = new URL("../../worker/runtime/neon/migrations/", import.meta.url)
/** Any number, as long as no other program locks by it. */
const lock = 7_624_019

/**
 * Runs, in order and each once in a transaction, the migrations that a schema of a database has not had. Returns their
 * names. Two that migrate at once wait for each other.
 */
export const migrate = async (databaseUrl: string, schema: string = defaultSchema): Promise<readonly string[]> => {
  const name = readSchemaName(schema)
  const client = new Client({ connectionString: databaseUrl, connectionTimeoutMillis: 5_000 })
  await client.connect()
  try {
    await inTransaction(client, name, async () => {
      await client.query(`create schema if not exists "${name}"`)
      await client.query(
        "create table if not exists schema_migrations (name text primary key, at timestamptz not null default now())",
      )
    })
    const files = (await readdir(folder)).filter((file) => file.endsWith(".sql")).toSorted()
    const done: string[] = []
    for (const file of files) if (await inTransaction(client, name, () => runOnce(client, file))) done.push(file)
    return done
  } finally {
    await client.end()
  }
}

const runOnce = async (client: Client, file: string): Promise<boolean> => {
  const claim = "insert into schema_migrations (name) values ($1) on conflict do nothing"
  const isNew = (await client.query(claim, [file])).rowCount === 1
  if (isNew) await client.query(await readFile(new URL(file, folder), "utf8"))
  return isNew
}

/** Lock and search path end with the transaction, so that a pooler between us and Postgres passes neither on. */
const inTransaction = async <T>(client: Client, schema: string, work: () => Promise<T>): Promise<T> => {
  await client.query("begin")
  try {
    await client.query("select pg_advisory_xact_lock($1)", [lock])
    await client.query(`set local search_path to "${schema}"`)
    const result = await work()
    await client.query("commit")
    return result
  } catch (error) {
    await client.query("rollback")
    throw error
  }
}

// node dev/with-node.mjs dev/postgres-endpoint/migrate.ts [schema], with DATABASE_URL set: for a database of one's own.
if (import.meta.main) {
  const databaseUrl = process.env["DATABASE_URL"] ?? ""
  if (databaseUrl === "") {
    console.error("Set DATABASE_URL to the database that is to be migrated.")
    process.exitCode = 1
  } else {
    const done = await migrate(databaseUrl, process.argv[2])
    console.log(done.length === 0 ? "The schema is up to date." : `Ran ${done.join(", ")}.`)
  }
}
