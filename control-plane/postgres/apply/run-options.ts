import { UsageError } from "../../arguments/usage-error.ts"
import type { CommandLine } from "../../arguments/parse-command-line.ts"
import type { Host } from "../../command.ts"
import { readDurationS } from "../../providers/read-duration.ts"
import { systemClock } from "./clock.ts"
import { readDatabaseUrl } from "./connection-options.ts"
import { stateFolderOf } from "./open-journal.ts"
import type { RunSettings } from "./open-run.ts"
import { usualLimits } from "./run.ts"
import { connectTo } from "./session.ts"
import { readBytes } from "./show-bytes.ts"
import { usualRules } from "./verify.ts"
import { readWindow } from "./window.ts"

/** Options that every command which may change something takes. */
export const runTexts = ["url", "window", "patience", "wait", "min-calls", "disk-free", "state"] as const
export type RunText = (typeof runTexts)[number]

export const runHelp = `  --url URL           the database (DATABASE_URL, or PGHOST, PGUSER and so on); the server itself, not a pooler
  --window HOURS      change something at these hours only, e.g. 22:00-05:00 or "22:00-05:00 Europe/Berlin" (UTC)
  --patience TIME     how long to wait for a long transaction, a vacuum or a replica before giving up (60s)
  --wait TIME         how long to wait for another run to end, instead of leaving at once
  --min-calls N       calls of a statement before it is judged (30)
  --disk-free SIZE    what the server's disk has free, e.g. 200GB, where neither the server nor this machine can tell
  --state FOLDER      where the journal goes when the role may not write it into the database (VOLTGATE_STATE)`

/** Reads those options. Throws a UsageError. */
export const readRunSettings = (
  line: Pick<CommandLine<RunText, never>, "text">,
  host: Host,
  allowDrop: boolean,
): RunSettings => {
  const [window, patience, wait, free] = [
    line.text("window"),
    line.text("patience"),
    line.text("wait"),
    line.text("disk-free"),
  ]
  const url = readDatabaseUrl(line.text("url"), host)
  return {
    connect: connectTo(url),
    clock: systemClock,
    stateFolder: line.text("state") ?? stateFolderOf(host.environment),
    lockWaitMs: wait === undefined ? 0 : readDurationS("--wait", wait) * 1_000,
    stop: host.stop,
    progress: host.progress,
    limits: {
      ...usualLimits,
      allowDrop,
      ...(window === undefined ? {} : { window: readWindow(window) }),
      ...(patience === undefined ? {} : { patienceMs: readDurationS("--patience", patience) * 1_000 }),
      ...(free === undefined ? {} : { freeBytes: readBytes("--disk-free", free) }),
      rules: { ...usualRules, minCalls: readCount("--min-calls", line.text("min-calls"), usualRules.minCalls) },
    },
  }
}

/** A whole number from 1 on; `usual` where the option is absent. */
export const readCount = (option: string, text: string | undefined, usual: number): number => {
  if (text === undefined) return usual
  if (/^[1-9]\d{0,5}$/.test(text)) return Number(text)
  throw new UsageError(`${option} takes a whole number from 1 on.`)
}
