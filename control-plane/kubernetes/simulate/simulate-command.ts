import { writeFile } from "node:fs/promises"
import { basename } from "node:path"
import { parseCommandLine } from "../../arguments/parse-command-line.ts"
import { UsageError } from "../../arguments/usage-error.ts"
import type { Command } from "../../command.ts"
import { readPolicies } from "../policies/read-policies.ts"
import type { Policy } from "../policies/policy.ts"
import { readDuration } from "../policies/read-quantity.ts"
import { readTextFile } from "../read-text-file.ts"
import { readTrace } from "./read-trace.ts"
import { rivalNames, rivalOf } from "./rivals.ts"
import { byPolicy } from "./scalers/by-policy.ts"
import { scoresPage, showScores } from "./show-scores.ts"
import { simulate } from "./simulate.ts"
import { peakOf, requestsOf } from "./trace.ts"
import type { Trace } from "./trace.ts"
import { usualPolicy } from "./usual-policy.ts"
import { usualWorld } from "./world.ts"
import type { World } from "./world.ts"

const help = `Shows what scalers would have done with a course of the load: every request is simulated.

  voltgate scale simulate --trace FILE [--policy FILE] [--against hpa,step] [options]

  --trace FILE      CSV of time_s,rate: seconds and requests a second; straight lines between
  --policy FILE     policies to try (one with a budget of 1 % and no more)
  --against NAMES   hpa, or hpa:55 for a target of 55 %; kpa: Knative's; step and p95: the rule as first written, on
                    the processor or on latency (hpa,step)
  --service TIME    mean time of the work on a request (3s)
  --slots N         requests that a replica works on at once (the policy's, or 4)
  --seed N          other luck (1)
  --html FILE       also writes a page with charts
  --json            { trace, requests, results: [{ name, lateShare, replicaHours, changes, flaps, cut }] }
  --help            this text

First come, first served; log-normal work; replicas that take 45 to 67 s to start; metrics every 15 s, 15 s late. Late is who
waits longer than 2 s (or the policy's \`wait\`); a flap takes back the change before within 15 minutes; cut off is who was
still at work 30 s after its replica had to go.

Exit codes: 0 done, 2 wrong usage, a broken file included.`

/** A minute or so of work at the most; longer ones are better cut. */
const mostRequests = 20_000_000

/** `voltgate scale simulate` */
export const simulateCommand: Command = async (args, host) => {
  const line = parseCommandLine(args, {
    command: "voltgate scale simulate",
    texts: ["trace", "policy", "against", "service", "slots", "seed", "html"],
    flags: ["json", "help"],
  })
  if (line.has("help")) return { text: help, exitCode: 0 }
  const file = line.text("trace")
  if (file === undefined) throw new UsageError("Name the load: voltgate scale simulate --trace load.csv.")
  const trace = await readTraceFile(file)
  const policyFile = line.text("policy")
  const given = policyFile === undefined ? [] : await readPolicies(policyFile)
  const world = worldOf(given, {
    slots: wholeOf("slots", line.text("slots"), 1_000),
    serviceS: secondsOf(line.text("service")),
  })
  const bounds = given[0]?.replicas ?? { min: 2, max: mostReplicas(trace, world) }
  const policies = given.length > 0 ? given : [usualPolicy(bounds, world.slots)]
  const rivals = (line.text("against") ?? "hpa,step").split(",").map((name) => {
    const rival = rivalOf(name.trim(), world, bounds)
    if (rival === undefined) throw new UsageError(`--against takes ${rivalNames.join(", ")}, or hpa:55, with commas.`)
    return rival
  })
  const seed = wholeOf("seed", line.text("seed"), 1_000_000) ?? 1
  const startReplicas = Math.min(bounds.max, Math.max(bounds.min, replicasAt(trace.rates[0] ?? 0, world)))
  const scores = [...policies.map(byPolicy), ...rivals].map((scaler) => {
    host.progress(`${scaler.name} …`)
    return { name: scaler.name, score: simulate(trace, scaler, { world, seed, startReplicas }) }
  })
  const page = line.text("html")
  if (page !== undefined) await writeFile(page, scoresPage(`Scaling through ${trace.name}`, scores))
  const requests = scores[0]?.score.requests ?? 0
  if (line.has("json")) {
    const results = scores.map(({ name, score: { lateShare, replicaHours, changes, flaps, cut } }) => ({
      name,
      lateShare,
      replicaHours,
      changes,
      flaps,
      cut,
    }))
    return { text: JSON.stringify({ trace: trace.name, requests, results }, undefined, 2), exitCode: 0 }
  }
  const title = `${trace.name}: ${requests.toLocaleString("en-US")} requests of ${world.serviceS} s, ${world.slots} at once on a replica`
  return { text: `${title}\n\n${showScores(scores, host.widthColumns ?? 100)}`, exitCode: 0 }
}

const readTraceFile = async (file: string): Promise<Trace> => {
  const trace = readTrace(basename(file), await readTextFile(file))
  if ("problem" in trace) throw new UsageError(`${file}: ${trace.problem}.`)
  if (requestsOf(trace) > mostRequests) {
    throw new UsageError(
      `${file} has more than ${mostRequests / 1e6} million requests: take a part of it, or fewer a second.`,
    )
  }
  return trace
}

const worldOf = (
  policies: readonly Policy[],
  { slots, serviceS }: { readonly slots: number | undefined; readonly serviceS: number | undefined },
): World => {
  const budget = policies.map(({ mode }) => mode).find((mode) => mode.kind === "budget")
  return {
    ...usualWorld,
    slots: slots ?? budget?.slots ?? usualWorld.slots,
    waitS: budget?.waitS ?? usualWorld.waitS,
    serviceS: serviceS ?? usualWorld.serviceS,
  }
}

/** As many as work on seven tenths of their slots at that rate. */
const replicasAt = (rate: number, { serviceS, slots }: World): number => Math.ceil((rate * serviceS) / slots / 0.7)

const mostReplicas = (trace: Trace, world: World): number => Math.max(10, 2 * replicasAt(peakOf(trace), world))

const wholeOf = (name: string, text: string | undefined, most: number): number | undefined => {
  if (text === undefined) return undefined
  const value = Number(text)
  if (Number.isSafeInteger(value) && value >= 1 && value <= most) return value
  throw new UsageError(`--${name} takes a whole number from 1 to ${most}.`)
}

const secondsOf = (text: string | undefined): number | undefined => {
  if (text === undefined) return undefined
  const seconds = readDuration(text)
  if (seconds !== undefined && seconds >= 0.001 && seconds <= 600) return seconds
  throw new UsageError("--service takes a time from 1ms to 10m, such as 800ms or 3s.")
}
