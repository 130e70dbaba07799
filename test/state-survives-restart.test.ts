import { mkdtemp, rm } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { afterAll, beforeAll, expect, test } from "vitest"
import type { ProvidersResponse } from "../contract/providers.ts"
import { startSimulatedProviders } from "../dev/simulated-providers/server.ts"
import type { SimulatedProviders } from "../dev/simulated-providers/server.ts"
import { startWorker } from "../dev/stack/worker.ts"
import type { RunningWorker } from "../dev/stack/worker.ts"
import { dataUrl, freshQuestion } from "./front-door/client.ts"
import { providerKey } from "./world.ts"

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms))

let providers: SimulatedProviders
let stateFolder: string

beforeAll(async () => {
  providers = await startSimulatedProviders({ speed: 0, apiKey: providerKey })
  stateFolder = await mkdtemp(join(tmpdir(), "voltgate-restart-"))
})
afterAll(async () => {
  await providers.close()
  await rm(stateFolder, { recursive: true, force: true })
})

const start = (): Promise<RunningWorker> =>
  startWorker({
    stateFolder,
    environment: {
      OPENAI_API_KEY: providerKey,
      OPENAI_BASE_URL: `${providers.url}/openai/v1`,
      ANTHROPIC_API_KEY: providerKey,
      ANTHROPIC_BASE_URL: `${providers.url}/anthropic`,
      VOLTGATE_AUTO_MODELS: "openai/gpt-4o,anthropic/claude-sonnet-5",
      VOLTGATE_OPEN: "loopback",
      VOLTGATE_MAX_WAIT_MS: "0",
    },
  })

const ask = async ({ url }: RunningWorker, model: string): Promise<number> => {
  const response = await fetch(`${url}/v1/analyze`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ query: freshQuestion(), images: [await dataUrl("nameplate.webp")], model }),
  })
  await response.body?.cancel()
  return response.status
}
const openai = async ({ url }: RunningWorker) => {
  const { snapshotAt, providers: listed } = (await (await fetch(`${url}/v1/providers`)).json()) as ProvidersResponse
  return { ...listed.find(({ provider }) => provider === "openai"), snapshotAt }
}

test(
  "after workerd was stopped and started again, an open breaker and response times are still known",
  { timeout: 120_000 },
  async () => {
    const first = await start()
    try {
      expect(await ask(first, "openai/gpt-4o")).toBe(200)
      providers.control({ openai: { fault: "error500" } })
      for (let failures = 0; failures < 6; failures++)
        expect(await ask(first, "openai/gpt-4o")).toBeGreaterThanOrEqual(500)
      expect(await openai(first)).toMatchObject({ standing: "cut_off", responseTimeSamples: 1 })
      // An isolate tells its news when it is asked something, at most every 2 s, and 2 s later they are stored.
      await pause(2_100)
      await openai(first)
      await pause(3_000)
    } finally {
      await first.stop()
    }
    providers.control({ openai: { fault: "none" } })
    const second = await start()
    try {
      // The new isolate knows nothing at first, and hears of the state with its first exchange.
      await expect.poll(async () => (await openai(second)).snapshotAt, { timeout: 15_000, interval: 500 }).toBeDefined()
      const { standing, note, responseTimeSamples } = await openai(second)
      expect(responseTimeSamples).toBe(1)
      expect(["cut_off", "probe"]).toContain(standing)
      expect(note).toMatch(/failed 5 times in a row|recovered/)
    } finally {
      await second.stop()
    }
  },
)
