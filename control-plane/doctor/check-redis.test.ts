import { expect, onTestFinished, test } from "vitest"
import { findOnPath } from "../../dev/redis-endpoint/backing.ts"
import { startRedisEndpoint } from "../../dev/redis-endpoint/start.ts"
import { readAll, startLoopbackServer } from "../../test/loopback-server.ts"
import { checkRedis } from "./check-redis.ts"
import { doctor, nobodyUrl } from "./testing.ts"

const token = "redis-token-of-an-example"
const asking = { fetch, deadlineMs: 5_000 }

/** An Upstash that answers each command with what is given for it, and PING with PONG. */
const startUpstash = async (outcomes: Readonly<Record<string, readonly [number, unknown]>>): Promise<string> => {
  const server = await startLoopbackServer((request, response) => {
    void readAll(request).then((sent) => {
      const words: readonly string[] = JSON.parse(sent.toString())
      const command = words.join(" ")
      const [status, body] = outcomes[command] ?? (command === "PING" ? [200, { result: "PONG" }] : [400, {}])
      return response.writeHead(status).end(JSON.stringify(body))
    })
  })
  onTestFinished(server.close)
  return server.url
}

const states = (checks: Iterable<{ readonly name: string; readonly state: string }>) =>
  Object.fromEntries([...checks].map(({ name, state }) => [name, state]))

test("a real Redis behind Upstash's protocol answers, and nothing of it fails", async () => {
  const endpoint = await startRedisEndpoint({ token })
  onTestFinished(endpoint.close)
  const { checks, stdout, stderr } = await doctor(["--url", nobodyUrl], {
    UPSTASH_REDIS_REST_URL: endpoint.url,
    UPSTASH_REDIS_REST_TOKEN: token,
  })
  expect(checks.get("Redis")).toMatchObject({ state: "ok", message: "It answers PING." })
  expect([...checks.keys()].slice(-4)).toEqual(["Redis", "Redis memory", "Redis eviction", "Postgres"])
  for (const name of ["Redis memory", "Redis eviction"]) expect(checks.get(name)?.state).not.toBe("failed")
  expect(stdout + stderr).not.toContain(token)
})

test.skipIf(findOnPath("redis-server") === undefined)("a redis-server within its limits is in order", async () => {
  const endpoint = await startRedisEndpoint({ token })
  onTestFinished(endpoint.close)
  expect(states(await checkRedis({ url: endpoint.url, token }, asking))).toEqual({
    Redis: "ok",
    "Redis memory": "ok",
    "Redis eviction": "ok",
  })
})

test("a wrong token is one failure, with its cure and without the token", async () => {
  const endpoint = await startRedisEndpoint({ token })
  onTestFinished(endpoint.close)
  const { exitCode, checks, stdout } = await doctor(["--url", nobodyUrl], {
    UPSTASH_REDIS_REST_URL: endpoint.url,
    UPSTASH_REDIS_REST_TOKEN: "another-token",
  })
  expect(exitCode).toBe(1)
  expect(checks.get("Redis")).toMatchObject({ state: "failed", message: "Redis does not accept the token." })
  expect(checks.has("Redis memory")).toBe(false)
  expect(stdout).not.toContain("another-token")
})

test.each([
  [["maxmemory", "0"], ["maxmemory-policy", "noeviction"], "no limit", "a full cache refuses new answers"],
  [["maxmemory", "104857600"], ["maxmemory-policy", "volatile-ttl"], "100 MB and not 256 MB", "volatile-ttl"],
])("limits %j and %j are warnings with the command that cures them", async (limit, policy, ...messages) => {
  const url = await startUpstash({
    "CONFIG GET maxmemory": [200, { result: limit }],
    "CONFIG GET maxmemory-policy": [200, { result: policy }],
  })
  const [, memory, eviction] = await checkRedis({ url, token }, asking)
  expect(memory).toMatchObject({ state: "warning", cure: expect.stringContaining("CONFIG SET maxmemory 256mb") })
  expect(eviction).toMatchObject({ state: "warning", cure: expect.stringContaining("maxmemory-policy allkeys-lru") })
  expect([memory?.message, eviction?.message]).toEqual(messages.map((message) => expect.stringContaining(message)))
})

test("where CONFIG is refused, as at Upstash, that is a note and no failure", async () => {
  const refusal = [400, { error: "ERR unsupported command 'CONFIG'" }] as const
  const url = await startUpstash({ "CONFIG GET maxmemory": refusal, "CONFIG GET maxmemory-policy": refusal })
  expect(states(await checkRedis({ url, token }, asking))).toEqual({
    Redis: "ok",
    "Redis memory": "skipped",
    "Redis eviction": "skipped",
  })
})

test("an error to PING is passed on without the token", async () => {
  const url = await startUpstash({ PING: [400, { error: `ERR max daily requests exceeded for ${token}` }] })
  expect(await checkRedis({ url, token }, asking)).toMatchObject([
    { state: "failed", message: "PING is answered with 400: ERR max daily requests exceeded for •••." },
  ])
})

test.each([
  [{ url: "https://eu1.upstash.example" }],
  [{ token }],
  [{ url: "redis://127.0.0.1:6379", token }],
  [{ url: `https://default:${token}@eu1.upstash.example`, token }],
  [{ url: "https://eu1.upstash.example", token: `${token}\n` }],
])("half or wrong settings are a failure before anything is sent (%#)", async (settings) => {
  const never = (): never => {
    throw new Error("Nothing may be sent.")
  }
  const checks = await checkRedis(settings, { fetch: never, deadlineMs: 1 })
  expect(checks).toMatchObject([{ state: "failed", message: expect.stringContaining("UPSTASH_REDIS_REST_TOKEN") }])
  expect(JSON.stringify(checks)).not.toContain(token)
})

test("a Redis that is not there is a failure that says so", async () => {
  expect(await checkRedis({ url: nobodyUrl, token }, asking)).toMatchObject([
    { state: "failed", message: "Redis is out of reach: nothing listens there." },
  ])
})
