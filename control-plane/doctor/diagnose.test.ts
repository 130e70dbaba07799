import { createServer } from "node:net"
import { once } from "node:events"
import { expect, onTestFinished, test } from "vitest"
import { startLoopbackServer } from "../../test/loopback-server.ts"
import { diagnose } from "./diagnose.ts"
import { doctor, nobodyUrl, playGateway } from "./testing.ts"

test("everything is asked at once: a server that waits for all questions before it answers one is in order", async () => {
  const waiting: (() => void)[] = []
  const gateway = playGateway({ "/": () => [200, { result: "PONG" }] })
  const server = await startLoopbackServer((request, response) => {
    waiting.push(() => gateway(request, response))
    if (waiting.length === 6) for (const answer of waiting) answer()
  })
  onTestFinished(server.close)
  const settings = { gatewayUrl: server.url, redis: { url: server.url, token: "a-token" } }
  const { checks, ok } = await diagnose(settings, { fetch, nodeVersion: "24.0.0", deadlineMs: 5_000 })
  expect(ok).toBe(true)
  expect(checks.filter(({ state }) => state === "ok").map(({ name }) => name)).toEqual([
    "Node",
    "Gateway",
    "Settings",
    "Key",
    "openai/gpt-5.5",
    "Redis",
  ])
})

test("servers that take a question and never answer end at the deadline, each as one failure", async () => {
  const http = await startLoopbackServer(() => undefined)
  const silent = createServer((socket) => socket.on("error", () => undefined)).listen(0, "127.0.0.1")
  await once(silent, "listening")
  onTestFinished(async () => {
    await http.close()
    silent.close()
  })
  const address = silent.address()
  const port = address !== null && typeof address === "object" ? address.port : 0
  const { exitCode, checks, stderr } = await doctor(["--url", http.url], {
    UPSTASH_REDIS_REST_URL: http.url,
    UPSTASH_REDIS_REST_TOKEN: "a-token",
    DATABASE_URL: `postgres://user:s3cret-word@127.0.0.1:${port}/database`,
  })
  expect([exitCode, stderr]).toEqual([1, ""])
  for (const name of ["Gateway", "Redis", "Postgres"]) {
    expect(checks.get(name)).toMatchObject({
      state: "failed",
      message: expect.stringContaining("no answer within 5 s"),
    })
  }
}, 30_000)

test("one page that hangs leaves the others their answers", async () => {
  const server = await startLoopbackServer(playGateway({ "/readyz": () => undefined }))
  onTestFinished(server.close)
  const settings = { gatewayUrl: server.url }
  const { checks } = await diagnose(settings, { fetch, nodeVersion: "24.0.0", deadlineMs: 300 })
  expect(checks.slice(1, 5).map(({ name, state }) => [name, state])).toEqual([
    ["Gateway", "ok"],
    ["Settings", "failed"],
    ["Key", "ok"],
    ["openai/gpt-5.5", "ok"],
  ])
})

test("an answer without end is not read to its end", async () => {
  const server = await startLoopbackServer((request, response) => {
    if (request.url !== "/healthz") return void response.end("{}")
    const chunk = Buffer.alloc(256 * 1024, "a")
    const send = (): boolean => !response.destroyed && response.write(chunk, send)
    send()
  })
  onTestFinished(server.close)
  const { checks } = await diagnose({ gatewayUrl: server.url }, { fetch, nodeVersion: "24.0.0", deadlineMs: 20_000 })
  expect(checks[1]).toMatchObject({ state: "failed", message: expect.stringContaining("not as Voltgate does") })
})

test("an old Node is a warning and no failure", async () => {
  const { checks } = await diagnose({ gatewayUrl: nobodyUrl }, { fetch, nodeVersion: "22.18.0", deadlineMs: 5_000 })
  expect(checks[0]).toMatchObject({ name: "Node", state: "warning", message: expect.stringContaining("22.18.0") })
})
