import { parseCommandLine } from "../../arguments/parse-command-line.ts"
import type { Command, CommandResult, Host } from "../../command.ts"
import { adviseNow } from "../advise/advise-now.ts"
import type { ProposedChange } from "../change.ts"
import { applyChanges, whyNotAgain } from "./apply-changes.ts"
import { readDatabaseUrl } from "./connection-options.ts"
import { orSay } from "./outcome.ts"
import { maskChange, maskEntry, maskRefusal } from "./mask-change.ts"
import { readJournal, stateFolderOf } from "./open-journal.ts"
import { asOnlyRun } from "./open-run.ts"
import { readAdvice } from "./read-advice.ts"
import { readChange, RefusedChange } from "./read-change.ts"
import { readCount, readRunSettings, runHelp, runTexts } from "./run-options.ts"
import { connectTo } from "./session.ts"
import { showEntries, showOutcome, showPlan, showRefused } from "./show-entries.ts"

const help = `Carries out advice, one index a run, without keeping anybody waiting.

  voltgate db apply          shows what would be done, by the advice of now; changes nothing
  voltgate db apply --yes    does it
  voltgate db apply --list   what was changed so far, the newest first

  --from FILE         advice that \`voltgate db advise --json\` wrote, in place of advice by what is counted now
  --yes               carry it out
  --max-changes N     how many of the changes, the best first (1)
  --allow-drop        also drop indexes that Voltgate did not make, where nothing at all needs them
${runHelp}
  --json              prints the plan, the outcome or the list as JSON
  --help              this text

Values in the conditions of indexes show as ?; the journal holds the full statements.

Each change is written down with what undoes it before it is made; \`voltgate db revert\` undoes it, and so does
\`voltgate db watch\` when it does not bring what was promised. Ctrl-C ends a build and cleans up.

Exit codes: 0 done, or shown; 1 something failed; 2 wrong usage; 3 forbidden for now: another run, a long transaction, the window.`

/** `voltgate db apply` */
export const applyCommand: Command = async (args, host) => {
  const line = parseCommandLine(args, {
    command: "voltgate db apply",
    texts: [...runTexts, "from", "max-changes"],
    flags: ["yes", "list", "allow-drop", "json", "help"],
  })
  if (line.has("help")) return { text: help, exitCode: 0 }
  const most = readCount("--max-changes", line.text("max-changes"), 1)
  const asJson = line.has("json")
  if (line.has("list")) {
    const url = readDatabaseUrl(line.text("url"), host)
    return orSay(() => list(url, line.text("state") ?? stateFolderOf(host.environment), asJson))
  }
  const file = line.text("from")
  const settings = readRunSettings(line, host, line.has("allow-drop"))
  const advice = (): Promise<readonly ProposedChange[]> => (file === undefined ? ask(settings, host) : readAdvice(file))
  if (!line.has("yes")) return orSay(async () => show(settings, await advice(), most, asJson))
  return orSay(async () => {
    const changes = await advice()
    return asOnlyRun(settings, async (run, mended) => {
      const { entries, refused } = await applyChanges(run, changes, most, () => newId(host))
      const text = asJson
        ? JSON.stringify(
            { mended: mended.map(maskEntry), entries: entries.map(maskEntry), refused: refused.map(maskRefusal) },
            undefined,
            2,
          )
        : [
            ...mended.map((entry) => `From an earlier run: ${showOutcome(entry)}`),
            ...entries.map(showOutcome),
            ...showRefused(refused),
            ...(entries.length + refused.length === 0 ? ["The advice holds no change."] : []),
            `The journal is in ${run.journal.place}.`,
          ].join("\n")
      const isDone = entries.some(({ state }) => state !== "failed" && state !== "abandoned")
      return { text, exitCode: isDone || changes.length === 0 ? 0 : entries.length > 0 ? 1 : 3 }
    })
  })
}

/** Advice by what the database has counted until now. */
const ask = async (
  { connect }: Pick<Parameters<typeof asOnlyRun>[0], "connect">,
  { progress }: Host,
): Promise<readonly ProposedChange[]> => {
  await using database = await connect("control")
  return (await adviseNow(database, progress)).changes
}

/** An id that a person can type. */
export const newId = ({ randomBytes }: Pick<Host, "randomBytes">): string =>
  `c-${Buffer.from(randomBytes(4)).toString("hex")}`

const list = async (url: string, stateFolder: string, asJson: boolean): Promise<CommandResult> => {
  await using database = await connectTo(url)("control")
  const entries = await readJournal(database, stateFolder)
  return {
    text: asJson ? JSON.stringify({ entries: entries.map(maskEntry) }, undefined, 2) : showEntries(entries),
    exitCode: 0,
  }
}

/** What would be done, and of what the journal or the statement itself already forbids, why not. */
const show = async (
  { connect, stateFolder, clock }: Pick<Parameters<typeof asOnlyRun>[0], "connect" | "stateFolder" | "clock">,
  changes: readonly ProposedChange[],
  most: number,
  asJson: boolean,
): Promise<CommandResult> => {
  await using database = await connect("control")
  const journal = await readJournal(database, stateFolder)
  const refused: { change: ProposedChange; reason: string }[] = []
  const plan: ProposedChange[] = []
  for (const change of changes) {
    if (plan.length === most) break
    const reason = whyNotAgain(change, journal, clock.now()) ?? (await whyRefused(change))
    if (reason === undefined) plan.push(change)
    else refused.push({ change, reason })
  }
  if (asJson)
    return {
      text: JSON.stringify({ plan: plan.map(maskChange), refused: refused.map(maskRefusal) }, undefined, 2),
      exitCode: 0,
    }
  const text = [
    ...(plan.length === 0 ? ["There is nothing to do."] : ["Would be done:", "", ...showPlan(plan), ""]),
    ...showRefused(refused),
    ...(plan.length === 0 ? [] : ["Nothing was changed. Add --yes to do it."]),
  ]
  return { text: text.join("\n"), exitCode: 0 }
}

const whyRefused = async (change: ProposedChange): Promise<string | undefined> => {
  try {
    await readChange(change)
    return undefined
  } catch (error) {
    if (error instanceof RefusedChange) return error.message
    throw error
  }
}
