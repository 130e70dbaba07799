/**
 * What the Durable Object behind the provider board bears: calls a second, and the largest report that it takes. How not
 * to be fooled: the calls come from one Worker in the same workerd, so there is no network between them; and an isolate
 * calls once in one to two seconds, so a thousand calls a second are those of more than a thousand busy isolates.
 */
import { fileURLToPath } from "node:url"
import * as v from "valibot"
import { reportLimits } from "../../contract/provider-board.ts"
import type { Report } from "../../contract/provider-board.ts"
import { startWorker } from "../../dev/stack/worker.ts"
import type { Bench, BenchOptions, BenchResult } from "../bench.ts"
import { conditionsNow, formatRows, row } from "../report.ts"
import type { Row } from "../report.ts"

/** A Worker may make a thousand calls for one request. */
const callsPerRequest = 900
const usualCandidates = 7
const usualObservations = 10

const Answer = v.object({ totalMs: v.number(), durationsMs: v.array(v.number()) })

const reportOf = (observations: number, candidates: number): Omit<Report, "isolate"> => ({
  inFlight: Object.fromEntries(Array.from({ length: candidates }, (_, index) => [`openai/model-${index}`, 3])),
  observations: Array.from({ length: observations }, (_, index) => ({
    candidate: `openai/model-${index % candidates}`,
    ok: true,
    firstTokenMs: 400 + index,
    responseTimeMs: 3_000 + index,
    outputTokens: 250,
    kind: "count/medium/short",
    statedP90Ms: 6_000,
    at: Date.now(),
  })),
})

const usual = reportOf(usualObservations, usualCandidates)
const largest = reportOf(reportLimits.observations, reportLimits.candidates)

const run = async ({ seconds, onProgress }: BenchOptions): Promise<BenchResult> => {
  onProgress("Starting workerd …")
  const worker = await startWorker({
    config: fileURLToPath(new URL("wrangler.toml", import.meta.url)),
    environment: {},
  })
  const measure = async (calls: number, atOnce: number, report: Omit<Report, "isolate">) => {
    const response = await fetch(worker.url, { method: "POST", body: JSON.stringify({ calls, atOnce, report }) })
    const { totalMs, durationsMs } = v.parse(Answer, await response.json())
    const sorted = durationsMs.toSorted((a, b) => a - b)
    return { perS: (calls * 1000) / totalMs, p99Ms: sorted[Math.ceil(0.99 * sorted.length) - 1] ?? 0 }
  }
  try {
    await measure(callsPerRequest, 8, usual)
    const rows: Row[] = []
    for (const atOnce of [1, 64]) {
      onProgress(`${atOnce} at once …`)
      const rounds = []
      for (const until = Date.now() + seconds * 1000; Date.now() < until || rounds.length === 0;) {
        rounds.push(await measure(callsPerRequest, atOnce, usual))
      }
      const best = rounds.toSorted((a, b) => b.perS - a.perS)[0]
      rows.push(
        row(`calls a second, ${atOnce} at once`, best?.perS ?? 0, "/s"),
        row(`p99 of those`, best?.p99Ms ?? 0, "ms"),
      )
    }
    onProgress("The largest report …")
    const { p99Ms } = await measure(20, 1, largest)
    const sizeKiB = JSON.stringify(largest).length / 1024
    rows.push(row("largest report: observations", reportLimits.observations, ""))
    rows.push(row("largest report: size as JSON", sizeKiB, "KiB"), row("largest report: longest of 20", p99Ms, "ms"))
    return { report: { bench: "provider-state", conditions: conditionsNow(), rows }, text: formatRows(rows) }
  } finally {
    await worker.stop()
  }
}

export const providerState: Bench = {
  name: "provider-state",
  about: "the Durable Object behind selection: calls a second, the largest report",
  seconds: 3,
  quickSeconds: 0.5,
  run,
}
