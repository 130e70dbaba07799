import { createHash } from "node:crypto"
import { afterAll, beforeAll, describe, expect, test } from "vitest"
import { findOnPath } from "../../../dev/redis-endpoint/backing.ts"
import { startRedisEndpoint } from "../../../dev/redis-endpoint/start.ts"
import type { RedisEndpoint } from "../../../dev/redis-endpoint/start.ts"
import { startFlakyProxy } from "../../../test/flaky-proxy.ts"
import type { FlakyProxy } from "../../../test/flaky-proxy.ts"
import { readAll, startLoopbackServer } from "../../../test/loopback-server.ts"
import { labelLimit } from "../../cache/epochs.ts"
import { createSealedCache } from "../../cache/sealed-cache.ts"
import { answerCacheSuite, cachedAnswer, findEntry, freshAddress, keep, near } from "../../ports/answer-cache.suite.ts"
import type { CacheAddress, CachedAnswer } from "../../ports/answer-cache.ts"
import { createUpstashAnswerCache } from "./answer-cache.ts"
import * as scripts from "./scripts.ts"

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

    const entryKeyOf = ({ tenant, group, entry }: CacheAddress): string =>
      `voltgate:answer:2:${tenant}:${group}:${entry}`
    const groupKeyOf = ({ tenant, group }: CacheAddress): string => `voltgate:group:2:${tenant}:${group}`
    const bookKeyOf = ({ tenant }: CacheAddress): string => `voltgate:epochs:2:${tenant}`
    const redisSays = (...parts: readonly string[]): Promise<unknown> => command(endpoint.url, parts)
    const written = async (answer: CachedAnswer = cachedAnswer(Date.now(), 60_000)): Promise<CacheAddress> => {
      const address = freshAddress()
      await keep(cacheAt(endpoint.url), address, answer, { near })
      return address
    }

    test.each<readonly [string, readonly string[]]>([
      ["an answer that is no JSON", ["HSET", "answer", "{oops"]],
      ["an answer of another shape", ["HSET", "answer", '{"answer":5}']],
      [
        "an answer that would live for longer than a day",
        ["HSET", "answer", JSON.stringify(cachedAnswer(Date.now(), 86_400_001))],
      ],
      ["counts that cannot be read", ["HSET", "hits", "many"]],
      ["no stamp", ["HDEL", "stamp"]],
    ])("an entry with %s is nothing, and is removed", async (_, [name = "", ...rest]) => {
      const address = await written()
      await redisSays(name, entryKeyOf(address), ...rest)
      expect(await findEntry(cacheAt(endpoint.url), address)).toBeUndefined()
      expect(await redisSays("EXISTS", entryKeyOf(address))).toBe(0)
    })

    test.each([
      ["an entry", entryKeyOf],
      ["a group", groupKeyOf],
      ["a book of invalidations", bookKeyOf],
    ])("a key of another type in place of %s is nothing, is removed, and is written again", async (_, keyOf) => {
      const [address, cache] = [await written(), cacheAt(endpoint.url)]
      const asked = { ...address, entry: freshAddress().entry }
      await redisSays("DEL", keyOf(address))
      await redisSays("SET", keyOf(address), "x")
      expect((await cache.lookUp(keyOf === groupKeyOf ? asked : address)).found).toBe(false)
      expect(await redisSays("EXISTS", keyOf(address))).toBe(0)
      await keep(cache, address, cachedAnswer(Date.now(), 60_000), { near })
      expect(await findEntry(cache, address)).toBeDefined()
      expect(await cache.lookUp(asked)).toMatchObject({ neighbors: [{ id: address.entry }] })
    })

    test("a member of a group that cannot be read is left out, and the next write clears it away", async () => {
      const [address, cache] = [await written(), cacheAt(endpoint.url)]
      await redisSays("HSET", groupKeyOf(address), "garbage", "?", "half", "99999999999999 1 0 x.0\n{oops")
      const asked = { ...address, entry: freshAddress().entry }
      expect(await cache.lookUp(asked)).toMatchObject({ found: false, neighbors: [{ id: address.entry }] })
      await keep(cache, asked, cachedAnswer(Date.now(), 60_000), { near })
      expect(await redisSays("HLEN", groupKeyOf(address))).toBe(2)
    })

    test("when Redis drops a book of invalidations, all that it stood for is void, and new answers are kept", async () => {
      const [address, cache] = [await written(), cacheAt(endpoint.url)]
      const { epoch } = await cache.lookUp(address)
      await redisSays("DEL", bookKeyOf(address))
      expect(await cache.lookUp(address)).toMatchObject({ found: false, neighbors: [] })
      const other = { ...address, entry: freshAddress().entry }
      await cache.write(other, { answer: cachedAnswer(Date.now(), 60_000), epoch, labels: [] })
      expect(await findEntry(cache, other)).toBeUndefined()
      await keep(cache, other, cachedAnswer(Date.now(), 60_000))
      expect(await findEntry(cache, other)).toBeDefined()
      expect(await findEntry(cache, address)).toBeUndefined()
    })

    test("a book with too many labels starts anew, and all goes with it", async () => {
      const [address, cache] = [await written(), cacheAt(endpoint.url)]
      const labels = Array.from({ length: labelLimit }, (_, index) => [`l:x${index}`, "1"])
      await redisSays("HSET", bookKeyOf(address), ...labels.flat())
      await cache.invalidate(address.tenant, ["x1"])
      expect(await findEntry(cache, address)).toBeDefined()
      await cache.invalidate(address.tenant, ["one more"])
      expect(await redisSays("HLEN", bookKeyOf(address))).toBe(2)
      expect(await findEntry(cache, address)).toBeUndefined()
      await keep(cache, address, cachedAnswer(Date.now(), 60_000))
      expect(await findEntry(cache, address)).toBeDefined()
    })

    test("Redis itself ends an entry and its group at their time, however often they were hit or written", async () => {
      const [address, cache] = [freshAddress(), cacheAt(endpoint.url)]
      const answer = cachedAnswer(Date.now(), 60_000)
      await keep(cache, address, cachedAnswer(Date.now(), 90_000))
      await keep(cache, address, answer, { near })
      expect(await redisSays("PEXPIRETIME", entryKeyOf(address))).toBe(answer.expiresAt)
      await cache.touch(address, { id: address.entry, answer, hits: 0 }, Date.now() + 1_000)
      expect(await redisSays("PEXPIRETIME", entryKeyOf(address))).toBe(answer.expiresAt)
      expect(await redisSays("PEXPIRETIME", groupKeyOf(address))).toBe(answer.expiresAt)
      const shorter = { ...address, entry: freshAddress().entry }
      await keep(cache, shorter, cachedAnswer(Date.now(), 30_000), { near })
      expect(await redisSays("PEXPIRETIME", groupKeyOf(address))).toBe(answer.expiresAt)
    })

    test("no key stays for good", async () => {
      const [address, cache] = [await written(), cacheAt(endpoint.url)]
      const from = { ...address, entry: freshAddress().entry }
      await cache.alias(from, address.entry)
      await cache.invalidate(address.tenant, ["a1"])
      const keys = [entryKeyOf(address), entryKeyOf(from), groupKeyOf(address), bookKeyOf(address)]
      for (const key of keys) expect(await redisSays("PTTL", key)).toBeGreaterThan(0)
      await cache.quarantine(address)
      expect(await redisSays("PTTL", groupKeyOf(address))).toBeGreaterThan(0)
    })

    test("an entry that somebody copied into another tenant's place, or forged, is never given", async () => {
      const cache = createSealedCache(cacheAt(endpoint.url), "the gateway's secret")
      const [acme, other] = [freshAddress(), freshAddress()]
      await keep(cache, acme, cachedAnswer(Date.now(), 60_000, "acme's own"), { near })
      await keep(cache, { ...other, entry: freshAddress().entry }, cachedAnswer(Date.now(), 60_000))
      await redisSays("COPY", entryKeyOf(acme), entryKeyOf(other))
      await redisSays("COPY", groupKeyOf(acme), groupKeyOf(other), "REPLACE")
      const stamp = String(await redisSays("HGET", bookKeyOf(other), "base"))
      await redisSays("HSET", entryKeyOf(other), "stamp", `${stamp}.0`, "id", other.entry)
      expect(await findEntry(cacheAt(endpoint.url), other)).toMatchObject({ answer: { answer: "acme's own" } })
      expect(await findEntry(cache, other)).toBeUndefined()
      expect(await redisSays("EXISTS", entryKeyOf(other))).toBe(0)
      await redisSays("HSET", entryKeyOf(acme), "answer", JSON.stringify(cachedAnswer(Date.now(), 60_000, "forged")))
      expect(await findEntry(cache, acme)).toBeUndefined()
    })

    test("a hit on a key that was evicted makes none", async () => {
      const [address, cache] = [freshAddress(), cacheAt(endpoint.url)]
      await cache.touch(address, { id: address.entry, answer: cachedAnswer(0, 0), hits: 0 }, Date.now())
      expect(await redisSays("EXISTS", entryKeyOf(address), groupKeyOf(address))).toBe(0)
    })

    test("every method is one command, and asking is a read-only one, once Redis has the scripts; one that lost them gets them again", async () => {
      const commands: string[] = []
      const server = await startLoopbackServer(async (request, response) => {
        const body = await readAll(request)
        commands.push(String((JSON.parse(body.toString()) as unknown[])[0]).toUpperCase())
        const answer = await fetch(endpoint.url, {
          method: "POST",
          headers: { authorization: `Bearer ${token}`, "content-type": "application/json" },
          body: body.toString(),
        })
        response.writeHead(answer.status, { "content-type": "application/json" })
        response.end(await answer.text())
      })
      const cache = cacheAt(server.url)
      const useAll = async (): Promise<void> => {
        const address = freshAddress()
        const answer = cachedAnswer(Date.now(), 60_000)
        const { epoch } = await cache.lookUp(address)
        await cache.write(address, { answer, epoch, labels: ["a1"], near })
        await cache.read(address)
        await cache.touch(address, { id: address.entry, answer, hits: 0 }, Date.now())
        await cache.alias(address, freshAddress().entry)
        await cache.quarantine(address)
        await cache.invalidate(address.tenant, ["a1"])
      }
      await useAll()
      commands.splice(0)
      await useAll()
      expect(commands).toEqual(["EVALSHA_RO", "EVALSHA", "EVALSHA_RO", "EVALSHA", "EVALSHA", "EVALSHA", "EVALSHA"])
      commands.splice(0)
      await redisSays("SCRIPT", "FLUSH")
      await useAll()
      expect(commands.slice(0, 5)).toEqual(["EVALSHA_RO", "EVAL_RO", "EVALSHA", "EVAL", "EVALSHA_RO"])
      await server.close()
    })
  })
}

