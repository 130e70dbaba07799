import { mkdtemp, rm, writeFile } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { parseArgs } from "node:util"
import { connectCluster } from "../../control-plane/kubernetes/client/kubeconfig-transport.ts"
import { createSend } from "../../control-plane/kubernetes/client/send.ts"
import { explain } from "../../control-plane/kubernetes/commands/explain-command.ts"
import { historyPage } from "../../control-plane/kubernetes/history/history-page.ts"
import { createReadSource } from "../../control-plane/kubernetes/metrics/read-source.ts"
import { parsePolicies } from "../../control-plane/kubernetes/policies/parse-policies.ts"
import { createConfigMapStateStore } from "../../control-plane/kubernetes/protocol/config-map-state-store.ts"
import type { HistoryEntry } from "../../control-plane/kubernetes/protocol/history-entry.ts"
import { createScaler } from "../../control-plane/kubernetes/protocol/scaler.ts"
import { poisson, seeded } from "./random.ts"
import { createService } from "./service.ts"
import { startApiServer } from "../kubernetes/start-api-server.ts"
import { createDemoCluster } from "./cluster.ts"
import { startPrometheus } from "./prometheus.ts"
import { columns, terminalChart } from "./terminal-chart.ts"

const help = `Shows a deployment being scaled, from load to load, in under a minute: a Kubernetes API server and a Prometheus of this
repository, over HTTP, with an hour of requests that are simulated, and the scaler as it runs in a cluster.

  npm run scale:demo -- [options]

  --html FILE  writes the history as a page with charts
  --seed N     other requests (1)
  --help       this text`

const minutes = 66
const cycleS = 15
const [slots, serviceS, waitS] = [4, 1.5, 2] as const

/** Calm, a climb to four times as much, a plateau, and back. */
const rateAt = (s: number): number => {
  const at = s / 60
  const climb = Math.min(1, Math.max(0, (at - 10) / 12)) - Math.min(1, Math.max(0, (at - 38) / 8))
  return 10 + 30 * climb
}

const policyText = (prometheus: string): string => `policies:
  - name: api-gateway
    deployment: api-gateway
    replicas: { min: 3, max: 30 }
    budget:
      rate: { from: prometheus, url: "${prometheus}", query: rate }
      serviceTime: { from: prometheus, url: "${prometheus}", query: service_ms, unit: ms }
      inFlight: { from: prometheus, url: "${prometheus}", query: in_flight }
      lateShare: { from: prometheus, url: "${prometheus}", query: late_percent, unit: percent }
      slots: ${slots}
      wait: ${waitS}s
      late: 1%
    actionsPerHour: 60
    write: act
`

