import { parseCommandLine } from "../../arguments/parse-command-line.ts"
import { UsageError } from "../../arguments/usage-error.ts"
import type { Command } from "../../command.ts"
import { readDuration } from "../policies/read-quantity.ts"
import { changePolicyState } from "../protocol/change-state.ts"
import { guarded } from "./guarded.ts"
import { leadingWords } from "../../arguments/leading-words.ts"
import { clusterHelp, clusterTexts, openCluster, policyNamed } from "./scale-options.ts"

const longestS = 30 * 86_400

const help = (command: string, about: string): string => `${about}

  ${command} [options]

  --for TIME         90s, 10m, 2h, 1d; then it ends by itself
  --reason TEXT      shown to whoever looks
${clusterHelp}
  --json             prints what holds now as JSON
  --help             this text

It holds from the next cycle on. Exit codes: 0 done, 1 the cluster is out of reach, 2 wrong usage.`

const pauseHelp = help(
  "voltgate scale pause NAME",
  "Pauses a policy (for 1h, where no time is given): it goes on deciding, and writes nothing.",
)
const resumeHelp = help(
  "voltgate scale resume NAME",
  "Ends a pause, an order of `set`, and the respect for a count that somebody set by hand.",
)
const setHelp = help(
  "voltgate scale set NAME REPLICAS",
  "Sets a policy's replicas (for 1h, where no time is given), through the same checks as its own decisions and within its bounds.",
)

const texts = [...clusterTexts, "for", "reason"] as const

const readOrder = (command: string, args: readonly string[], wordCount: number, usage: string) => {
  const { words, options } = leadingWords(args)
  const line = parseCommandLine(options, { command, texts, flags: ["json", "help"] })
  if (!line.has("help") && words.length !== wordCount) throw new UsageError(`Say which: ${usage}.`)
  const forS = readDuration(line.text("for") ?? "1h")
  if (forS === undefined || forS < 1 || forS > longestS)
    throw new UsageError("--for takes a time such as 10m, 2h or 1d, at most 30d.")
  const nowMs = Date.now()
  const reason = line.text("reason") ?? "no reason was given"
  return { words, line, untilMs: nowMs + forS * 1_000, reason, nowMs }
}

/** `voltgate scale pause` */
export const pauseCommand: Command = guarded(async (args, host) => {
  const { words, line, untilMs, reason, nowMs } = readOrder(
    "voltgate scale pause",
    args,
    1,
    "voltgate scale pause NAME",
  )
  if (line.has("help")) return { text: pauseHelp, exitCode: 0 }
  const { policies, store } = await openCluster(line, host)
  const { name } = policyNamed(policies, words[0] ?? "")
  await changePolicyState(store, name, (state) => ({ ...state, pause: { untilMs, reason } }), nowMs)
  const until = new Date(untilMs).toISOString()
  return {
    text: line.has("json")
      ? JSON.stringify({ policy: name, pausedUntil: until, reason })
      : `${name} is paused until ${until}.`,
    exitCode: 0,
  }
})

/** `voltgate scale resume` */
export const resumeCommand: Command = guarded(async (args, host) => {
  const { words, line, nowMs } = readOrder("voltgate scale resume", args, 1, "voltgate scale resume NAME")
  if (line.has("help")) return { text: resumeHelp, exitCode: 0 }
  const { policies, store } = await openCluster(line, host)
  const { name } = policyNamed(policies, words[0] ?? "")
  await changePolicyState(store, name, ({ pause: _pause, pin: _pin, handsOffUntilMs: _hands, ...rest }) => rest, nowMs)
  return {
    text: line.has("json") ? JSON.stringify({ policy: name, resumed: true }) : `${name} goes on by itself.`,
    exitCode: 0,
  }
})

/** `voltgate scale set` */
export const setCommand: Command = guarded(async (args, host) => {
  const { words, line, untilMs, reason, nowMs } = readOrder(
    "voltgate scale set",
    args,
    2,
    "voltgate scale set NAME REPLICAS",
  )
  if (line.has("help")) return { text: setHelp, exitCode: 0 }
  const { policies, store } = await openCluster(line, host)
  const policy = policyNamed(policies, words[0] ?? "")
  const { min, max } = policy.replicas
  const replicas = /^\d{1,5}$/.test(words[1] ?? "") ? Number(words[1]) : Number.NaN
  if (!(replicas >= min && replicas <= max))
    throw new UsageError(`${policy.name} takes from ${min} to ${max} replicas.`)
  await changePolicyState(store, policy.name, (state) => ({ ...state, pin: { replicas, untilMs, reason } }), nowMs)
  const until = new Date(untilMs).toISOString()
  const warning = policy.write === "observe" ? " It only observes, so nothing is written: set `write: act`." : ""
  return {
    text: line.has("json")
      ? JSON.stringify({ policy: policy.name, replicas, until, reason })
      : `${policy.name} gets ${replicas} replicas until ${until}.${warning}`,
    exitCode: 0,
  }
})
