import { createServer } from "node:http"
import type { AddressInfo } from "node:net"
import { PGlite } from "@electric-sql/pglite"
import { PGLiteSocketServer } from "@electric-sql/pglite-socket"
import { Redis } from "ioredis"
import { afterAll, beforeAll, describe, expect, test } from "vitest"
import { resources } from "../../../dev/kubernetes/objects.ts"
import { startBacking } from "../../../dev/redis-endpoint/backing.ts"
import type { Backing } from "../../../dev/redis-endpoint/backing.ts"
import { policyOf } from "../decide/testing.ts"
import { signalsOf } from "../policies/policy.ts"
import { createWorld, deploymentOf, deployments } from "../protocol/testing.ts"
import { createReadSource } from "./read-source.ts"

const world = createWorld(Date.now())
const pods = resources.find(({ plural, group }) => plural === "pods" && group === "")!
const podMetrics = resources.find(({ plural, group }) => plural === "pods" && group === "metrics.k8s.io")!
const external = resources.find(({ group }) => group === "external.metrics.k8s.io")!

const environment: Record<string, string> = {}
const read = (signal: string) => {
  const policy = policyOf(`step: { signal: ${signal}, target: ${signal.includes("metrics.k8s.io") ? "70%" : "10"} }`)
  return createReadSource({ send: world.send, fetch, environment, now: () => 1_000, deadlineMs: 1_500 })(
    signalsOf(policy)["signal"]!.source,
    policy,
  )
}
const sample = (value: unknown) =>
  expect.objectContaining({ kind: "sample", sample: expect.objectContaining({ value }) })
const noData = (reason: RegExp) => expect.objectContaining({ kind: "no-data", reason: expect.stringMatching(reason) })

describe("metrics.k8s.io", () => {
  const cpu = "{ from: metrics.k8s.io, resource: cpu }"
  const pod = (name: string, ready: string, requests: Record<string, string>) =>
    world.core.store.create(pods, "default", {
      metadata: { name, labels: { app: "web" } },
      spec: { containers: [{ resources: { requests } }] },
      status: { phase: "Running", conditions: [{ type: "Ready", status: ready }] },
    })
  const usage = (name: string, cpuUsed: string, timestamp = "2026-11-26T12:00:00Z") =>
    world.core.store.create(podMetrics, "default", {
      metadata: { name, labels: { app: "web" } },
      timestamp,
      containers: [{ usage: { cpu: cpuUsed } }],
    })

  test("what ready pods use of their requests, as old as the oldest of it", async () => {
    world.core.store.create(deployments, "default", deploymentOf("web", 3))
    expect(await read(cpu)).toEqual(noData(/none of 0 ready pods is measured/))
    pod("a", "True", { cpu: "500m" })
    pod("b", "True", { cpu: "0.5" })
    pod("starting", "False", { cpu: "500m" })
    usage("a", "400m")
    usage("b", "350000000n", "2026-11-26T11:59:30Z")
    usage("starting", "1")
    const reading = await read(cpu)
    expect(reading).toEqual(sample(expect.closeTo(75, 6)))
    expect(reading).toMatchObject({ sample: { measuredAtMs: Date.parse("2026-11-26T11:59:30Z") } })
  })
  test("without requests there is nothing to be a share of", async () => {
    pod("c", "True", {})
    usage("c", "1")
    expect(await read(cpu)).toEqual(noData(/request no cpu/))
  })
})

test("external metrics are the sum of their series", async () => {
  world.core.store.create(external, "default", {
    metadata: { name: "jobs" },
    items: [{ value: "1500m", timestamp: "2026-11-26T12:00:00Z" }, { value: "2" }],
  })
  expect(await read("{ from: external, metric: jobs }")).toEqual(sample(3.5))
  expect(await read("{ from: external, metric: none }")).toEqual(noData(/not found/))
})

