import { Client } from "pg"
import { boundState, emptyState } from "./state.ts"
import { parseState, StateConflict } from "./state-store.ts"
import type { StateStore } from "./state-store.ts"

const deadlineMs = 5_000
const place = "Postgres, table voltgate.scale_state"

/** Keeps the state in a row of a Postgres, with a version that counts up; the table is made where it is missing. */
export const createPostgresStateStore = (connectionString: string, name: string): StateStore => {
  const withClient = async <T>(work: (client: Client) => Promise<T>): Promise<T> => {
    const client = new Client({
      connectionString,
      connectionTimeoutMillis: deadlineMs,
      query_timeout: deadlineMs,
      application_name: "voltgate scale",
    })
    client.on("error", () => undefined)
    try {
      await client.connect()
      await client.query(
        "CREATE SCHEMA IF NOT EXISTS voltgate; CREATE TABLE IF NOT EXISTS voltgate.scale_state (name text PRIMARY KEY, version bigint NOT NULL, document text NOT NULL)",
      )
      return await work(client)
    } finally {
      await client.end().catch(() => undefined)
    }
  }
  return {
    place,
    load: () =>
      withClient(async (client) => {
        const { rows } = await client.query<{ version: string; document: string }>(
          "SELECT version, document FROM voltgate.scale_state WHERE name = $1",
          [name],
        )
        const [row] = rows
        return row === undefined
          ? { state: emptyState }
          : { state: parseState(row.document, place), version: row.version }
      }),
    save: ({ state, version }) =>
      withClient(async (client) => {
        const bounded = boundState(state)
        const { rows } = await client.query<{ version: string }>(
          version === undefined
            ? "INSERT INTO voltgate.scale_state VALUES ($1, 1, $2) ON CONFLICT DO NOTHING RETURNING version"
            : "UPDATE voltgate.scale_state SET version = version + 1, document = $2 WHERE name = $1 AND version = $3 RETURNING version",
          version === undefined ? [name, JSON.stringify(bounded)] : [name, JSON.stringify(bounded), version],
        )
        const [row] = rows
        if (row === undefined) throw new StateConflict("Another instance saved its state in between.")
        return { state: bounded, version: row.version }
      }),
  }
}
