import { Hono } from "hono"
import type { Redis } from "ioredis"
import { findRefusal } from "./refused-commands.ts"

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
  app.notFound((c) =>
    c.json({ error: `ERR ${c.req.method} ${c.req.path} is not served; POST to /, /pipeline or /multi-exec` }, 404),
  )
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

/** In capitals, because for names in small letters ioredis turns some replies (HGETALL) into objects, where Upstash sends lists. */
const toWords = ([name, ...args]: Command): readonly [string, ...string[]] => [
  String(name).toUpperCase(),
  ...args.map(String),
]

const run = async (redis: Redis, command: Command): Promise<Outcome> => {
  const refusal = findRefusal(toWords(command))
  if (refusal !== undefined) return { error: refusal }
  try {
    const [name, ...args] = toWords(command)
    return { result: await redis.callBuffer(name, ...args) }
  } catch (error) {
    return { error: messageOf(error) }
  }
}

/** All or nothing; the error's text when Redis refused the transaction as a whole. */
const runTransaction = async (redis: Redis, commands: readonly Command[]): Promise<readonly Outcome[] | string> => {
  const refusal = commands.map((command) => findRefusal(toWords(command))).find((found) => found !== undefined)
  if (refusal !== undefined) return refusal
  try {
    const transaction = redis.multi()
    for (const command of commands) {
      const [name, ...args] = toWords(command)
      transaction.callBuffer(name, ...args)
    }
    const results = (await transaction.exec()) ?? []
    return results.map(([error, result]) => (error === null ? { result } : { error: messageOf(error) }))
  } catch (error) {
    return messageOf(error)
  }
}

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error))

/** Numbers and null stay what they are; of texts, only an "OK" that is the whole result is never encoded. */
const encodeFor = (encoding: string | undefined, { result, error }: Outcome): Outcome => {
  if (error !== undefined) return { error }
  if (encoding !== "base64" || isOk(result)) return { result: encode(result, "utf8") }
  return { result: encode(result, "base64") }
}

const isOk = (result: unknown): boolean => Buffer.isBuffer(result) && result.toString() === "OK"

const encode = (value: unknown, encoding: "utf8" | "base64"): unknown => {
  if (Array.isArray(value)) return value.map((part) => encode(part, encoding))
  return Buffer.isBuffer(value) ? value.toString(encoding) : value
}
