import { Client } from "pg"
import type { Database } from "../database.ts"

/** What a session is for; the server shows it as `application_name`, by which a later run knows what an earlier one left. */
export const sessionNames = {
  /** Holds the lock of the run, and keeps the journal. */
  control: "voltgate-control",
  /** Carries out what may take long. */
  worker: "voltgate-worker",
  /** Looks after the worker. */
  watchdog: "voltgate-watchdog",
} as const
export type SessionRole = keyof typeof sessionNames

/** One connection of our own, with the server's process behind it. */
export interface Session extends Database, AsyncDisposable {
  readonly pid: number
}

/** Opens a session. Throws the driver's error where the server is out of reach or refuses. */
export type Connect = (role: SessionRole) => Promise<Session>

const connectMs = 5_000

/**
 * Sessions of the database at `url`. A worker may take as long as it takes: neither statement_timeout nor lock_timeout ends it,
 * as either would leave an invalid index; where this process dies, the server notices within a second and stops the work.
 */
export const connectTo =
  (url: string): Connect =>
  async (role) => {
    const client = new Client({
      connectionString: url,
      application_name: sessionNames[role],
      connectionTimeoutMillis: connectMs,
      keepAlive: true,
      ...(role === "worker" ? {} : { query_timeout: 30_000 }),
    })
    // A session that breaks between two statements is told to whoever asks next.
    client.on("error", () => undefined)
    try {
      await client.connect()
      await client.query(settingsOf[role])
      const { rows } = await client.query<{ pid: number }>("SELECT pg_backend_pid() AS pid")
      return {
        pid: rows[0]?.pid ?? 0,
        query: async (sql, parameters = []) => (await client.query<Record<string, unknown>>(sql, [...parameters])).rows,
        [Symbol.asyncDispose]: () => client.end().catch(() => undefined),
      }
    } catch (error) {
      await client.end().catch(() => undefined)
      throw error
    }
  }

const shortWork =
  "SET lock_timeout = '2s'; SET statement_timeout = '25s'; SET idle_in_transaction_session_timeout = '25s'"
const settingsOf: Readonly<Record<SessionRole, string>> = {
  control: shortWork,
  watchdog: shortWork,
  worker:
    "SET lock_timeout = 0; SET statement_timeout = 0; SET idle_session_timeout = 0; " +
    "DO $$ BEGIN PERFORM set_config('client_connection_check_interval', '1s', false); EXCEPTION WHEN OTHERS THEN NULL; END $$",
}

/** The server's SQLSTATE of an error; undefined for one that is not the server's. */
export const codeOf = (error: unknown): string | undefined =>
  error instanceof Error && "code" in error && typeof error.code === "string" && /^[0-9A-Z]{5}$/.test(error.code)
    ? error.code
    : undefined

export const sqlStates = {
  canceled: "57014",
  deadlock: "40P01",
  lockNotAvailable: "55P03",
  duplicateTable: "42P07",
  diskFull: "53100",
  undefinedTable: "42P01",
  undefinedObject: "42704",
  insufficientPrivilege: "42501",
  readOnly: "25006",
} as const
