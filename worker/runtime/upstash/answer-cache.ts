import { Redis } from "@upstash/redis/cloudflare"
import * as v from "valibot"
import type { AnswerCache, CacheEntry, CachedAnswer } from "../../ports/answer-cache.ts"
import { createBreaker } from "./breaker.ts"

export interface UpstashOptions {
  readonly url: string
  readonly token: string
  readonly now: () => number
  /** For each call to the store. */
  readonly timeoutMs?: number
}

const count = v.pipe(v.number(), v.minValue(0))

const StoredAnswer: v.GenericSchema<unknown, CachedAnswer> = v.object({
  answer: v.string(),
  provider: v.string(),
  model: v.string(),
  finishReason: v.picklist(["stop", "length", "refusal", "tool_use"]),
  usage: v.object({ inputTokens: count, outputTokens: count, cachedInputTokens: count }),
  costUsd: count,
  imageTokens: count,
  questionHash: v.string(),
  writtenAt: v.number(),
  expiresAt: v.number(),
})

const Fields = v.tuple([v.nullable(v.string()), v.nullable(v.string()), v.nullable(v.string())])
type Fields = v.InferOutput<typeof Fields>

const numeral = v.pipe(v.string(), v.nonEmpty(), v.transform(Number), v.finite(), v.minValue(0))
const StoredEntry = v.tuple([
  v.pipe(v.string(), v.parseJson(), StoredAnswer),
  v.nullable(numeral, "0"),
  v.nullable(numeral),
])

/**
 * Answers in Redis, through Upstash's REST interface. One hash per key: `answer` (JSON), `hits`, `lastAccessAt`. A
 * lookup is one command, a write one transaction. Every call has a deadline, and a breaker keeps a dead store from
 * costing that deadline each time.
 */
export const createUpstashAnswerCache = ({ url, token, now, timeoutMs = 150 }: UpstashOptions): AnswerCache => {
  const redis = new Redis({
    url,
    token,
    // `false` would still try twice, and a hit whose reply was lost would count twice.
    retry: { retries: 0 },
    enableTelemetry: false,
    automaticDeserialization: false,
    signal: () => AbortSignal.timeout(timeoutMs),
  })
  const breaker = createBreaker({ now })
  const guarded = <T>(work: () => Promise<T>): Promise<T> => breaker(() => withoutSecrets(token, work))
  const remove = (key: string): Promise<unknown> => guarded(() => redis.del(key)).catch(() => undefined)

  return {
    get: async (key) => {
      const fields = await guarded(() => readFields(redis, key))
      if (fields === "not ours") {
        await remove(key)
        return undefined
      }
      const [json] = fields
      if (json === null) return undefined
      const entry = toEntry(fields)
      if (entry === undefined) await remove(key)
      return entry === undefined || entry.answer.expiresAt <= now() ? undefined : entry
    },
    put: async (key, answer) => {
      await guarded(() =>
        redis
          .multi()
          .del(key)
          .hset(key, { answer: JSON.stringify(answer), hits: 0 })
          .pexpireat(key, answer.expiresAt)
          .exec(),
      )
    },
    touch: async (key, { answer }, at) => {
      await guarded(() =>
        // The entry's own end is set again, because counting on a key that has just gone would make one that never ends.
        redis.multi().hincrby(key, "hits", 1).hset(key, { lastAccessAt: at }).pexpireat(key, answer.expiresAt).exec(),
      )
    },
  }
}

/** A key of another Redis type holds nothing of ours. */
const readFields = async (redis: Redis, key: string): Promise<Fields | "not ours"> => {
  // Typed as an object; with deserialization off it is Redis' own list.
  const fields: unknown = await redis.hmget(key, "answer", "hits", "lastAccessAt").catch((error: unknown) => {
    if (String(error).includes("WRONGTYPE")) return "not ours"
    throw error
  })
  return fields === "not ours" ? fields : v.parse(Fields, fields)
}

/** Undefined when the fields are not what `put` and `touch` write. */
const toEntry = (fields: Fields): CacheEntry | undefined => {
  const parsed = v.safeParse(StoredEntry, fields)
  if (!parsed.success) return undefined
  const [answer, hits, lastAccessAt] = parsed.output
  return { answer, hits, ...(lastAccessAt === null ? {} : { lastAccessAt }) }
}

/**
 * The client's errors repeat the whole command, and with it the answer; a host's repeat a token that is no valid header.
 * So they are not passed on as they are, not even as a cause.
 */
const withoutSecrets = async <T>(token: string, work: () => Promise<T>): Promise<T> => {
  try {
    return await work()
  } catch (error) {
    const text = error instanceof Error ? error.message : String(error)
    const [said = ""] = text.split(", command was")
    // oxlint-disable-next-line preserve-caught-error
    throw new Error(`The store failed: ${said.replaceAll(token, "…").slice(0, 200)}`)
  }
}
