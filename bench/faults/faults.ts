/**
 * What providers' faults cost the gateway's clients. How not to be fooled:
 * - A failure is avoidable when it comes before the first byte while some provider answers all that it is asked. One that
 *   breaks off a stream after its first byte is not: nobody can take over then. Both are counted, apart.
 * - Every question is new and bypasses the cache, so that a provider must answer each.
 * - The gateway is the bundle that is deployed, in plain workerd; the providers speak their own formats over loopback.
 * - The faults follow on each other without a pause, so that what was learned of the last one is wrong for the next.
 * - Providers answer without delay, so that ten thousand requests fit into minutes: times say little here. `bench --
 *   routing` is about times. Timeouts are as long as they must be for a busy machine not to look like a silent provider.
 */
import { mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { startSimulatedProviders } from "../../dev/simulated-providers/server.ts"
import type { SimulatedProviders } from "../../dev/simulated-providers/server.ts"
import type { Bench, BenchOptions, BenchResult } from "../bench.ts"
import { buildGateway, readCompatibility } from "../overhead/build-gateway.ts"
import { startWorkerd } from "../overhead/workerd.ts"
import { conditionsNow, formatNumber, formatRows, formatTable, row } from "../report.ts"
import type { Row } from "../report.ts"
import { ask } from "./ask.ts"
import type { Ending } from "./ask.ts"
import { mixed } from "./mixed.ts"
import type { Phase } from "./mixed.ts"

const requests = 10_000
const connections = 16
/** How many of the gateway's refusals are shown in full. */
const shownFailures = 5

interface Outcome {
  readonly phase: Phase
  readonly stream: boolean
  readonly ending: Ending
}

const run = async ({ seconds, onProgress }: BenchOptions): Promise<BenchResult> => {
  const scratchFolder = mkdtempSync(join(tmpdir(), "voltgate-bench-"))
  process.once("exit", () => rmSync(scratchFolder, { recursive: true, force: true }))
  onProgress("Building the gateway …")
  const worker = await buildGateway(join(scratchFolder, "gateway"))
  const providers = await startSimulatedProviders({ speed: 0 })
  const gateway = await startWorkerd({
    worker,
    compatibility: readCompatibility(),
    environment: environmentFor(providers),
    scratchFolder,
  })
  try {
    const outcomes: Outcome[] = []
    for (const phase of mixed) {
      onProgress(`${phase.name} …`)
      providers.control(phase.control)
      outcomes.push(...(await runPhase(phase, `http://127.0.0.1:${gateway.port}`, seconds)))
    }
    const rows = toRows(outcomes)
    return {
      report: { bench: "faults", conditions: conditionsNow(), rows },
      text: [formatRows(rows), "", formatPhases(outcomes), ...formatFailures(outcomes)].join("\n"),
    }
  } finally {
    await Promise.all([gateway.stop(), providers.close()])
  }
}

const environmentFor = ({ url }: SimulatedProviders): Readonly<Record<string, string>> => ({
  OPENAI_API_KEY: "simulated",
  OPENAI_BASE_URL: `${url}/openai/v1`,
  ANTHROPIC_API_KEY: "simulated",
  ANTHROPIC_BASE_URL: `${url}/anthropic`,
  GOOGLE_API_KEY: "simulated",
  GOOGLE_BASE_URL: `${url}/google`,
  VOLTGATE_AUTO_MODELS: "openai/gpt-4o,anthropic/claude-sonnet-5,google/gemini-2.5-flash",
  VOLTGATE_OPEN: "loopback",
  VOLTGATE_TIMEOUT_FIRST_BYTE_MS: "6000",
  VOLTGATE_TIMEOUT_IDLE_MS: "4000",
  VOLTGATE_TIMEOUT_TOTAL_MS: "12000",
})

/** As many requests as are due in this phase, or as fit into its time; every second one is streamed. */
const runPhase = async (phase: Phase, url: string, seconds: number): Promise<readonly Outcome[]> => {
  const due = Math.ceil(requests / mixed.length)
  const endsAt = performance.now() + seconds * 1000
  const outcomes: Outcome[] = []
  let asked = 0
  const connect = async (): Promise<void> => {
    while (asked < due && performance.now() < endsAt) {
      const number = asked++
      const stream = number % 2 === 1
      outcomes.push({ phase, stream, ending: await ask(url, number, stream) })
    }
  }
  await Promise.all(Array.from({ length: connections }, connect))
  return outcomes
}

const count = (outcomes: readonly Outcome[], kind: Ending["kind"]): number =>
  outcomes.filter(({ ending }) => ending.kind === kind).length

const isAvoidable = ({ phase, ending }: Outcome): boolean => phase.isAnyHealthy && ending.kind === "failed"

const toRows = (outcomes: readonly Outcome[]): readonly Row[] => {
  const [streamed, whole] = [outcomes.filter(({ stream }) => stream), outcomes.filter(({ stream }) => !stream)]
  const nobodyWell = outcomes.filter(({ phase }) => !phase.isAnyHealthy)
  return [
    row("requests", outcomes.length, ""),
    row("avoidable failures, whole", whole.filter(isAvoidable).length, "", { target: 0 }),
    row("avoidable failures, streamed", streamed.filter(isAvoidable).length, "", { target: 0 }),
    row("failed while nobody was well", (100 * count(nobodyWell, "failed")) / Math.max(1, nobodyWell.length), "%"),
    row("broken off after the first byte, streamed", count(streamed, "broken_off"), ""),
    row("broken off after the first byte, whole", count(whole, "broken_off"), "", { target: 0 }),
  ]
}

const formatPhases = (outcomes: readonly Outcome[]): string =>
  formatTable(
    ["", "requests", "answered", "failed", "broken off", "attempts each", "median ms", "p99 ms"],
    mixed.map((phase) => {
      const own = outcomes.filter((outcome) => outcome.phase === phase)
      const times = own.map(({ ending }) => ending.durationMs).toSorted((a, b) => a - b)
      const at = (share: number): string => formatNumber(times[Math.floor(share * (times.length - 1))] ?? 0)
      const attempts = own.reduce((sum, { ending }) => sum + ending.attempts, 0) / Math.max(1, count(own, "answered"))
      return [
        phase.name,
        String(own.length),
        String(count(own, "answered")),
        String(count(own, "failed")),
        String(count(own, "broken_off")),
        formatNumber(attempts),
        at(0.5),
        at(0.99),
      ]
    }),
  )

const formatFailures = (outcomes: readonly Outcome[]): readonly string[] =>
  outcomes
    .filter(isAvoidable)
    .slice(0, shownFailures)
    .map(({ phase, ending }) => `\n${phase.name}: ${ending.status} ${ending.said ?? ""}`)

export const faults: Bench = {
  name: "faults",
  about: "ten thousand requests while providers fail in every way; avoidable failures",
  seconds: 30,
  quickSeconds: 1,
  run,
}
