import { PGlite } from "@electric-sql/pglite"
import { PGLiteSocketServer } from "@electric-sql/pglite-socket"
import { Pool } from "pg"
import { serveApp } from "../serve-app.ts"
import { createNeonApp } from "./neon-protocol.ts"
import { startWebSocketTunnel } from "./websocket-tunnel.ts"

export interface PostgresEndpointOptions {
  /** 0 takes any free port. */
  readonly port?: number
  /** A Postgres to stand before; absent: one in this process. */
  readonly databaseUrl?: string
  /** Where the one in this process keeps its data; absent: in memory. */
  readonly dataDir?: string
}

export interface PostgresEndpoint {
  /** For plain Postgres clients. */
  readonly databaseUrl: string
  /** For Neon's client, with `fetchEndpoint`. */
  readonly connectionString: string
  /** Where Neon's HTTP protocol is spoken. */
  readonly fetchEndpoint: string
  /** Where its WebSocket protocol is spoken, with `useSecureWebSocket`, `pipelineTLS` and `pipelineConnect` off. */
  readonly wsProxy: string
  /** Which Postgres it is, for people. */
  readonly backing: string
  readonly close: () => Promise<void>
}

/** Starts an endpoint that speaks Neon's HTTP and WebSocket protocols over a Postgres. Rejects when the port is taken or the Postgres is away. */
export const startPostgresEndpoint = async (options: PostgresEndpointOptions = {}): Promise<PostgresEndpoint> => {
  const { port = 0, databaseUrl, dataDir } = options
  const backing = databaseUrl === undefined ? await startInProcess(dataDir) : existing(databaseUrl)
  const pool = new Pool({ connectionString: backing.url, max: 4, connectionTimeoutMillis: 5_000 })
  pool.on("error", () => undefined)
  const closers = [backing.close, () => pool.end()]
  const close = async (): Promise<void> => {
    for (const closeOne of closers.splice(0).toReversed()) await closeOne()
  }
  try {
    await pool.query("select 1").catch((cause: unknown) => {
      if (databaseUrl === undefined) throw cause
      throw new Error("The Postgres of DATABASE_URL does not answer. Start it, or leave DATABASE_URL out.", { cause })
    })
    const tunnel = await startWebSocketTunnel(backing.url)
    closers.push(tunnel.close)
    const served = await serveApp(createNeonApp(pool, backing.url), port)
    closers.push(served.close)
    return {
      databaseUrl: backing.url,
      connectionString: backing.url,
      fetchEndpoint: `${served.url}/sql`,
      wsProxy: tunnel.wsProxy,
      backing: backing.name,
      close,
    }
  } catch (error) {
    await close()
    throw error
  }
}

interface Backing {
  readonly url: string
  readonly name: string
  readonly close: () => Promise<void>
}

const existing = (url: string): Backing => ({ url, name: "the Postgres of DATABASE_URL", close: async () => undefined })

const startInProcess = async (dataDir: string | undefined): Promise<Backing> => {
  const db = await PGlite.create(dataDir)
  const server = new PGLiteSocketServer({ db, host: "127.0.0.1", port: 0, maxConnections: 20 })
  await server.start()
  return {
    url: `postgres://postgres:postgres@${server.getServerConn()}/postgres`,
    name: `a Postgres 18 in this process, ${dataDir === undefined ? "in memory" : `in ${dataDir}`}`,
    close: async () => {
      await server.stop()
      await db.close()
    },
  }
}
