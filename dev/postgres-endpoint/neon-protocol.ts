import { Hono } from "hono"
import type pg from "pg"
import * as v from "valibot"

const Query = v.object({ query: v.string(), params: v.optional(v.array(v.unknown()), []) })
const Body = v.union([Query, v.object({ queries: v.array(Query) })])
type Query = v.InferOutput<typeof Query>

/**
 * Neon's HTTP protocol over a Postgres pool: `POST /sql` with one query, or several in one transaction. Values travel as
 * Postgres' own text, rows as arrays; the client reads both by the type of each field.
 */
export const createNeonApp = (pool: pg.Pool): Hono => {
  const app = new Hono()
  app.post("/sql", async (c) => {
    const parsed = v.safeParse(Body, await c.req.json().catch(() => undefined))
    if (!parsed.success) return c.json({ message: "The body must hold `query` and `params`, or `queries`." }, 400)
    const body = parsed.output
    try {
      if ("query" in body) return c.json(toResult(await pool.query(toConfig(body))))
      return c.json({ results: await runTransaction(pool, body.queries) })
    } catch (error) {
      return c.json(toError(error), 400)
    }
  })
  return app
}

const runTransaction = async (pool: pg.Pool, queries: readonly Query[]): Promise<readonly unknown[]> => {
  const client = await pool.connect()
  try {
    await client.query("begin")
    const results: unknown[] = []
    for (const query of queries) results.push(toResult(await client.query(toConfig(query))))
    await client.query("commit")
    return results
  } catch (error) {
    await client.query("rollback")
    throw error
  } finally {
    client.release()
  }
}

const asText = { getTypeParser: () => (value: unknown) => value }

const toConfig = ({ query, params }: Query): pg.QueryArrayConfig => ({
  text: query,
  values: params,
  rowMode: "array",
  types: asText,
})

const toResult = ({ fields, rows, command, rowCount }: pg.QueryArrayResult): unknown => ({
  fields: fields.map(({ name, dataTypeID, tableID, columnID, dataTypeSize, dataTypeModifier, format }) => ({
    ...{ name, dataTypeID, tableID, columnID, dataTypeSize, dataTypeModifier, format },
  })),
  rows,
  command,
  rowCount,
  rowAsArray: true,
})

/** Postgres' error fields, as its driver names them. */
const toError = (error: unknown): unknown => {
  const fields = "code severity detail hint position schema table column constraint routine".split(" ")
  const found = fields.flatMap((name) => {
    const value: unknown = typeof error === "object" && error !== null ? Reflect.get(error, name) : undefined
    return value === undefined ? [] : [[name, value] as const]
  })
  return { message: error instanceof Error ? error.message : String(error), ...Object.fromEntries(found) }
}
