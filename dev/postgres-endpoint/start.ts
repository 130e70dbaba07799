import { PGlite } from "@electric-sql/pglite"
import { PGLiteSocketServer } from "@electric-sql/pglite-socket"
import pg from "pg"
import { serveApp } from "../serve-app.ts"
import { createNeonApp } from "./neon-protocol.ts"

export interface PostgresEndpointOptions {
  /** 0 takes any free port. */
  readonly port?: number
  /** A Postgres to stand before; absent: one in this process, in memory. */
  readonly databaseUrl?: string
}

export interface PostgresEndpoint {
  /** For plain Postgres clients. */
  readonly databaseUrl: string
  /** For Neon's client, with `fetchEndpoint`. */
  readonly connectionString: string
  /** Where Neon's HTTP protocol is spoken. */
  readonly fetchEndpoint: string
  /** Which Postgres it is, for people. */
  readonly backing: string
  readonly close: () => Promise<void>
}

/** Starts an endpoint that speaks Neon's HTTP protocol over a Postgres. Rejects when the port is taken or the Postgres is away. */
export const startPostgresEndpoint = async (options: PostgresEndpointOptions = {}): Promise<PostgresEndpoint> => {
  const { port = 0, databaseUrl } = options
  const backing = databaseUrl === undefined ? await startInProcess() : existing(databaseUrl)
  const pool = new pg.Pool({ connectionString: backing.url, max: 4, connectionTimeoutMillis: 5_000 })
  pool.on("error", () => undefined)
  const closeBoth = async (): Promise<void> => {
    await pool.end()
    await backing.close()
  }
  try {
    await pool.query("select 1")
    const served = await serveApp(createNeonApp(pool), port)
    return {
      databaseUrl: backing.url,
      connectionString: backing.url,
      fetchEndpoint: `${served.url}/sql`,
      backing: backing.name,
      close: async () => {
        await served.close()
        await closeBoth()
      },
    }
  } catch (cause) {
    await closeBoth()
    if (databaseUrl === undefined) throw cause
    throw new Error("The Postgres of DATABASE_URL does not answer. Start it, or leave DATABASE_URL out.", { cause })
  }
}

interface Backing {
  readonly url: string
  readonly name: string
  readonly close: () => Promise<void>
}

const existing = (url: string): Backing => ({ url, name: "the Postgres of DATABASE_URL", close: async () => undefined })

const startInProcess = async (): Promise<Backing> => {
  const db = await PGlite.create()
  const server = new PGLiteSocketServer({ db, host: "127.0.0.1", port: 0, maxConnections: 20 })
  await server.start()
  return {
    url: `postgres://postgres:postgres@${server.getServerConn()}/postgres`,
    name: "a Postgres 18 in this process, in memory",
    close: async () => {
      await server.stop()
      await db.close()
    },
  }
}
