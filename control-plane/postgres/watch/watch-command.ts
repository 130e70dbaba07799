import { createHash } from "node:crypto"
import { join } from "node:path"
import { setTimeout as sleep } from "node:timers/promises"
import { parseCommandLine } from "../../arguments/parse-command-line.ts"
import { UsageError } from "../../arguments/usage-error.ts"
import type { Command, CommandResult } from "../../command.ts"
import { readChannels } from "../../notifications/read-channels.ts"
import { readDurationS } from "../../providers/read-duration.ts"
import { adviseNow } from "../advise/advise-now.ts"
import { newId } from "../apply/apply-command.ts"
import { readDatabaseUrl } from "../apply/connection-options.ts"
import { maskEntry, maskRefusal } from "../apply/mask-change.ts"
import { orSay } from "../apply/outcome.ts"
import { readAdvice } from "../apply/read-advice.ts"
import { readCount, readRunSettings, runHelp, runTexts } from "../apply/run-options.ts"
import { showOutcome, showRefused } from "../apply/show-entries.ts"
import { historyFile } from "../report/history-file.ts"
import { keepDailySnapshot } from "../report/keep-daily-snapshot.ts"
import { openFileOutbox } from "./file-outbox.ts"
import { watchOnce } from "./watch-once.ts"
import type { Cycle } from "./watch-once.ts"

const usualEveryS = 900
const receiverMs = 5_000

const help = `Looks after a database: judges the changes that were made, and makes the next ones.

  voltgate db watch --once                      a cycle, for cron: judges what was made, undoes what did not help
  voltgate db watch --once --apply              also asks for advice, and makes the best change of it
  voltgate db watch --every 15m                 a cycle each quarter of an hour, until Ctrl-C

  --apply             make changes; without it changes that were made are judged and undone, and no new one is made
  --from FILE         advice that \`voltgate db advise --json\` wrote, in place of advice by what is counted now
  --max-changes N     changes a cycle (1)
  --every TIME        how long to wait between two cycles (15m)
  --allow-drop        also drop indexes that Voltgate did not make, where nothing at all needs them
${runHelp}
  --json              prints each cycle as a line of JSON
  --help              this text

The first cycle of a day keeps a snapshot of what was counted, from which the report knows unused indexes.

One run at a time: another one leaves with code 3. People hear of each change, of each that was undone and of each that was given
up: VOLTGATE_SLACK_WEBHOOK_URL, or VOLTGATE_WEBHOOK_URL with VOLTGATE_WEBHOOK_SECRET.

Exit codes: 0 done; 1 something failed; 2 wrong usage; 3 another run is at work.`

/** `voltgate db watch` */
export const watchCommand: Command = async (args, host) => {
  const line = parseCommandLine(args, {
    command: "voltgate db watch",
    texts: [...runTexts, "from", "max-changes", "every"],
    flags: ["once", "apply", "allow-drop", "json", "help"],
  })
  if (line.has("help")) return { text: help, exitCode: 0 }
  const every = line.text("every")
  if (line.has("once") && every !== undefined) throw new UsageError("Give --once or --every, not both.")
  const file = line.text("from")
  const everyMs = (every === undefined ? usualEveryS : readDurationS("--every", every)) * 1_000
  const run = readRunSettings(line, host, line.has("allow-drop"))
  const channels = readChannels(host.environment, { fetch: host.fetch, deadlineMs: receiverMs, now: Date.now })
  const url = readDatabaseUrl(line.text("url"), host)
  const outbox = openFileOutbox(outboxFile(run.stateFolder, url), channels, run.clock.now)
  const snapshots = historyFile(run.stateFolder, url)
  const most = readCount("--max-changes", line.text("max-changes"), 1)
  const cycle = (): Promise<CommandResult> =>
    orSay(async () => {
      const done = await watchOnce({
        run,
        advise: async (database) => {
          if (!line.has("apply")) return []
          return file === undefined ? (await adviseNow(database, host.progress)).changes : readAdvice(file)
        },
        remember: (database) => keepDailySnapshot(database, snapshots, Date.now),
        mostChanges: line.has("apply") ? most : 0,
        newId: () => newId(host),
        notify: outbox.notify,
      })
      await outbox.send()
      const hasFailed = [...done.entries, ...done.decided].some(
        ({ state }) => state === "failed" || state === "reverting",
      )
      return { text: line.has("json") ? JSON.stringify(maskCycle(done)) : show(done), exitCode: hasFailed ? 1 : 0 }
    })
  if (line.has("once")) return cycle()
  for (;;) {
    const { text } = await cycle()
    if (host.stop.aborted) return { text, exitCode: 0 }
    host.print(text)
    try {
      await sleep(everyMs, undefined, { signal: host.stop })
    } catch {
      return { text: "Stopped.", exitCode: 0 }
    }
  }
}

/** One for each database: its cycles are the only ones that write there. */
const outboxFile = (stateFolder: string, url: string): string => {
  const { hostname, port, pathname } = new URL(url)
  const hash = createHash("sha256").update(`${hostname}:${port}${pathname}`).digest("hex").slice(0, 12)
  return join(stateFolder, `notices-${hash}.json`)
}

const maskCycle = (cycle: Cycle): Cycle => ({
  ...cycle,
  mended: cycle.mended.map(maskEntry),
  decided: cycle.decided.map(maskEntry),
  entries: cycle.entries.map(maskEntry),
  refused: cycle.refused.map(maskRefusal),
})

const show = ({ mended, decided, entries, refused, waiting, advised }: Cycle): string =>
  [
    ...mended.map((entry) => `From an earlier run: ${showOutcome(entry)}`),
    ...decided.map(showOutcome),
    ...entries.map(showOutcome),
    ...showRefused(refused),
    `${decided.length} judged, ${waiting} still watched, ${advised} advised, ${entries.length} made.`,
  ].join("\n")
