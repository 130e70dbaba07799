import { chown, mkdtemp, rm } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import type { Database } from "../database.ts"
import { findBinaries } from "./engine/find-binaries.ts"
import { asDatabase, connect } from "./engine/server-engine.ts"
import { makeCluster, serverOwner, startServerProcess } from "./engine/server-process.ts"

/** A real server with pg_stat_statements, for tests and benches of what-if planning. */
export interface TestSource extends AsyncDisposable {
  readonly database: Database
  /** Another session, of another role. */
  readonly connectAs: (role: string) => Promise<Database>
}

export const startSource = async (major: 14 | 15 | 18, locale = "C.UTF-8"): Promise<TestSource> => {
  const folder = await mkdtemp(join(tmpdir(), "voltgate-source-"))
  const owner = serverOwner()
  if (owner !== undefined) await chown(folder, owner.uid, owner.gid)
  const binaries = await findBinaries(major, undefined, join(folder, "links"))
  if (binaries === undefined) throw new Error(`No programs of Postgres ${major} are installed: run \`npm ci\`.`)
  const dataFolder = join(folder, "data")
  await makeCluster(binaries, { major, dataFolder, locale })
  const server = startServerProcess(binaries, dataFolder, folder, {
    shared_preload_libraries: "pg_stat_statements",
    "pg_stat_statements.track_utility": "on",
    shared_buffers: "256MB",
    maintenance_work_mem: "256MB",
    max_wal_size: "4GB",
    max_connections: "20",
  })
  const first = await connect(folder, "voltgate", server.hasEnded)
  const clients = [first]
  return {
    database: asDatabase(first),
    connectAs: async (role) => {
      const client = await connect(folder, role, server.hasEnded)
      clients.push(client)
      return asDatabase(client)
    },
    [Symbol.asyncDispose]: async () => {
      await Promise.all(clients.map((client) => client.end()))
      await server.stop()
      await rm(folder, { recursive: true, force: true })
    },
  }
}
