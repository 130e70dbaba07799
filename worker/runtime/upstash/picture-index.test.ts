import { afterAll, beforeAll, describe, expect, test } from "vitest"
import { findOnPath } from "../../../dev/redis-endpoint/backing.ts"
import { startRedisEndpoint } from "../../../dev/redis-endpoint/start.ts"
import type { RedisEndpoint } from "../../../dev/redis-endpoint/start.ts"
import { pictureIndexSuite } from "../../ports/picture-index.suite.ts"
import { createUpstashPictureIndex } from "./picture-index.ts"

const token = "a-token-that-stays-secret"
const indexAt = (url: string) => createUpstashPictureIndex({ url, token, now: Date.now, timeoutMs: 5_000 })
const command = async (url: string, ...parts: readonly string[]): Promise<unknown> => {
  const response = await fetch(url, {
    method: "POST",
    headers: { authorization: `Bearer ${token}` },
    body: JSON.stringify(parts),
  })
  return ((await response.json()) as { readonly result?: unknown }).result
}

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

    pictureIndexSuite(redis, async () => {
      await command(endpoint.url, "FLUSHALL")
      return {
        index: indexAt(endpoint.url),
        now: Date.now,
        wait: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
      }
    })

    test("takes what it cannot read for nothing, and clears it away with the next picture", async () => {
      const index = indexAt(endpoint.url)
      await command(endpoint.url, "HSET", "voltgate:pictures:1:damaged", "a", "no JSON", "b", '{"facts":1}')
      await command(endpoint.url, "SET", "voltgate:look:1:damaged:a", "no base64 ä")
      expect(await index.list("damaged")).toEqual([])
      expect(await index.look("damaged", "a")).toBeUndefined()
      await index.remember("damaged", { name: "c", facts: "", expiresAt: Date.now() + 60_000 })
      expect(await command(endpoint.url, "HKEYS", "voltgate:pictures:1:damaged")).toEqual(["c"])
    })

    test("leaves nothing that lives for ever, and nothing that dies before its last picture", async () => {
      const index = indexAt(endpoint.url)
      const far = Date.now() + 86_400_000
      await index.remember("lives", { name: "a", facts: "", expiresAt: far }, new Uint8Array(9))
      await index.remember("lives", { name: "b", facts: "", expiresAt: far - 50_000_000 })
      expect(await command(endpoint.url, "PEXPIRETIME", "voltgate:look:1:lives:a")).toBe(far)
      const listEnds = Number(await command(endpoint.url, "PEXPIRETIME", "voltgate:pictures:1:lives"))
      expect(listEnds).toBeGreaterThanOrEqual(far)
      expect(listEnds).toBeLessThanOrEqual(Date.now() + 2 * 86_400_000)
    })
  })
}

suiteOver("a Redis in this process", "")
describe.runIf(findOnPath("redis-server") !== undefined)("with redis-server on the PATH", () => {
  suiteOver("a real redis-server", process.env["PATH"] ?? "")
})

test("rejects without its token when the store is away", async () => {
  const index = createUpstashPictureIndex({ url: "http://127.0.0.1:9", token, now: Date.now })
  await expect(index.list("t1")).rejects.toThrow(/store failed/)
  await expect(index.look("t1", "a")).rejects.not.toThrow(token)
})