/** A stand-in for Upstash, which takes scripts that say they touch their keys alone, and runs them by hash later on. */
const startLikeUpstash = async (redisUrl: string) => {
  const texts = new Map<string, string>()
  const seen: string[] = []
  const server = await startLoopbackServer(async (request, response) => {
    const [name = "", script = "", ...rest] = JSON.parse((await readAll(request)).toString()) as string[]
    const [shebang = "", ...lines] =
      (name.toLowerCase().startsWith("evalsha") ? texts.get(script) : script)?.split("\n") ?? []
    seen.push(`${name.toLowerCase()} ${shebang}`)
    texts.set(createHash("sha1").update(script).digest("hex"), script)
    const plain = [name.toLowerCase().endsWith("_ro") ? "EVAL_RO" : "EVAL", lines.join("\n"), ...rest]
    response.writeHead(200, { "content-type": "application/json" })
    response.end(JSON.stringify({ result: await command(redisUrl, plain) }))
  })
  return { ...server, seen }
}

test("where the server takes it, scripts say that they touch their keys alone, and need no second try", async () => {
  const endpoint = await startRedisEndpoint({ token })
  const upstash = await startLikeUpstash(endpoint.url)
  const [cache, address] = [cacheAt(upstash.url), freshAddress()]
  await keep(cache, address, cachedAnswer(Date.now(), 60_000), { near })
  expect(await findEntry(cache, address)).toBeDefined()
  expect(upstash.seen).toEqual([
    "eval_ro #!lua flags=no-writes,allow-key-locking",
    "eval #!lua flags=allow-key-locking",
    "evalsha_ro #!lua flags=no-writes,allow-key-locking",
  ])
  await upstash.close()
  await endpoint.close()
})

