import { chown, mkdtemp, rm } from "node:fs/promises"
import { createServer } from "node:net"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { Client } from "pg"
import type { ProposedChange } from "../change.ts"
import type { Database } from "../database.ts"
import { findBinaries } from "../weigh/engine/find-binaries.ts"
import { asDatabase } from "../weigh/engine/server-engine.ts"
import { makeCluster, serverOwner, startServerProcess } from "../weigh/engine/server-process.ts"
import { systemClock } from "./clock.ts"
import type { RunSettings } from "./open-run.ts"
import { usualLimits } from "./run.ts"
import { connectTo } from "./session.ts"
import { usualRules } from "./verify.ts"

export interface TestServer extends AsyncDisposable {
  readonly urlOf: (database: string, user?: string) => string
  /** Makes a database of its own for a test, with pg_stat_statements in it, and a session there. */
  readonly createDatabase: (name: string) => Promise<TestDatabase>
  readonly restart: () => Promise<void>
}

export interface TestDatabase {
  readonly url: string
  readonly open: () => Promise<Database & AsyncDisposable>
  readonly query: Database["query"]
}

const freePort = (): Promise<number> =>
  new Promise((resolve, reject) => {
    const server = createServer()
    server.once("error", reject)
    server.listen(0, "127.0.0.1", () => {
      const address = server.address()
      server.close(() => resolve(typeof address === "object" && address !== null ? address.port : 0))
    })
  })

/** A real server with pg_stat_statements on a free port of this machine. */
export const startTestServer = async (major: 14 | 18): Promise<TestServer> => {
  const folder = await mkdtemp(join(tmpdir(), "voltgate-apply-"))
  const owner = serverOwner()
  if (owner !== undefined) await chown(folder, owner.uid, owner.gid)
  const binaries = await findBinaries(major, undefined, join(folder, "links"))
  if (binaries === undefined) throw new Error(`No programs of Postgres ${major} are installed: run \`npm ci\`.`)
  const dataFolder = join(folder, "data")
  await makeCluster(binaries, { major, dataFolder, locale: "C.UTF-8" })
  const port = await freePort()
  const start = () =>
    startServerProcess(binaries, dataFolder, folder, {
      shared_preload_libraries: "pg_stat_statements",
      listen_addresses: "127.0.0.1",
      port: String(port),
      max_connections: "60",
    })
  let server = start()
  const urlOf = (database: string, user = "voltgate"): string => `postgres://${user}@127.0.0.1:${port}/${database}`
  const openAt = async (url: string): Promise<Database & AsyncDisposable> => {
    const client = new Client({ connectionString: url, application_name: "test" })
    client.on("error", () => undefined)
    await client.connect()
    return { ...asDatabase(client), [Symbol.asyncDispose]: () => client.end() }
  }
  const ready = async (): Promise<void> => {
    for (let tries = 0; ; tries++) {
      try {
        await (await openAt(urlOf("postgres")))[Symbol.asyncDispose]()
        return
      } catch (error) {
        if (server.hasEnded() || tries > 400) throw error
        await systemClock.sleep(25)
      }
    }
  }
  await ready()
  return {
    urlOf,
    createDatabase: async (name) => {
      const admin = await openAt(urlOf("postgres"))
      await admin.query(`CREATE DATABASE ${name}`)
      await admin[Symbol.asyncDispose]()
      const url = urlOf(name)
      const query: Database["query"] = async (sql, parameters) => {
        await using database = await openAt(url)
        return await database.query(sql, parameters)
      }
      await query("CREATE EXTENSION pg_stat_statements")
      return { url, open: () => openAt(url), query }
    },
    restart: async () => {
      await server.stop()
      server = start()
      await ready()
    },
    [Symbol.asyncDispose]: async () => {
      await server.stop()
      await rm(folder, { recursive: true, force: true })
    },
  }
}

/** A table of orders of which a build takes a moment. */
export const createOrders = (database: Pick<Database, "query">, rows: number): Promise<unknown> =>
  database.query(
    `CREATE TABLE orders AS SELECT i AS id, i % 1000 AS customer_id, md5(i::text) AS note FROM generate_series(1, ${rows}) i;
     ANALYZE orders`,
  )

export const indexOn = (column: string, more: Partial<ProposedChange> = {}): ProposedChange => ({
  kind: "create-index",
  schema: "public",
  table: "orders",
  object: `voltgate_${column}`,
  sql: `CREATE INDEX voltgate_${column} ON public.orders (${column})`,
  reason: "Reads of orders look for it.",
  estimate: { sizeBytes: 1_000_000, queries: [] },
  ...more,
})

/** Settings of a run that waits for nothing. */
export const runSettings = (url: string, more: Partial<RunSettings> = {}): RunSettings => ({
  connect: connectTo(url),
  clock: systemClock,
  limits: { ...usualLimits, patienceMs: 0, attempts: 1, rules: usualRules },
  stateFolder: join(tmpdir(), "voltgate-no-state"),
  lockWaitMs: 0,
  stop: new AbortController().signal,
  progress: () => undefined,
  ...more,
})

/** The invalid indexes of a database. */
export const invalidIndexes = async (database: Pick<Database, "query">): Promise<readonly unknown[]> =>
  (await database.query("SELECT indexrelid::regclass::text AS name FROM pg_index WHERE NOT indisvalid")).map(
    ({ name }) => name,
  )
