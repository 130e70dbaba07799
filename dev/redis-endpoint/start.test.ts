import { connect, createServer } from "node:net"
import type { Server, Socket } from "node:net"
import { once } from "node:events"
import { Redis } from "@upstash/redis"
import { createRedisMock } from "js-redis-server"
import { afterAll, beforeAll, describe, expect, test } from "vitest"
import { findOnPath } from "./backing.ts"
import { startRedisEndpoint } from "./start.ts"
import type { RedisEndpoint } from "./start.ts"

const token = "endpoint-token"

const clientOf = (url: string): Redis =>
  new Redis({ url, token, retry: false, enableTelemetry: false, automaticDeserialization: false })

const post = async (url: string, body: unknown, headers: Record<string, string> = {}): Promise<unknown[]> => {
  const authorized = { authorization: `Bearer ${token}`, ...headers }
  const response = await fetch(url, { method: "POST", headers: authorized, body: JSON.stringify(body) })
  return [response.status, await response.json()]
}

const conformance = (backing: string, path: string): void => {
  describe(`Upstash's protocol over ${backing}`, () => {
    let endpoint: RedisEndpoint
    let client: Redis
    const before = process.env["PATH"]
    beforeAll(async () => {
      process.env["PATH"] = path
      endpoint = await startRedisEndpoint({ token })
      process.env["PATH"] = before
      client = clientOf(endpoint.url)
    })
    afterAll(() => endpoint.close())

    test("says which Redis it stands before", () => {
      expect(endpoint.backing).toBe(backing)
    })

    test("the official client reads back texts of any script, and the text OK in a list", async () => {
      await client.mset({ one: "Grüße, 電気", two: "OK" })
      expect(await client.mget("one", "two", "none")).toEqual(["Grüße, 電気", "OK", null])
      expect(await client.ping()).toBe("PONG")
    })

    test("a whole hash comes as the list that Redis sends", async () => {
      await client.hset("hash", { a: "1", b: "2" })
      expect(await post(endpoint.url, ["hgetall", "hash"])).toEqual([200, { result: ["a", "1", "b", "2"] }])
    })

    test("values are base64 only where that was asked for; numbers and nothing stay", async () => {
      const asked = { "upstash-encoding": "base64" }
      const echo = ["eval", "return {ARGV[1], 5, false}", 0, "ü"]
      expect(await post(endpoint.url, echo)).toEqual([200, { result: ["ü", 5, null] }])
      expect(await post(endpoint.url, echo, asked)).toEqual([200, { result: ["w7w=", 5, null] }])
      expect(await post(endpoint.url, ["set", "k", "v"], asked)).toEqual([200, { result: "OK" }])
    })

    test("scripts run", async () => {
      expect(await client.eval("return redis.call('INCRBY', KEYS[1], ARGV[1])", ["counter"], ["4"])).toBe(4)
    })

    test("a command that Redis refuses is a 400 with its words", async () => {
      await client.set("text", "x")
      const [status, body] = await post(endpoint.url, ["HGET", "text", "f"])
      expect(status).toBe(400)
      expect(body).toEqual({ error: expect.stringMatching(/^WRONGTYPE/) })
    })

    test("a pipeline answers each command for itself", async () => {
      await client.set("piped", "x")
      const [status, body] = await post(`${endpoint.url}/pipeline`, [
        ["HGET", "piped", "f"],
        ["SELECT", "1"],
        ["GET", "piped"],
      ])
      expect(status).toBe(200)
      expect(body).toEqual([
        { error: expect.stringMatching(/^WRONGTYPE/) },
        { error: expect.stringMatching(/SELECT/) },
        { result: "x" },
      ])
    })

    test("a transaction with a command that cannot be does nothing at all", async () => {
      const [status, body] = await post(`${endpoint.url}/multi-exec`, [["SET", "untouched", "1"], ["NOSUCH"]])
      expect(status).toBe(400)
      expect(body).toEqual({ error: expect.stringMatching(/EXECABORT/) })
      expect(await client.get("untouched")).toBeNull()
    })

    test("transactions at the same time do not mix", async () => {
      const both = ["a", "b"].map((who) =>
        Array.from({ length: 20 }, () => client.multi().set("turn", who).get("turn").exec()),
      )
      const [ofA, ofB] = await Promise.all(both.map((results) => Promise.all(results)))
      expect(ofA?.every(([, seen]) => seen === "a")).toBe(true)
      expect(ofB?.every(([, seen]) => seen === "b")).toBe(true)
    })

    test.each([
      ["SELECT", "1"],
      ["multi"],
      ["SUBSCRIBE", "c"],
      ["BLPOP", "none", "0"],
      ["xread", "block", "0", "streams", "s", "$"],
      ["SHUTDOWN"],
    ])("%s is refused, and the next request is answered as before", async (...command) => {
      await client.set("after", "still here")
      expect((await post(endpoint.url, command))[0]).toBe(400)
      expect((await post(`${endpoint.url}/multi-exec`, [command]))[0]).toBe(400)
      expect(await client.get("after")).toBe("still here")
    })

    test.each<[string, string, unknown]>([
      ["no list", "", { set: "x" }],
      ["an empty list", "", []],
      ["a list of lists where one command belongs", "", [["GET", "x"]]],
      ["a command that is no list", "/pipeline", ["GET"]],
      ["nothing at all", "/multi-exec", []],
    ])("a body that is %s is a 400 that says what is expected", async (_, route, body) => {
      expect(await post(`${endpoint.url}${route}`, body)).toEqual([400, { error: expect.stringMatching(/array of/) }])
    })

    test("without the token nothing is run", async () => {
      expect(await post(endpoint.url, ["SET", "stolen", "1"], { authorization: "Bearer other" })).toEqual([
        401,
        { error: "Unauthorized" },
      ])
      expect(await client.get("stolen")).toBeNull()
    })
  })
}