test("no script touches a key that it was not given", () => {
  for (const { body } of Object.values(scripts)) {
    const keys = [...body.matchAll(/redis\.p?call\('\w+', ([^,)]+)/g)].map(([, key]) => key)
    expect(keys.length).toBeGreaterThan(1)
    expect(keys.filter((key) => !/^(?:KEYS\[(?:\d|index)\]|book_key)$/.test(key ?? ""))).toEqual([])
    expect(body.match(/book_key = .*/g) ?? []).toEqual(body.includes("book_key") ? ["book_key = KEYS[3]"] : [])
  }
})

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
      const failed = keep(cache, freshAddress(), cachedAnswer(Date.now(), 1_000))
      await expect(failed).rejects.toThrow(/store failed/)
      await expect(failed).rejects.not.toThrow(new RegExp(`${token}|C16`))
      proxy.set("well")
    },
  )

  test("after three failures in a row nobody waits for it, until its rest is over", async () => {
    let at = 0
    const cache = cacheAt(proxy.url, () => at)
    proxy.set("resetting")
    for (const _ of [1, 2, 3]) await expect(cache.lookUp(freshAddress())).rejects.toThrow(/store failed/)
    await expect(cache.lookUp(freshAddress())).rejects.toThrow(/rests/)
    proxy.set("well")
    await expect(cache.lookUp(freshAddress())).rejects.toThrow(/rests/)
    at += 5_001
    expect(await cache.lookUp(freshAddress())).toMatchObject({ found: false })
  })

  test("a failed call is not tried a second time, because a hit would count twice", async () => {
    let calls = 0
    const server = await startLoopbackServer(async (request) => {
      calls++
      request.socket.destroy()
    })
    const counting = cacheAt(server.url).touch(freshAddress(), { id: "x", answer: cachedAnswer(0, 1_000), hits: 0 }, 0)
    await expect(counting).rejects.toThrow(/store failed/)
    await server.close()
    expect(calls).toBe(1)
  })

  test("a token that cannot be sent is not in the error either", async () => {
    const cache = createUpstashAnswerCache({ url: endpoint.url, token: "se\0cret", now: Date.now })
    await expect(cache.lookUp(freshAddress())).rejects.toThrow(/store failed/)
    await expect(cache.lookUp(freshAddress())).rejects.not.toThrow(/cret/)
  })

  test("a wrong token is refused", async () => {
    const cache = createUpstashAnswerCache({ url: endpoint.url, token: "wrong", now: Date.now, timeoutMs: 5_000 })
    await expect(cache.lookUp(freshAddress())).rejects.toThrow(/Unauthorized/)
  })
})

test("an endpoint before a Redis that is not there says so, without its password", async () => {
  const started = startRedisEndpoint({ token, redisUrl: "redis://user:pass@127.0.0.1:1" })
  await expect(started).rejects.toThrow("The Redis at redis://127.0.0.1:1 does not answer")
})
