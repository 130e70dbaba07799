import { once } from "node:events"
import { mkdtempSync, rmSync } from "node:fs"
import { connect } from "node:net"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { afterAll, beforeAll, expect, test } from "vitest"
import { buildGateway, readCompatibility } from "../bench/overhead/build-gateway.ts"
import type { Server } from "../bench/overhead/child.ts"
import { startWorkerd } from "../bench/overhead/workerd.ts"
import type { ProvidersResponse } from "../contract/providers.ts"
import { dataUrl } from "./front-door/client.ts"
import { readAll, startLoopbackServer } from "./loopback-server.ts"
import type { LoopbackServer } from "./loopback-server.ts"

/**
 * What a client leaves behind when its connection is reset before the first byte: nothing. On plain workerd with the
 * bundle that is deployed, because the development server's proxy keeps such a reset to itself.
 */

let upstream: LoopbackServer
let gateway: Server
/** Requests that the provider still works at. */
let open = 0
const scratchFolder = mkdtempSync(join(tmpdir(), "voltgate-departures-"))

beforeAll(async () => {
  upstream = await startLoopbackServer(async (request, response) => {
    open++
    response.once("close", () => open--)
    await readAll(request)
  })
  gateway = await startWorkerd({
    worker: await buildGateway(join(scratchFolder, "gateway")),
    compatibility: readCompatibility(),
    environment: {
      VOLTGATE_COMPATIBLE: JSON.stringify([{ name: "silent", baseUrl: `${upstream.url}/v1`, models: ["model"] }]),
      VOLTGATE_OPEN: "loopback",
      VOLTGATE_TIMEOUT_FIRST_BYTE_MS: "600000",
    },
    scratchFolder,
  })
}, 120_000)
afterAll(async () => {
  await gateway.stop()
  await upstream.close()
  rmSync(scratchFolder, { recursive: true, force: true })
})

/** What the isolate counts in flight, and what the provider has on its hands. */
const counts = async (): Promise<readonly [number | undefined, number]> => {
  const response = await fetch(`http://127.0.0.1:${gateway.port}/v1/providers`)
  const { providers } = (await response.json()) as ProvidersResponse
  return [providers[0]?.inFlight, open]
}

test.each<[string, string, () => Promise<unknown>]>([
  [
    "a forwarded answer",
    "/v1/chat/completions",
    async () => ({ model: "model", messages: [{ role: "user", content: "Which breaker?" }] }),
  ],
  [
    "a whole answer",
    "/v1/analyze",
    async () => ({ query: "Which breaker?", images: [await dataUrl("nameplate.webp")], model: "silent/model" }),
  ],
  [
    "a streamed answer",
    "/v1/analyze",
    async () => ({ query: "Who?", images: [await dataUrl("nameplate.webp")], model: "silent/model", stream: true }),
  ],
])(
  "a client that is gone before %s begins no longer counts, here or at the provider",
  async (_, path, body) => {
    const text = JSON.stringify(await body())
    const client = connect(gateway.port, "127.0.0.1")
    await once(client, "connect")
    const headers = ["host: 127.0.0.1", "content-type: application/json", `content-length: ${Buffer.byteLength(text)}`]
    client.write(`POST ${path} HTTP/1.1\r\n${headers.join("\r\n")}\r\n\r\n${text}`)
    await expect.poll(counts, { timeout: 10_000 }).toEqual([1, 1])
    client.resetAndDestroy()
    await expect.poll(counts, { timeout: 10_000 }).toEqual([0, 0])
  },
  30_000,
)