describe("Prometheus", () => {
  let url: string
  let answer: (query: string) => unknown = () => ({})
  const server = createServer((request, response) => {
    const query = new URL(request.url ?? "", "http://p").searchParams.get("query") ?? ""
    const body = answer(query)
    if (body === "never") return
    response.writeHead(200, { "content-type": "application/json" }).end(JSON.stringify(body))
  })
  beforeAll(async () => {
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve))
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  })
  afterAll(() => {
    server.close()
    server.closeAllConnections()
  })
  const vector = (...values: string[]) => ({
    status: "success",
    data: { resultType: "vector", result: values.map((value) => ({ metric: {}, value: [1_800_000_000, value] })) },
  })
  const ask = () => read(`{ from: prometheus, url: "${url}", query: up }`)

  test("gives its number as the text that it is, with the time at which it was measured", async () => {
    answer = (query) => vector(query.startsWith("timestamp(") ? "1799999900" : "42.5")
    const reading = await ask()
    expect(reading).toEqual(sample("42.5"))
    expect(reading).toMatchObject({ sample: { measuredAtMs: 1_799_999_900_000 } })
  })
  test.each([
    ["an empty vector is no data", vector(), /gave no series/],
    ["several series are no number", vector("1", "2"), /gave 2 series: sum or average/],
    ["an error is no data", { status: "error", error: "bad" }, /refused the query/],
    ["another server is no Prometheus", { hello: 1 }, /no Prometheus/],
    ["who never answers is left behind", "never", /no answer within/],
  ])("%s", async (_, body, reason) => {
    answer = () => body
    expect(await ask()).toEqual(noData(reason))
  })
})

describe("a Redis list", () => {
  let backing: Backing
  beforeAll(async () => {
    backing = await startBacking(undefined)
    environment["REDIS_URL"] = backing.url
    const redis = new Redis(backing.url)
    await redis.rpush("jobs", "1", "2", "3")
    await redis.set("text", "x")
    redis.disconnect()
  })
  afterAll(() => backing.close())
  test("is as long as it is; one that is not there is empty", async () => {
    expect(await read("{ from: redis-list, key: jobs }")).toEqual(sample(3))
    expect(await read("{ from: redis-list, key: nothing }")).toEqual(sample(0))
  })
  test("another kind of key, or no Redis, is no data", async () => {
    expect(await read("{ from: redis-list, key: text }")).toEqual(noData(/holds no list/))
    environment["GONE_URL"] = "redis://127.0.0.1:1"
    expect(await read("{ from: redis-list, key: jobs, urlEnv: GONE_URL }")).toEqual(
      noData(/nothing listens there|no answer/),
    )
    expect(await read("{ from: redis-list, key: jobs, urlEnv: UNSET_URL }")).toEqual(noData(/UNSET_URL is not set/))
  })
})

describe("a Postgres query", () => {
  let database: PGlite
  let server: PGLiteSocketServer
  beforeAll(async () => {
    database = await PGlite.create()
    server = new PGLiteSocketServer({ db: database, port: 0, host: "127.0.0.1" })
    await server.start()
    environment["DATABASE_URL"] = `postgres://postgres@127.0.0.1:${server.getServerConn().split(":").at(-1)}/postgres`
  }, 60_000)
  afterAll(async () => {
    await server.stop()
    await database.close()
  })
  test.each([
    ["SELECT 7", sample(7)],
    ["SELECT count(*) FROM pg_class WHERE false", sample("0")],
    ["SELECT NULL", sample(null)],
    ["SELECT 1 WHERE false", noData(/gave no row/)],
    ["SELECT generate_series(1, 2)", noData(/gave 2 rows/)],
    ["SELECT nonsense", noData(/refused the query \(42703\)/)],
  ])("%s", async (query, expected) => {
    expect(await read(`{ from: postgres, query: "${query}" }`)).toEqual(expected)
  })
})

test("a gateway's status gives what is in flight, and the slowest 95th percentile", async () => {
  const server = createServer((_, response) =>
    response.end(
      JSON.stringify({ at: "2026-11-26T12:00:00Z", providers: [{ inFlight: 3, p95Ms: 900 }, { inFlight: 4 }] }),
    ),
  )
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve))
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const policy = policyOf(`step: { signal: { from: gateway, value: p95, url: "${url}" }, target: 15s }`)
  const source = signalsOf(policy)["signal"]!.source
  const readSource = createReadSource({ send: world.send, fetch, environment, now: () => 1_000, deadlineMs: 1_500 })
  expect(await readSource(source, policy)).toEqual(sample(900))
  expect(await read(`{ from: gateway, value: in-flight, url: "${url}" }`)).toEqual(sample(7))
  server.close()
})
