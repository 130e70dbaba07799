import { Hono } from "hono"
import { Redis } from "ioredis"

/** A command as Upstash's REST interface takes it: a name and its arguments, all of them text in the end. */
type Command = readonly (string | number | boolean)[]

interface Outcome {
  readonly result?: unknown
  readonly error?: string
}

/**
 * Upstash's REST interface over a Redis connection: `POST /` for one command, `/pipeline` for several, `/multi-exec` for
 * a transaction; a bearer token for all; `upstash-encoding: base64` for the values, as the official client asks.
 */
export const createUpstashApp = (redis: Redis, token: string): Hono => {
  const app = new Hono()
  app.use("*", async (c, next) => {
    if (c.req.header("authorization") === `Bearer ${token}`) return next()
    return c.json({ error: "Unauthorized" }, 401)
  })
  app.post("/", async (c) => {
    const command = readCommand(await c.req.json().catch(() => undefined))
    if (command === undefined) return c.json({ error: "ERR a command is an array of a name and its arguments" }, 400)
    const outcome = await run(redis, command)
    return c.json(encodeFor(c.req.header("upstash-encoding"), outcome), outcome.error === undefined ? 200 : 400)
  })
  app.post("/pipeline", async (c) => {
    const commands = readCommands(await c.req.json().catch(() => undefined))
    if (commands === undefined) return c.json({ error: "ERR a pipeline is an array of commands" }, 400)
    const outcomes: Outcome[] = []
    for (const command of commands) outcomes.push(await run(redis, command))
    return c.json(outcomes.map((outcome) => encodeFor(c.req.header("upstash-encoding"), outcome)))
  })
  app.post("/multi-exec", async (c) => {
    const commands = readCommands(await c.req.json().catch(() => undefined))
    if (commands === undefined) return c.json({ error: "ERR a transaction is an array of commands" }, 400)
    const outcomes = await runTransaction(redis, commands)
    if (typeof outcomes === "string") return c.json({ error: outcomes }, 400)
    return c.json(outcomes.map((outcome) => encodeFor(c.req.header("upstash-encoding"), outcome)))
  })
  app.onError((error, c) => c.json({ error: `ERR ${error.message}` }, 500))
  return app
}

const isCommand = (value: unknown): value is Command =>
  Array.isArray(value) &&
  value.length > 0 &&
  value.every((part) => ["string", "number", "boolean"].includes(typeof part))

const readCommand = (body: unknown): Command | undefined => (isCommand(body) ? body : undefined)
const readCommands = (body: unknown): readonly Command[] | undefined =>
  Array.isArray(body) && body.length > 0 && body.every(isCommand) ? body : undefined

const run = async (redis: Redis, [name, ...args]: Command): Promise<Outcome> => {
  try {
    return { result: await redis.call(String(name), ...args.map(String)) }
  } catch (error) {
    return { error: messageOf(error) }
  }
}

/** All or nothing; the error's text when Redis refused the transaction as a whole. */
const runTransaction = async (redis: Redis, commands: readonly Command[]): Promise<readonly Outcome[] | string> => {
  try {
    const transaction = redis.multi()
    for (const [name, ...args] of commands) transaction.call(String(name), ...args.map(String))
    const results = (await transaction.exec()) ?? []
    return results.map(([error, result]) => (error === null ? { result } : { error: messageOf(error) }))
  } catch (error) {
    return messageOf(error)
  }
}

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error))

/** Text inside a result is sent as base64, except the plain "OK"; numbers and null stay what they are. */
const encodeFor = (encoding: string | undefined, outcome: Outcome): Outcome =>
  encoding === "base64" && outcome.error === undefined ? { result: encode(outcome.result) } : outcome

const encode = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(encode)
  return typeof value === "string" && value !== "OK" ? Buffer.from(value).toString("base64") : value
}
