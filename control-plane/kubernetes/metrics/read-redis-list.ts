import { Redis as UpstashRedis } from "@upstash/redis"
import { Redis } from "ioredis"
import type { SignalSource } from "../policies/policy.ts"
import type { Reading } from "../sample.ts"
import { whyUnreachable } from "../../doctor/why-unreachable.ts"
import { noData, sampleOf } from "./reading.ts"

export interface StorePorts {
  readonly environment: Readonly<Record<string, string | undefined>>
  readonly now: () => number
  readonly deadlineMs: number
}

/** The length of a list, by Redis's own protocol (redis://, rediss://) or Upstash's REST interface (https://). */
export const readRedisList = async (
  { key, urlEnv }: Extract<SignalSource, { from: "redis-list" }>,
  { environment, now, deadlineMs }: StorePorts,
): Promise<Reading> => {
  const source = "Redis"
  const url = environment[urlEnv]
  if (url === undefined || url === "") return noData(source, `${urlEnv} is not set`)
  if (/^https?:/.test(url)) {
    const token = environment["UPSTASH_REDIS_REST_TOKEN"]
    if (token === undefined) return noData(source, "UPSTASH_REDIS_REST_TOKEN is not set")
    const upstash = new UpstashRedis({ url, token, retry: false, signal: () => AbortSignal.timeout(deadlineMs) })
    return lengthOf(() => upstash.llen(key), source, now, deadlineMs)
  }
  if (!/^rediss?:/.test(url)) return noData(source, `${urlEnv} is no redis://, rediss:// or https:// address`)
  const redis = new Redis(url, {
    lazyConnect: true,
    connectTimeout: deadlineMs,
    commandTimeout: deadlineMs,
    retryStrategy: () => null,
    maxRetriesPerRequest: 0,
  })
  // What goes wrong shows in the command.
  redis.on("error", () => undefined)
  try {
    return await lengthOf(
      async () => {
        await redis.connect()
        return redis.llen(key)
      },
      source,
      now,
      deadlineMs,
    )
  } finally {
    redis.disconnect()
  }
}

const lengthOf = async (
  ask: () => Promise<number>,
  source: string,
  now: () => number,
  deadlineMs: number,
): Promise<Reading> => {
  try {
    return sampleOf(source, await ask(), now())
  } catch (error) {
    const message = error instanceof Error ? error.message : ""
    if (message.includes("WRONGTYPE")) return noData(source, "the key holds no list")
    if (/NOAUTH|WRONGPASS/.test(message)) return noData(source, "it does not accept the password")
    return noData(source, whyUnreachable(error, deadlineMs) ?? "it gave no answer")
  }
}
