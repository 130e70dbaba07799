import { chown, cp, mkdtemp, readdir, rm, writeFile } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { Client } from "pg"
import { vi } from "vitest"
import { freePort } from "../../../dev/postgres/start-postgres.ts"
import { findBinaries } from "../weigh/engine/find-binaries.ts"
import { makeCluster, serverOwner, startServerProcess } from "../weigh/engine/server-process.ts"
import type { ServerProcess } from "../weigh/engine/server-process.ts"

export interface Pair extends AsyncDisposable {
  readonly primary: string
  readonly standby: string
}

/** Asks once, by a session of its own. */
export const ask = async (url: string, sql: string): Promise<readonly Record<string, unknown>[]> => {
  const client = new Client({ connectionString: url })
  try {
    await client.connect()
    return (await client.query<Record<string, unknown>>(sql)).rows
  } finally {
    await client.end()
  }
}

/** A real server after this SQL, and a standby that replicates from it. */
export const startPair = async (sql: readonly string[]): Promise<Pair> => {
  const folder = await mkdtemp(join(tmpdir(), "voltgate-pair-"))
  await own(folder)
  const binaries = await findBinaries(18, undefined, join(folder, "links"))
  if (binaries === undefined) throw new Error("No programs of Postgres 18 are installed: run `npm ci`.")
  const servers: ServerProcess[] = []
  const start = async (name: string, more: Readonly<Record<string, string>>): Promise<string> => {
    const port = await freePort()
    const settings = {
      shared_preload_libraries: "pg_stat_statements",
      listen_addresses: "127.0.0.1",
      port: String(port),
      wal_level: "replica",
      max_wal_senders: "4",
      ...more,
    }
    servers.push(startServerProcess(binaries, join(folder, name), folder, settings))
    const url = `postgres://voltgate@127.0.0.1:${port}/postgres`
    await vi.waitFor(() => ask(url, "SELECT"), { timeout: 30_000, interval: 50 })
    return url
  }
  await makeCluster(binaries, { major: 18, dataFolder: join(folder, "primary"), locale: "C.UTF-8" })
  const primary = await start("primary", {})
  for (const each of sql) await ask(primary, each)
  await copyCluster(primary, join(folder, "primary"), join(folder, "standby"))
  const standby = await start("standby", {
    primary_conninfo: `host=127.0.0.1 port=${new URL(primary).port} user=voltgate`,
  })
  return {
    primary,
    standby,
    [Symbol.asyncDispose]: async () => {
      for (const server of servers.toReversed()) await server.stop()
      await rm(folder, { recursive: true, force: true })
    },
  }
}

/** A base backup by hand, as npm's Postgres comes without pg_basebackup. */
const copyCluster = async (url: string, from: string, to: string): Promise<void> => {
  const client = new Client({ connectionString: url })
  await client.connect()
  await client.query("SELECT pg_backup_start('copy', true)")
  await cp(from, to, { recursive: true })
  const { rows } = await client.query<{ labelfile: string }>("SELECT labelfile FROM pg_backup_stop(false)")
  await client.end()
  await rm(join(to, "postmaster.pid"))
  await writeFile(join(to, "backup_label"), rows[0]?.labelfile ?? "")
  await writeFile(join(to, "standby.signal"), "")
  await own(to)
  for (const each of await readdir(to, { recursive: true })) await own(join(to, each))
}

const own = async (path: string): Promise<void> => {
  const owner = serverOwner()
  if (owner !== undefined) await chown(path, owner.uid, owner.gid)
}
