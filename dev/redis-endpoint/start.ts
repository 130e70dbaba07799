import { Redis } from "ioredis"
import { serveApp } from "../serve-app.ts"
import { startBacking } from "./backing.ts"
import { createUpstashApp } from "./upstash-protocol.ts"

export interface RedisEndpointOptions {
  /** 0 takes any free port. */
  readonly port?: number
  /** The bearer token that clients must show. */
  readonly token: string
  /** A Redis to stand before; absent: a `redis-server` from the PATH, or else one in this process. */
  readonly redisUrl?: string
}

export interface RedisEndpoint {
  readonly url: string
  readonly token: string
  /** Which Redis it is, for people. */
  readonly backing: string
  readonly close: () => Promise<void>
}

/** Starts an endpoint that speaks Upstash's REST protocol over a Redis. Rejects when the port is taken or the Redis is away. */
export const startRedisEndpoint = async ({
  port = 0,
  token,
  redisUrl,
}: RedisEndpointOptions): Promise<RedisEndpoint> => {
  const backing = await startBacking(redisUrl)
  const redis = new Redis(backing.url, {
    lazyConnect: true,
    // A Redis that is away is an error at once, and one that comes back is used again.
    enableOfflineQueue: false,
    maxRetriesPerRequest: 0,
    autoResendUnfulfilledCommands: false,
    retryStrategy: (attempt) => Math.min(attempt * 100, 1_000),
  })
  // Failures surface in the command that they hit; without a listener the client would print them.
  redis.on("error", () => undefined)
  try {
    await redis.connect().catch((cause: unknown) => {
      if (redisUrl === undefined) throw cause
      throw new Error(`The Redis at ${withoutPassword(redisUrl)} does not answer. Start it, or unset REDIS_URL.`, {
        cause,
      })
    })
    const served = await serveApp(createUpstashApp(redis, token), port)
    return {
      url: served.url,
      token,
      backing: backing.name,
      close: async () => {
        await served.close()
        redis.disconnect()
        await backing.close()
      },
    }
  } catch (error) {
    redis.disconnect()
    await backing.close()
    throw error
  }
}

const withoutPassword = (url: string): string => url.replace(/\/\/[^@/]*@/, "//")