const main = async (): Promise<void> => {
  const { values } = parseArgs({
    options: { help: { type: "boolean" }, html: { type: "string" }, seed: { type: "string", default: "1" } },
  })
  if (values.help === true) return console.log(help)
  const seed = Number(values.seed)
  if (!Number.isSafeInteger(seed)) throw new TypeError("--seed takes a whole number.")
  const [random, delays] = [seeded(seed), seeded(seed + 1)]
  // The demo's clock: it jumps from cycle to cycle.
  let nowMs = Date.UTC(2026, 0, 5, 9)
  const startMs = nowMs
  const now = (): number => nowMs
  const metrics = new Map<string, number>()
  let measuredMs = nowMs
  const folder = await mkdtemp(join(tmpdir(), "voltgate-scale-demo-"))
  await using server = await startApiServer({ now })
  await using prometheus = await startPrometheus((name) => {
    const value = metrics.get(name)
    return value === undefined ? undefined : { value, atMs: measuredMs }
  })
  try {
    const kubeconfig = join(folder, "kubeconfig")
    await writeFile(kubeconfig, server.kubeconfig())
    const { policies, problems } = parsePolicies(policyText(prometheus.url))
    if (policies === undefined) throw new TypeError(JSON.stringify(problems))
    const send = createSend({
      transport: await connectCluster({ kubeconfig }),
      deadlineMs: 5_000,
      now,
      sleep: async () => undefined,
    })
    const store = createConfigMapStateStore(send, { namespace: "default", name: "voltgate-scale" })
    let ids = 0
    const scaler = createScaler({
      policies,
      send,
      readSource: createReadSource({ send, fetch, environment: {}, now, deadlineMs: 2_000 }),
      store,
      channels: [],
      lease: { namespace: "default", name: "voltgate-scale" },
      identity: "demo",
      leaseMs: 25_000,
      now,
      newId: () => `demo-${++ids}`,
    })
    const cluster = createDemoCluster(server.core.store, "api-gateway", 5, delays)
    const service = createService({ slots, serviceS, sigma: 0.7, waitS, graceS: 30, random: seeded(seed + 2) })
    console.log(`API server ${server.url}, Prometheus ${prometheus.url}. ${minutes} minutes pass in under one.\n`)
    const seen: { rate: number; asked: number; late: number }[] = []
    const written: HistoryEntry[] = []
    let replicaS = 0
    const windows: ReturnType<typeof service.read>[] = []
    for (let s = 0; s < minutes * 60; s++) {
      const { ready, asked } = cluster.settle(s)
      service.setReplicas(ready, s)
      replicaS += asked
      const arrivals = Array.from({ length: poisson(rateAt(s), random) }, () => s + random())
      for (const at of arrivals.toSorted((a, b) => a - b)) service.arrive(at)
      service.advance(s + 1)
      if (s % cycleS !== cycleS - 1) continue
      nowMs = startMs + (s + 1) * 1_000
      windows.push(service.read())
      const recent = windows.slice(-4)
      const sum = (pick: (window: (typeof recent)[number]) => number): number =>
        recent.reduce((total, window) => total + pick(window), 0)
      const started = Math.max(
        1,
        sum((window) => window.started),
      )
      measuredMs = nowMs
      metrics.set("rate", sum((window) => window.arrivals) / (recent.length * cycleS))
      metrics.set("service_ms", (1_000 * sum((window) => window.serviceS * window.started)) / started)
      metrics.set("late_percent", (100 * sum((window) => window.late)) / started)
      metrics.set("in_flight", (recent.at(-1)?.busy ?? 0) + (recent.at(-1)?.waiting ?? 0))
      const once = await scaler.runOnce()
      seen.push({ rate: rateAt(s), asked, late: metrics.get("late_percent") ?? 0 })
      for (const entry of once.kind === "ran" ? once.entries : []) {
        if (entry.outcome.kind !== "written") continue
        written.push(entry)
        const { direction, currentReplicas, desiredReplicas, reasons } = entry.decision
        console.log(
          `${entry.at.slice(11, 19)}  ${direction.padEnd(4)} ${currentReplicas} → ${desiredReplicas}  ${reasons[0] ?? ""}`,
        )
      }
    }
    report(seen, written, service.totals(), replicaS)
    const { state } = await store.load()
    if (values.html !== undefined) {
      await writeFile(values.html, historyPage(state.history, "An hour of scaling"))
      console.log(`\nThe history is in ${values.html}.`)
    }
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

const report = (
  seen: readonly { readonly rate: number; readonly asked: number; readonly late: number }[],
  written: readonly HistoryEntry[],
  { requests, late }: { readonly requests: number; readonly late: number },
  replicaS: number,
): void => {
  const width = 72
  const most = Math.max(...seen.map(({ asked }) => asked))
  const largest = written.toSorted((a, b) => gain(b) - gain(a))[0]
  if (largest !== undefined)
    console.log(`\nThe largest step, in words (\`voltgate scale explain\`):\n\n${explain(largest)}`)
  console.log(
    `\n${terminalChart(
      "requests a second",
      columns(
        seen.map(({ rate }) => rate),
        width,
      ),
      4,
    )}`,
  )
  console.log(
    terminalChart(
      "replicas",
      columns(
        seen.map(({ asked }) => asked),
        width,
      ),
      5,
    ),
  )
  console.log(
    terminalChart(
      "late, in percent",
      columns(
        seen.map((each) => each.late),
        width,
      ),
      3,
    ),
  )
  const hours = replicaS / 3_600
  console.log(
    `\n${requests} requests, ${((100 * late) / requests).toFixed(2)} % waited more than ${waitS} s (budget 1 %); ` +
      `${written.length} changes; ${hours.toFixed(1)} replica-hours, where ${most} replicas throughout are ${((most * seen.length * cycleS) / 3_600).toFixed(1)}.`,
  )
}

const gain = ({ decision }: HistoryEntry): number => Math.abs(decision.desiredReplicas - decision.currentReplicas)

// Ctrl-C ends everything: nothing here outlives its process but a folder for temporary files.
for (const signal of ["SIGINT", "SIGTERM"] as const) process.on(signal, () => process.exit(130))
try {
  await main()
} catch (error) {
  console.error(error instanceof TypeError ? error.message : error)
  process.exit(1)
}
