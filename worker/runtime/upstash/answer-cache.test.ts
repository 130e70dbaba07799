import { afterAll, beforeAll, describe, expect, test } from "vitest"
import { findOnPath } from "../../../dev/redis-endpoint/backing.ts"
import { startRedisEndpoint } from "../../../dev/redis-endpoint/start.ts"
import type { RedisEndpoint } from "../../../dev/redis-endpoint/start.ts"
import { startFlakyProxy } from "../../../test/flaky-proxy.ts"
import type { FlakyProxy } from "../../../test/flaky-proxy.ts"
import { startLoopbackServer } from "../../../test/loopback-server.ts"
import { answerCacheSuite, cachedAnswer, freshKey } from "../../ports/answer-cache.suite.ts"
import { createUpstashAnswerCache } from "./answer-cache.ts"

const token = "a-token-that-stays-secret"
const sleep = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms))

/** The deadline is generous here, because a busy machine is not what these tests are about. */
const cacheAt = (url: string, now: () => number = Date.now) =>
  createUpstashAnswerCache({ url, token, now, timeoutMs: 5_000 })

const suiteOver = (redis: string, path: string): void => {
  describe(`Upstash over ${redis}`, () => {
    let endpoint: RedisEndpoint
    const before = process.env["PATH"]
    beforeAll(async () => {
      process.env["PATH"] = path
      endpoint = await startRedisEndpoint({ token })
      process.env["PATH"] = before
    })
    afterAll(() => endpoint.close())

    answerCacheSuite(redis, () => ({ cache: cacheAt(endpoint.url), now: Date.now, pass: sleep }))

    test.each([
      ["text that is no JSON", "{oops"],
      ["JSON of another shape", '{"answer":5}'],
    ])("%s is nothing, and is removed", async (_, stored) => {
      const key = freshKey()
      await command(endpoint.url, ["HSET", key, "answer", stored])
      expect(await cacheAt(endpoint.url).get(key)).toBeUndefined()
      expect(await command(endpoint.url, ["EXISTS", key])).toBe(0)
    })

    test("an answer whose counts cannot be read is nothing, and is removed", async () => {
      const key = freshKey()
      await cacheAt(endpoint.url).put(key, cachedAnswer(Date.now(), 60_000))
      await command(endpoint.url, ["HSET", key, "hits", "many"])
      expect(await cacheAt(endpoint.url).get(key)).toBeUndefined()
      expect(await command(endpoint.url, ["EXISTS", key])).toBe(0)
    })

    test("Redis itself ends an entry at its own time, however often it was hit or written before", async () => {
      const [key, cache] = [freshKey(), cacheAt(endpoint.url)]
      const answer = cachedAnswer(Date.now(), 60_000)
      await cache.put(key, cachedAnswer(Date.now(), 90_000))
      await cache.put(key, answer)
      expect(await command(endpoint.url, ["PEXPIRETIME", key])).toBe(answer.expiresAt)
      await cache.touch(key, { answer, hits: 0 }, Date.now() + 1_000)
      expect(await command(endpoint.url, ["PEXPIRETIME", key])).toBe(answer.expiresAt)
    })

    test("a hit on a key that was evicted leaves nothing that stays for good", async () => {
      const [key, cache] = [freshKey(), cacheAt(endpoint.url)]
      const answer = cachedAnswer(Date.now(), 60_000)
      await cache.touch(key, { answer, hits: 0 }, Date.now())
      expect(await cache.get(key)).toBeUndefined()
      expect(await command(endpoint.url, ["PEXPIRETIME", key])).toBe(answer.expiresAt)
    })

    test("a key of another type is nothing, and is removed", async () => {
      const key = freshKey()
      await command(endpoint.url, ["SET", key, "x"])
      expect(await cacheAt(endpoint.url).get(key)).toBeUndefined()
      expect(await command(endpoint.url, ["EXISTS", key])).toBe(0)
    })
  })
}

const command = async (url: string, parts: readonly string[]): Promise<unknown> => {
  const headers = { authorization: `Bearer ${token}` }
  const response = await fetch(url, { method: "POST", headers, body: JSON.stringify(parts) })
  return ((await response.json()) as { result: unknown }).result
}

suiteOver("a Redis in this process", "")
describe.runIf(findOnPath("redis-server") !== undefined)("with redis-server on the PATH", () => {
  suiteOver("a real redis-server", process.env["PATH"] ?? "")
})

describe("a store that fails", () => {
  let endpoint: RedisEndpoint
  let proxy: FlakyProxy
  beforeAll(async () => {
    endpoint = await startRedisEndpoint({ token })
    proxy = await startFlakyProxy(endpoint.url)
  })
  afterAll(async () => {
    await proxy.close()
    await endpoint.close()
  })

  test.each(["silent", "resetting"] as const)(
    "a %s one rejects by the deadline, without a word of token or answer",
    async (mood) => {
      const cache = createUpstashAnswerCache({ url: proxy.url, token, now: Date.now, timeoutMs: 150 })
      proxy.set(mood)
      const failed = cache.put(freshKey(), cachedAnswer(Date.now(), 1_000))
      await expect(failed).rejects.toThrow(/store failed/)
      await expect(failed).rejects.not.toThrow(new RegExp(`${token}|C16`))
      proxy.set("well")
    },
  )

  test("after three failures in a row nobody waits for it, until its rest is over", async () => {
    let at = 0
    const cache = cacheAt(proxy.url, () => at)
    proxy.set("resetting")
    for (const _ of [1, 2, 3]) await expect(cache.get(freshKey())).rejects.toThrow(/store failed/)
    await expect(cache.get(freshKey())).rejects.toThrow(/rests/)
    proxy.set("well")
    await expect(cache.get(freshKey())).rejects.toThrow(/rests/)
    at += 5_001
    expect(await cache.get(freshKey())).toBeUndefined()
  })

  test("a failed call is not tried a second time, because a hit would count twice", async () => {
    let calls = 0
    const server = await startLoopbackServer(async (request) => {
      calls++
      request.socket.destroy()
    })
    const counting = cacheAt(server.url).touch("k", { answer: cachedAnswer(0, 1_000), hits: 0 }, 0)
    await expect(counting).rejects.toThrow(/store failed/)
    await server.close()
    expect(calls).toBe(1)
  })

  test("a token that cannot be sent is not in the error either", async () => {
    const cache = createUpstashAnswerCache({ url: endpoint.url, token: "se\0cret", now: Date.now })
    await expect(cache.get("k")).rejects.toThrow(/store failed/)
    await expect(cache.get("k")).rejects.not.toThrow(/cret/)
  })

  test("a wrong token is refused", async () => {
    const cache = createUpstashAnswerCache({ url: endpoint.url, token: "wrong", now: Date.now, timeoutMs: 5_000 })
    await expect(cache.get(freshKey())).rejects.toThrow(/Unauthorized/)
  })
})

test("an endpoint before a Redis that is not there says so, without its password", async () => {
  const started = startRedisEndpoint({ token, redisUrl: "redis://user:pass@127.0.0.1:1" })
  await expect(started).rejects.toThrow("The Redis at redis://127.0.0.1:1 does not answer")
})
