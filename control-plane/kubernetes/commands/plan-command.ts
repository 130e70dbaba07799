import { randomUUID } from "node:crypto"
import { parseCommandLine } from "../../arguments/parse-command-line.ts"
import type { Command } from "../../command.ts"
import { createMemoryStateStore } from "../protocol/memory-state-store.ts"
import { runCycle } from "../protocol/run-cycle.ts"
import { guarded } from "./guarded.ts"
import { clusterHelp, clusterTexts, openCluster } from "./scale-options.ts"
import { reasonsOf, showEntries } from "./show-entries.ts"

const help = `Says what would be done now, and why. Writes nothing.

  voltgate scale plan [options]

${clusterHelp}
  --json             prints the decisions as JSON
  --help             this text

Exit codes: 0 done, 1 the cluster is out of reach, 2 wrong usage.`

/** `voltgate scale plan` */
export const planCommand: Command = guarded(async (args, host) => {
  const line = parseCommandLine(args, { command: "voltgate scale plan", texts: clusterTexts, flags: ["json", "help"] })
  if (line.has("help")) return { text: help, exitCode: 0 }
  const { policies, send, readSource, store } = await openCluster(line, host)
  const known = await store.load()
  const rehearsal = createMemoryStateStore()
  await rehearsal.save({ state: known.state })
  const entries = await runCycle({
    policies: policies.map((policy) => ({ ...policy, write: "observe" })),
    store: rehearsal,
    send,
    readSource,
    channels: [],
    now: Date.now,
    newId: randomUUID,
    event: async () => undefined,
  })
  if (line.has("json")) return { text: JSON.stringify(entries, undefined, 2), exitCode: 0 }
  const why = entries.flatMap((entry) => ["", `${entry.policy}:`, ...reasonsOf(entry).map((reason) => `  ${reason}`)])
  return { text: [showEntries(entries, host.colors), ...why].join("\n"), exitCode: 0 }
})
