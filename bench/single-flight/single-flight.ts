// How many provider calls a hundred requests make that ask the same at the same time, and what a miss pays for it.
//
// Not to be fooled: the requests go to two isolates in turn, because within one isolate a lesser thing would do. The
// provider takes half a second, for one that answers at once would be done before the others have asked; and the lease is
// timed on questions that nobody else asks, because those are the ones that pay and gain nothing.
import { mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import type { AnalyzeResponse } from "../../contract/analyze.ts"
import { startRedisEndpoint } from "../../dev/redis-endpoint/start.ts"
import { sample } from "../../dev/samples.ts"
import { startSimulatedProviders } from "../../dev/simulated-providers/server.ts"
import type { SimulatedProviders } from "../../dev/simulated-providers/server.ts"
import type { Bench } from "../bench.ts"
import { buildGateway, readCompatibility } from "../overhead/build-gateway.ts"
import { startWorkerd } from "../overhead/workerd.ts"
import { conditionsNow, formatRows, row } from "../report.ts"

const askers = 100
/** At a second for an answer, the simulated providers' usual pace, this is half of one. */
const speed = 0.5
const apiKey = "simulated"

export const singleFlight: Bench = {
  name: "single-flight",
  about: "provider calls for a hundred equal requests in two isolates, and what a miss pays for its lease",
  seconds: 10,
  quickSeconds: 3,
  run: async ({ seconds, onProgress }) => {
    const folder = mkdtempSync(join(tmpdir(), "voltgate-single-flight-"))
    const providers = await startSimulatedProviders({ speed, apiKey })
    const redis = await startRedisEndpoint({ token: "bench" })
    onProgress("building the gateway")
    const gateway = await startWorkerd({
      worker: await buildGateway(join(folder, "built")),
      compatibility: readCompatibility(),
      environment: {
        OPENAI_API_KEY: apiKey,
        OPENAI_BASE_URL: `${providers.url}/openai/v1`,
        VOLTGATE_OPEN: "loopback",
        UPSTASH_REDIS_REST_URL: redis.url,
        UPSTASH_REDIS_REST_TOKEN: redis.token,
      },
      scratchFolder: folder,
      isolates: 2,
    })
    try {
      const ask = await asker(`http://127.0.0.1:${gateway.port}`)
      await Promise.all([ask("Is this the first one?"), ask("Is this the second one?")])
      onProgress(`${askers} at once`)
      const whole = await callsFor(providers, () => ask("Which pump is this?"))
      const streamed = await callsFor(providers, (index) => ask("Which motor is this?", index % 2 === 0))
      onProgress("one after the other")
      const { leaseMs, totalMs } = await timeMisses(ask, seconds)
      const rows = [
        row(`${askers} equal requests, two isolates: provider calls`, whole, "calls", { anchor: askers, target: 1 }),
        row("half of them streamed: provider calls", streamed, "calls", { anchor: askers, target: 1 }),
        row("a miss: its lease, median", median(leaseMs), "ms"),
        row("a miss: its lease, 95 of 100 within", quantile(leaseMs, 0.95), "ms"),
        row("a miss: all of it, median", median(totalMs), "ms"),
      ]
      return { report: { bench: "single-flight", conditions: conditionsNow(), rows }, text: formatRows(rows) }
    } finally {
      await gateway.stop()
      await Promise.all([providers.close(), redis.close()])
      rmSync(folder, { recursive: true, force: true })
    }
  },
}

type Ask = (query: string, stream?: boolean) => Promise<string>

const asker = async (url: string): Promise<Ask> => {
  const images = [Buffer.from(await sample("nameplate.webp")).toString("base64")]
  return async (query, stream = false) => {
    const response = await fetch(`${url}/v1/analyze`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ query, images, stream, model: "openai/gpt-4o" }),
    })
    const body = await response.text()
    if (response.status !== 200) throw new Error(`The gateway answered ${response.status}: ${body}`)
    return body
  }
}

const callsFor = async (providers: SimulatedProviders, ask: (index: number) => Promise<string>): Promise<number> => {
  providers.clearLog()
  await Promise.all(Array.from({ length: askers }, (_, index) => ask(index)))
  return providers.log().length
}

const timeMisses = async (
  ask: Ask,
  seconds: number,
): Promise<{ readonly leaseMs: readonly number[]; readonly totalMs: readonly number[] }> => {
  const [leaseMs, totalMs]: [number[], number[]] = [[], []]
  const until = performance.now() + seconds * 1000
  for (let index = 0; performance.now() < until || index < 5; index++) {
    const { record }: Pick<AnalyzeResponse, "record"> = JSON.parse(await ask(`What is device ${index * 31 + 1000}?`))
    leaseMs.push(record.time.stages["flight"] ?? 0)
    totalMs.push(record.time.totalMs)
  }
  return { leaseMs, totalMs }
}

const quantile = (values: readonly number[], share: number): number =>
  values.toSorted((a, b) => a - b)[Math.min(values.length - 1, Math.floor(values.length * share))] ?? 0
const median = (values: readonly number[]): number => quantile(values, 0.5)
