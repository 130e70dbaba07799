/**
 * What the gateway costs on top of the cheapest proxy that workerd can be. How not to be fooled:
 * - Ratios count, and only within one run: the same machine gives figures a third apart on two days.
 * - CPU time of the workerd process is the measure, not latency or requests a second: those also hold the load
 *   generator's and the upstream's work, which share the machine's cores.
 * - Variants take turns within each round (A B C, A B C), so that whatever drifts hits all; medians of the rounds count.
 * - Each round has fresh processes: two runs of one program can differ by 10 % for as long as they live.
 * - Each process is warmed up with every payload before anything is measured: cold code costs several times as much.
 * - Every variant is asked before, and must answer in the way its name says: errors and cache hits are fast. The column
 *   "as named" says how many answers did so afterwards; a busy machine makes the cache give up on its store.
 * - The bundle is the one that is deployed, minified; workerd is plain, because wrangler's own proxy costs more than ours.
 */
import { mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import type { Bench, BenchOptions, BenchResult } from "../bench.ts"
import { conditionsNow, formatRows } from "../report.ts"
import { combine, formatFigures, toFigure, toRows } from "./figures.ts"
import type { Cell, Measured } from "./figures.ts"
import { runLoad } from "./load.ts"
import { startProcesses, startSurroundings } from "./processes.ts"
import type { Processes, Surroundings } from "./processes.ts"
import { check, payloads, variants } from "./variants.ts"
import type { Payload, Variant } from "./variants.ts"

const rounds = 3
const warmUpMostS = 0.8

/** How many requests are in flight at once. An isolate decodes photos one after the other, whatever waits. */
const connectionsFor: Readonly<Record<Payload, readonly number[]>> = {
  text: [1, 32, 128],
  picture: [1],
  photo: [1],
  stream: [1, 32],
}

const cells: readonly Cell[] = payloads.flatMap((payload) =>
  connectionsFor[payload].map((connections) => ({ payload, connections })),
)

const run = async ({ seconds, onProgress }: BenchOptions): Promise<BenchResult> => {
  const scratchFolder = mkdtempSync(join(tmpdir(), "voltgate-bench-"))
  process.once("exit", () => rmSync(scratchFolder, { recursive: true, force: true }))
  onProgress("Building the gateway …")
  const surroundings = await startSurroundings(scratchFolder)
  try {
    const measured: (readonly Measured[])[] = []
    for (let round = 1; round <= rounds; round++) {
      onProgress(`Round ${round} of ${rounds} …`)
      measured.push(await runRound(surroundings, seconds / rounds))
    }
    const figures = combine(measured)
    const rows = toRows(figures)
    return {
      report: { bench: "overhead", conditions: conditionsNow(), rows },
      text: `${formatRows(rows.filter(({ target }) => target !== null))}\n\n${formatFigures(figures)}`,
    }
  } finally {
    await Promise.all([surroundings.upstream.stop(), surroundings.redis.stop()])
  }
}

const runRound = async (surroundings: Surroundings, seconds: number): Promise<readonly Measured[]> => {
  const processes = await startProcesses(surroundings)
  try {
    await warmUp(processes, Math.min(seconds, warmUpMostS))
    const measured: Measured[] = []
    for (const cell of cells) {
      for (const variant of variants) measured.push(...(await measure(cell, variant, processes, seconds)))
    }
    return measured
  } finally {
    await Promise.all(Object.values(processes).map((server) => server.stop()))
  }
}

const warmUp = async (processes: Processes, seconds: number): Promise<void> => {
  for (const variant of variants) {
    const { port } = processes[variant.process]
    for (const payload of payloads) {
      const request = variant.requests[payload]
      if (request === undefined) continue
      await check(variant, payload, port)
      await runLoad({
        ...variant,
        port,
        request,
        connections: Math.min(8, connectionsFor[payload].at(-1) ?? 1),
        seconds,
      })
    }
  }
}

/** Nothing where the variant does not take part. */
const measure = async (
  cell: Cell,
  { name, process, requests, asNamed, mostConnections }: Variant,
  processes: Processes,
  seconds: number,
): Promise<readonly Measured[]> => {
  const request = requests[cell.payload]
  if (request === undefined || cell.connections > mostConnections) return []
  const server = processes[process]
  const before = server.cpuS()
  const timings = await runLoad({ port: server.port, request, asNamed, connections: cell.connections, seconds })
  return [{ cell, variant: name, figure: toFigure(timings, server.cpuS() - before) }]
}

export const overhead: Bench = {
  name: "overhead",
  about: "raw workerd proxy · pass-through · every feature on; CPU, latency, requests a second",
  seconds: 2.4,
  quickSeconds: 0.6,
  run,
}