conformance("a Redis in this process", "")
describe.runIf(findOnPath("redis-server") !== undefined)("where redis-server is on the PATH", () => {
  conformance("a redis-server of its own", process.env["PATH"] ?? "")
})

/** A way to a Redis that can be cut and mended. */
const startWay = async (to: number) => {
  const passing = new Set<Socket>()
  const server = createServer((socket) => {
    const onward = connect(to, "127.0.0.1")
    for (const end of [socket, onward]) passing.add(end.on("error", () => undefined))
    socket.pipe(onward).pipe(socket)
  })
  const open = async (port: number): Promise<void> => {
    server.listen(port, "127.0.0.1")
    await once(server, "listening")
  }
  const cut = (): void => {
    server.close()
    for (const socket of passing) socket.destroy()
  }
  await open(0)
  const port = portOf(server)
  return { port, cut, mend: () => open(port) }
}

const portOf = (server: Server): number => {
  const address = server.address()
  if (address === null || typeof address === "string") throw new Error("The server has no port.")
  return address.port
}

test("a Redis that goes away is an error at once, and is used again when it is back", async () => {
  const redis = await createRedisMock()
  const way = await startWay(redis.port)
  const endpoint = await startRedisEndpoint({ token, redisUrl: `redis://127.0.0.1:${way.port}` })
  const ping = (): Promise<string> =>
    clientOf(endpoint.url)
      .ping()
      .catch(() => "away")
  expect(await ping()).toBe("PONG")
  way.cut()
  await expect.poll(ping).toBe("away")
  await way.mend()
  await expect.poll(ping, { timeout: 4_000 }).toBe("PONG")
  await endpoint.close()
  way.cut()
  await redis.close()
})

test("a port that is taken is a clear error, and leaves no Redis behind", async () => {
  const other = createServer().listen(0, "127.0.0.1")
  await once(other, "listening")
  await expect(startRedisEndpoint({ token, port: portOf(other) })).rejects.toThrow(/EADDRINUSE/)
  other.close()
})
