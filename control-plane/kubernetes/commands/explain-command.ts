import { parseCommandLine } from "../../arguments/parse-command-line.ts"
import { UsageError } from "../../arguments/usage-error.ts"
import type { Command } from "../../command.ts"
import { show } from "../decide/show.ts"
import type { HistoryEntry } from "../protocol/history-entry.ts"
import { guarded } from "./guarded.ts"
import { leadingWords } from "../../arguments/leading-words.ts"
import { clusterHelp, clusterTexts, openCluster } from "./scale-options.ts"

const help = `Tells a decision in words, with its numbers.

  voltgate scale explain ID [options]

  ID                 of the history, or its first letters
${clusterHelp}
  --json             prints the entry as JSON
  --help             this text

Exit codes: 0 done, 1 there is no such decision, 2 wrong usage.`

/** `voltgate scale explain` */
export const explainCommand: Command = guarded(async (args, host) => {
  const { words, options } = leadingWords(args)
  const line = parseCommandLine(options, {
    command: "voltgate scale explain",
    texts: clusterTexts,
    flags: ["json", "help"],
  })
  if (line.has("help")) return { text: help, exitCode: 0 }
  const [id] = words
  if (id === undefined || words.length > 1)
    throw new UsageError("Say which: voltgate scale explain ID; `voltgate scale history` lists them.")
  const { store } = await openCluster(line, host)
  const { state } = await store.load()
  const found = state.history.filter((entry) => entry.id.startsWith(id))
  const [entry] = found
  if (entry === undefined) return { text: "There is no such decision in the history.", exitCode: 1 }
  if (found.length > 1) return { text: `${found.length} decisions begin with that: give more of it.`, exitCode: 1 }
  return { text: line.has("json") ? JSON.stringify(entry, undefined, 2) : explain(entry), exitCode: 0 }
})

export const explain = (entry: HistoryEntry): string => {
  const { decision, outcome, values, readyReplicas } = entry
  const at = entry.at.slice(0, 19).replace("T", " ")
  const read = Object.entries(values).map(([name, value]) =>
    value === null ? `  ${name}: nothing that could be believed` : `  ${name}: ${show(value)}`,
  )
  const verdict =
    decision.direction === "hold"
      ? `It was to stay at ${decision.currentReplicas}`
      : `It was to go ${decision.direction} from ${decision.currentReplicas} to ${decision.desiredReplicas}`
  return [
    `At ${at} UTC, ${entry.policy} looked at the deployment ${entry.namespace}/${entry.deployment}:`,
    `  ${decision.currentReplicas} replicas were asked for, ${readyReplicas} were ready`,
    ...read,
    "",
    `${verdict} (${decision.code}):`,
    ...decision.reasons.map((reason) => `  ${reason}`),
    "",
    ending(entry, outcome),
  ].join("\n")
}

const ending = ({ decision }: HistoryEntry, outcome: HistoryEntry["outcome"]): string => {
  switch (outcome.kind) {
    case "held":
      return "Nothing was written."
    case "observed":
      return "Nothing was written: the policy only observes (`write: observe`)."
    case "written":
      return `${decision.desiredReplicas} replicas were written, and read back.`
    case "refused":
      return `Nothing was written: ${outcome.reason}`
    case "overtaken":
      return `It was left to whoever was quicker: ${outcome.reason}`
    case "failed":
      return `It failed: ${outcome.reason}`
  }
}
