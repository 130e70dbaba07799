import { writeFile } from "node:fs/promises"
import { parseCommandLine } from "../../arguments/parse-command-line.ts"
import { UsageError } from "../../arguments/usage-error.ts"
import type { Command } from "../../command.ts"
import { historyPage } from "../history/history-page.ts"
import { readDuration } from "../policies/read-quantity.ts"
import { guarded } from "./guarded.ts"
import { leadingWords } from "../../arguments/leading-words.ts"
import { clusterHelp, clusterTexts, openCluster, policyNamed } from "./scale-options.ts"
import { showEntries } from "./show-entries.ts"

const help = `Lists what was decided, and what came of it.

  voltgate scale history [NAME] [options]

  --since TIME       only what is younger, e.g. 90m or 2d (1d)
  --html FILE        writes a page with charts: signals, replicas, changes
${clusterHelp}
  --json             prints the entries as JSON
  --help             this text

Where nothing happens, one entry a minute is kept; old ones go when the state nears what a ConfigMap holds.
Exit codes: 0 done, 1 the cluster is out of reach, 2 wrong usage.`

/** `voltgate scale history` */
export const historyCommand: Command = guarded(async (args, host) => {
  const { words, options } = leadingWords(args)
  const line = parseCommandLine(options, {
    command: "voltgate scale history",
    texts: [...clusterTexts, "since", "html"],
    flags: ["json", "help"],
  })
  if (line.has("help")) return { text: help, exitCode: 0 }
  const sinceS = readDuration(line.text("since") ?? "1d")
  if (sinceS === undefined) throw new UsageError("--since takes a time such as 90m or 2d.")
  const { policies, store } = await openCluster(line, host)
  const name = words[0] === undefined ? undefined : policyNamed(policies, words[0]).name
  const { state } = await store.load()
  const fromMs = Date.now() - sinceS * 1_000
  const entries = state.history.filter(
    (entry) => Date.parse(entry.at) >= fromMs && (name === undefined || entry.policy === name),
  )
  const file = line.text("html")
  if (file !== undefined) {
    try {
      await writeFile(file, historyPage(entries, `Scaling${name === undefined ? "" : ` of ${name}`}`))
    } catch {
      return { text: `${file} cannot be written. Name a file in a folder that is there.`, exitCode: 1 }
    }
    return { text: `${entries.length} entries are in ${file}.`, exitCode: 0 }
  }
  return {
    text: line.has("json") ? JSON.stringify(entries, undefined, 2) : showEntries(entries, host.colors),
    exitCode: 0,
  }
})
