import { Hono } from "hono"
import type { Context } from "hono"
import type pg from "pg"
import * as v from "valibot"
import { sameDatabase } from "./same-database.ts"

const Query = v.object({ query: v.string(), params: v.optional(v.array(v.unknown()), []) })
const Body = v.union([Query, v.object({ queries: v.array(Query) })])
type Query = v.InferOutput<typeof Query>

const isolationLevels: Readonly<Record<string, string>> = {
  ReadUncommitted: "read uncommitted",
  ReadCommitted: "read committed",
  RepeatableRead: "repeatable read",
  Serializable: "serializable",
}

/**
 * Neon's HTTP protocol over a Postgres pool: `POST /sql` with one query, or several in one transaction. Values travel as
 * Postgres' own text, rows as arrays; the client reads both by the type of each field. The connection string that comes
 * with a request must name the pool's own database: as no page of another origin can send it, none can reach the database.
 */
export const createNeonApp = (pool: pg.Pool, databaseUrl: string): Hono => {
  const app = new Hono()
  app.post("/sql", async (c) => {
    const parsed = v.safeParse(Body, await c.req.json().catch(() => undefined))
    if (!parsed.success) return refuse(c, "The body must hold `query` and `params`, or `queries`.")
    if (!sameDatabase(c.req.header("neon-connection-string"), databaseUrl))
      return refuse(c, "The header Neon-Connection-String does not name the Postgres behind this endpoint.")
    if (c.req.header("neon-raw-text-output") !== "true" || c.req.header("neon-array-mode") !== "true")
      return refuse(c, "Only raw text in arrays is served: send Neon-Raw-Text-Output: true and Neon-Array-Mode: true.")
    const begin = readBegin(c)
    if (begin === undefined) return refuse(c, "The header Neon-Batch-Isolation-Level names no isolation level.")
    const body = parsed.output
    try {
      if ("query" in body) return c.json(toResult(await pool.query(toConfig(body))))
      return c.json({ results: await runTransaction(pool, begin, body.queries) })
    } catch (error) {
      return c.json(toError(error), 400)
    }
  })
  return app
}

const refuse = (c: Context, message: string): Response => c.json({ message }, 400)

/** How the transaction of a batch begins; undefined when its isolation level is unknown. */
const readBegin = (c: Context): string | undefined => {
  const isolation = c.req.header("neon-batch-isolation-level")
  const level = isolation === undefined ? "" : isolationLevels[isolation]
  if (level === undefined) return undefined
  const modes = [
    ...(level === "" ? [] : [`isolation level ${level}`]),
    ...readFlag(c.req.header("neon-batch-read-only"), "read only", "read write"),
    ...readFlag(c.req.header("neon-batch-deferrable"), "deferrable", "not deferrable"),
  ]
  return `begin ${modes.join(", ")}`
}

const readFlag = (header: string | undefined, whenTrue: string, whenFalse: string): readonly string[] =>
  header === undefined ? [] : [header === "true" ? whenTrue : whenFalse]

const runTransaction = async (pool: pg.Pool, begin: string, queries: readonly Query[]): Promise<readonly unknown[]> => {
  const client = await pool.connect()
  let broken = false
  try {
    await client.query(begin)
    const results: unknown[] = []
    for (const query of queries) results.push(toResult(await client.query(toConfig(query))))
    await client.query("commit")
    return results
  } catch (error) {
    // The query's own error is what the caller has to see, also when the connection broke with it.
    await client.query("rollback").catch(() => {
      broken = true
    })
    throw error
  } finally {
    client.release(broken)
  }
}

const asText = { getTypeParser: () => (value: unknown) => value }

/** Always a prepared statement, as Neon runs it: so a text with several statements is refused, not half answered. */
const toConfig = ({ query, params }: Query): pg.QueryArrayConfig & { readonly queryMode: "extended" } => ({
  text: query,
  values: params,
  rowMode: "array",
  queryMode: "extended",
  types: asText,
})

const toResult = ({ fields, rows, command, rowCount }: pg.QueryArrayResult): unknown => ({
  fields,
  rows,
  command,
  rowCount,
  rowAsArray: true,
})

const errorFields = [
  ..."severity code detail hint position internalPosition internalQuery where".split(" "),
  ..."schema table column dataType constraint file line routine".split(" "),
]

/** Postgres' error fields, as its driver names them. */
const toError = (error: unknown): unknown => {
  const found = errorFields.flatMap((name) => {
    const value: unknown = typeof error === "object" && error !== null ? Reflect.get(error, name) : undefined
    return value === undefined ? [] : [[name, value] as const]
  })
  return { message: error instanceof Error ? error.message : String(error), ...Object.fromEntries(found) }
}
