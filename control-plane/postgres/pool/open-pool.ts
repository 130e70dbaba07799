import { neonConfig, Pool as NeonPool } from "@neondatabase/serverless"
import { Pool } from "pg"
import type { PoolConfig } from "pg"
import type { Database } from "../database.ts"
import { poolMetrics } from "./pool-metrics.ts"
import type { PoolMetrics } from "./pool-metrics.ts"

/** Connections that are shared, with what they do. Each query takes one, and gives it back. */
export interface ConnectionPool extends Database, AsyncDisposable {
  readonly metrics: () => PoolMetrics
  /** Which driver holds it. */
  readonly driver: "pg" | "neon"
}

export interface PoolOptions {
  readonly url: string
  readonly min: number
  readonly max: number
  /** A WebSocket proxy of one's own, for tests of Neon's driver, e.g. `127.0.0.1:8792/v2`. */
  readonly neonProxy?: string
}

export const usualPool = { min: 5, max: 20 } as const

const timeouts: PoolConfig = {
  idleTimeoutMillis: 30_000,
  connectionTimeoutMillis: 5_000,
  query_timeout: 25_000,
  keepAlive: true,
  keepAliveInitialDelayMillis: 10_000,
  // Of each new connection, before anybody gets it: poolers such as PgBouncer refuse it as an option at the start.
  verify: (client, done) => {
    client.query("SET statement_timeout = '30s'", (error: Error | null) => done(error ?? undefined))
  },
}

export const isNeon = (url: string): boolean => URL.parse(url)?.hostname.endsWith(".neon.tech") ?? false

/** What both drivers' pools have in common. */
interface DriverPool {
  readonly totalCount: number
  readonly idleCount: number
  readonly waitingCount: number
  readonly connect: () => Promise<{ readonly release: () => void }>
  readonly query: (sql: string, parameters: unknown[]) => Promise<{ readonly rows: readonly Record<string, unknown>[] }>
  readonly end: () => Promise<void>
}

const createPool = (driver: "pg" | "neon", settings: PoolConfig): DriverPool => {
  const pool = driver === "neon" ? new NeonPool(settings) : new Pool(settings)
  // An idle connection that breaks leaves the pool; whoever comes next gets another.
  pool.on("error", () => undefined)
  return pool
}

/** Opens a pool and its least number of connections. Throws the driver's error where the server is out of reach or refuses. */
export const openPool = async ({ url, min, max, neonProxy }: PoolOptions): Promise<ConnectionPool> => {
  const driver = neonProxy !== undefined || isNeon(url) ? "neon" : "pg"
  const settings = { connectionString: url, application_name: "voltgate pool", min, max, ...timeouts }
  if (neonProxy !== undefined) {
    neonConfig.wsProxy = neonProxy
    neonConfig.useSecureWebSocket = false
    neonConfig.pipelineTLS = false
    neonConfig.pipelineConnect = false
  }
  const pool = createPool(driver, settings)
  try {
    // Neither driver opens any by itself. All are given back before an error is told: the pool waits for them when it ends.
    const first = await Promise.allSettled(Array.from({ length: min }, () => pool.connect()))
    for (const each of first) if (each.status === "fulfilled") each.value.release()
    const refused = first.find((each) => each.status === "rejected")
    if (refused !== undefined) throw refused.reason
  } catch (error) {
    await pool.end().catch(() => undefined)
    throw error
  }
  return {
    driver,
    metrics: () => poolMetrics(pool),
    query: async (sql, parameters = []) => (await pool.query(sql, [...parameters])).rows,
    [Symbol.asyncDispose]: () => pool.end(),
  }
}
