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

/**
 * Answers in Redis, through Upstash's REST interface. One hash per key: `answer` (JSON), `hits`, `lastAccessAt`. A
 * lookup is one command, a write one transaction. Every call has a deadline, and a breaker keeps a dead store from
 * costing that deadline each time.
 */
export const createUpstashAnswerCache = ({ url, token, now, timeoutMs = 150 }: UpstashOptions): AnswerCache => {
  const redis = new Redis({
    url,
    token,
    retry: false,
    enableTelemetry: false,
    automaticDeserialization: false,
    signal: () => AbortSignal.timeout(timeoutMs),
  })
  const breaker = createBreaker({ now })
  const guarded = <T>(work: () => Promise<T>): Promise<T> => breaker(() => withoutSecrets(work))
  const remove = (key: string): Promise<unknown> => guarded(() => redis.del(key)).catch(() => undefined)

  return {
    get: async (key) => {
      const fields = await guarded(() => readFields(redis, key))
      if (fields === "not ours") {
        await remove(key)
        return undefined
      }
      const [json, hits, lastAccessAt] = fields
      if (json === null) return undefined
      const answer = parse(json)
      if (answer === undefined) await remove(key)
      if (answer === undefined || answer.expiresAt <= now()) return undefined
      return toEntry(answer, hits, lastAccessAt)
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
const readFields = async (redis: Redis, key: string): Promise<v.InferOutput<typeof Fields> | "not ours"> => {
  // Typed as an object; with deserialization off it is Redis' own list.
  const fields: unknown = await redis.hmget(key, "answer", "hits", "lastAccessAt").catch((error: unknown) => {
    if (String(error).includes("WRONGTYPE")) return "not ours"
    throw error
  })
  return fields === "not ours" ? fields : v.parse(Fields, fields)
}

const parse = (json: string): CachedAnswer | undefined => {
  const parsed = v.safeParse(v.pipe(v.string(), v.parseJson(), StoredAnswer), json)
  return parsed.success ? parsed.output : undefined
}

const toEntry = (answer: CachedAnswer, hits: string | null, lastAccessAt: string | null): CacheEntry => ({
  answer,
  hits: Number(hits ?? "0"),
  ...(lastAccessAt === null ? {} : { lastAccessAt: Number(lastAccessAt) }),
})

/** The client's errors repeat the whole command, and with it the answer; so they are not passed on, not even as a cause. */
const withoutSecrets = async <T>(work: () => Promise<T>): Promise<T> => {
  try {
    return await work()
  } catch (error) {
    const text = error instanceof Error ? error.message : String(error)
    throw new Error(`The store failed: ${(text.split(", command was")[0] ?? "").slice(0, 200)}`)
  }
}
