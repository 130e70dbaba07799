import { chown, mkdtemp, rm } from "node:fs/promises"
import { createServer } from "node:net"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { setTimeout as sleep } from "node:timers/promises"
import { Client } from "pg"
import { findBinaries } from "../../control-plane/postgres/weigh/engine/find-binaries.ts"
import {
  makeCluster,
  serverOwner,
  startServerProcess,
} from "../../control-plane/postgres/weigh/engine/server-process.ts"

export interface LocalPostgres extends AsyncDisposable {
  /** The superuser's, with everything allowed. */
  readonly url: string
}

/** A real Postgres with pg_stat_statements, on a free port of this machine, in a folder that goes away with it. */
export const startPostgres = async (
  major: 14 | 18,
  settings: Readonly<Record<string, string>> = {},
): Promise<LocalPostgres> => {
  const folder = await mkdtemp(join(tmpdir(), "voltgate-postgres-"))
  const owner = serverOwner()
  if (owner !== undefined) await chown(folder, owner.uid, owner.gid)
  const binaries = await findBinaries(major, undefined, join(folder, "links"))
  if (binaries === undefined) {
    await rm(folder, { recursive: true, force: true })
    throw new Error(`No programs of Postgres ${major} are installed for this machine: run \`npm ci\`.`)
  }
  const dataFolder = join(folder, "data")
  await makeCluster(binaries, { major, dataFolder, locale: "C.UTF-8" })
  const port = await freePort()
  const server = startServerProcess(binaries, dataFolder, folder, {
    shared_preload_libraries: "pg_stat_statements",
    listen_addresses: "127.0.0.1",
    port: String(port),
    max_connections: "40",
    shared_buffers: "256MB",
    maintenance_work_mem: "256MB",
    max_wal_size: "4GB",
    autovacuum: "on",
    ...settings,
  })
  const url = `postgres://voltgate@127.0.0.1:${port}/postgres`
  const close = async (): Promise<void> => {
    await server.stop()
    await rm(folder, { recursive: true, force: true })
  }
  try {
    await untilReady(url, server.hasEnded)
  } catch (error) {
    await close()
    throw error
  }
  return { url, [Symbol.asyncDispose]: close }
}

const readyMs = 30_000

const untilReady = async (url: string, hasEnded: () => boolean): Promise<void> => {
  for (const untilMs = Date.now() + readyMs; ;) {
    const client = new Client({ connectionString: url })
    try {
      await client.connect()
      await client.query("CREATE EXTENSION IF NOT EXISTS pg_stat_statements")
      return
    } catch (error) {
      if (hasEnded() || Date.now() > untilMs) throw error
      await sleep(50)
    } finally {
      await client.end().catch(() => undefined)
    }
  }
}

export const freePort = (): Promise<number> =>
  new Promise((resolve, reject) => {
    const server = createServer()
    server.once("error", reject)
    server.listen(0, "127.0.0.1", () => {
      const address = server.address()
      server.close(() => resolve(typeof address === "object" && address !== null ? address.port : 0))
    })
  })
