import { randomUUID } from "node:crypto"
import { setTimeout as sleep } from "node:timers/promises"
import { parseCommandLine } from "../../arguments/parse-command-line.ts"
import { UsageError } from "../../arguments/usage-error.ts"
import type { Command, CommandResult, Host } from "../../command.ts"
import { KubeError } from "../client/kube-error.ts"
import { readDuration } from "../policies/read-quantity.ts"
import { createScaler } from "../protocol/scaler.ts"
import type { Once, Scaler } from "../protocol/scaler.ts"
import { guarded } from "./guarded.ts"
import { clusterHelp, clusterTexts, openCluster } from "./scale-options.ts"
import { reasonsOf, showEntries } from "./show-entries.ts"

/** Longer than a cycle and the pause after it; whoever waits for the lease has it within 30 s of its holder's end. */
const leaseMs = 25_000
const askAgainMs = 4_000

const help = `Scales the deployments of the policies: once, for cron, or in a loop until it is stopped.

  voltgate scale run --once [options]
  voltgate scale run [--every 15s] [options]

  --once             one cycle; waits up to ${leaseMs / 1_000 + 5} s where another instance is at work
  --every TIME       the pause between two cycles, 5s to 20s (15s)
${clusterHelp}
  --json             prints each decision as a line of JSON
  --help             this text

Only policies with \`write: act\` change anything; the others say what they would do. One instance works at a time: who holds
the lease voltgate-scale. People hear of changes by VOLTGATE_SLACK_WEBHOOK_URL, or VOLTGATE_WEBHOOK_URL with
VOLTGATE_WEBHOOK_SECRET. Ctrl-C ends after the cycle at hand and gives the lease back.

Exit codes: 0 done, 1 the cluster is out of reach, 2 wrong usage, 3 another instance is at work.`

/** `voltgate scale run` */
export const runCommand: Command = guarded(async (args, host) => {
  const line = parseCommandLine(args, {
    command: "voltgate scale run",
    texts: [...clusterTexts, "every"],
    flags: ["once", "json", "help"],
  })
  if (line.has("help")) return { text: help, exitCode: 0 }
  const everyS = readDuration(line.text("every") ?? "15s")
  if (everyS === undefined || everyS < 5 || everyS > 20) throw new UsageError("--every takes a time from 5s to 20s.")
  const cluster = await openCluster(line, host)
  const scaler = createScaler({
    ...cluster,
    lease: { namespace: cluster.namespace, name: "voltgate-scale" },
    leaseMs,
    now: Date.now,
    newId: randomUUID,
  })
  const show = (once: Once): string => showOnce(once, line.has("json"), host)
  return line.has("once") ? runOnce(scaler, show, host) : runLoop(scaler, show, everyS * 1_000, host)
})

const runOnce = async (scaler: Scaler, show: (once: Once) => string, host: Host): Promise<CommandResult> => {
  const { stop } = host
  const untilMs = Date.now() + leaseMs + 5_000
  for (;;) {
    const once = await runReleasing(scaler)
    if (once.kind === "ran") {
      const isFailed = once.entries.some(
        ({ outcome }) =>
          outcome.kind === "failed" || (outcome.kind === "refused" && outcome.refusal === "cluster-error"),
      )
      return { text: show(once), exitCode: isFailed ? 1 : 0 }
    }
    if (stop.aborted || Date.now() >= untilMs) return { text: show(once), exitCode: 3 }
    host.progress(`${once.holder} is at work; waiting for the lease …`)
    await pause(askAgainMs, stop)
  }
}

/** Whatever comes of the cycle, the next run need not wait for this one's lease to run out. */
const runReleasing = async (scaler: Scaler): Promise<Once> => {
  try {
    return await scaler.runOnce()
  } finally {
    await scaler.release().catch(() => undefined)
  }
}

const runLoop = async (
  scaler: Scaler,
  show: (once: Once) => string,
  everyMs: number,
  host: Host,
): Promise<CommandResult> => {
  const { stop } = host
  let last = ""
  while (!stop.aborted) {
    const beganMs = Date.now()
    let waitMs = everyMs
    try {
      const once = await scaler.runOnce()
      const text = show(once)
      // Who waits for the lease says so once.
      if (once.kind === "ran" || text !== last) host.print(text)
      last = text
      if (once.kind === "not-leading") waitMs = askAgainMs
    } catch (error) {
      // A loop outlives a cluster that is away; the lease then runs out by itself.
      if (!(error instanceof KubeError) || error.code === "no-config") throw error
      host.print(`${new Date().toISOString()} ${error.message}`)
    }
    // What the cycle took, and telling people after it, does not put off the next one.
    await pause(Math.max(0, waitMs - (Date.now() - beganMs)), stop)
  }
  await scaler.release().catch(() => undefined)
  return { text: "Stopped; the lease was given back.", exitCode: 0 }
}

const pause = async (ms: number, signal: AbortSignal): Promise<void> => {
  await sleep(ms, undefined, { signal }).catch(() => undefined)
}

const showOnce = (once: Once, asJson: boolean, { colors }: Host): string => {
  if (once.kind === "not-leading") {
    return asJson
      ? JSON.stringify({ leading: false, holder: once.holder })
      : `${once.holder} is at work; nothing was done.`
  }
  if (asJson) return once.entries.map((entry) => JSON.stringify(entry)).join("\n")
  const notable = once.entries.filter(({ outcome }) => outcome.kind !== "held")
  return [
    showEntries(once.entries, colors),
    ...notable.flatMap((entry) => reasonsOf(entry).map((reason) => `  ${entry.policy}: ${reason}`)),
  ].join("\n")
}
