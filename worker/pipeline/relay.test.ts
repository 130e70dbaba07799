import { expect, test } from "vitest"
import { createApp } from "../app.ts"
import { createGateway } from "../create-gateway.ts"
import { createMemoryProviderBoard } from "../runtime/memory/provider-board.ts"
import { createMemoryRequestLedger } from "../runtime/memory/request-ledger.ts"
import { parseSettings } from "../settings.ts"

test("a client who leaves between two attempts is not asked for again, and counts nowhere", async () => {
  const leaving = new AbortController()
  let asked = 0
  const provider = (name: string) => ({ name, baseUrl: `https://${name}.example/v1`, models: ["model"] })
  const board = createMemoryProviderBoard({ now: Date.now })
  const settings = parseSettings({
    VOLTGATE_COMPATIBLE: JSON.stringify([provider("one"), provider("other")]),
    VOLTGATE_OPEN: "loopback",
  })
  const gateway = createGateway(settings, {
    board,
    imageEngine: { choose: () => ({ obstacle: "none", cure: "" }), transform: () => Promise.reject(new Error()) },
    ledger: createMemoryRequestLedger({ now: Date.now }),
    fetch: async () => {
      asked++
      return new Response(new ReadableStream({ cancel: () => leaving.abort() }), { status: 500 })
    },
    now: Date.now,
    random: () => 0.5,
    background: () => undefined,
    log: () => undefined,
  })
  const response = await createApp(gateway).request("http://localhost/v1/chat/completions", {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ model: "auto", tools: [], messages: [{ role: "user", content: "Which breaker?" }] }),
    signal: leaving.signal,
  })
  expect([response.status, asked]).toEqual([499, 1])
  expect([board.inFlightHere("one/model"), board.inFlightHere("other/model")]).toEqual([0, 0])
})
