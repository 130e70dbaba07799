import { readFile, readdir } from "node:fs/promises"
import pg from "pg"

const folder = new URL("../../worker/runtime/neon/migrations/", import.meta.url)

/** Runs, in order and each once in a transaction, the migrations that a database has not had. Returns their names. */
export const migrate = async (databaseUrl: string): Promise<readonly string[]> => {
  const client = new pg.Client({ connectionString: databaseUrl, connectionTimeoutMillis: 5_000 })
  await client.connect()
  try {
    await client.query(
      "create table if not exists public.voltgate_migrations (name text primary key, at timestamptz not null default now())",
    )
    const names = (await readdir(folder)).filter((name) => name.endsWith(".sql")).toSorted()
    const done: string[] = []
    for (const name of names) if (await runOnce(client, name)) done.push(name)
    return done
  } finally {
    await client.end()
  }
}

/** Two that migrate at once wait for each other at the row, and the second finds it done. */
const runOnce = async (client: pg.Client, name: string): Promise<boolean> => {
  await client.query("begin")
  try {
    const claimed = await client.query(
      "insert into public.voltgate_migrations (name) values ($1) on conflict do nothing",
      [name],
    )
    if (claimed.rowCount === 1) await client.query(await readFile(new URL(name, folder), "utf8"))
    await client.query("commit")
    return claimed.rowCount === 1
  } catch (error) {
    await client.query("rollback")
    throw error
  }
}
