import { writeFile } from "node:fs/promises"
import { parseCommandLine } from "../../arguments/parse-command-line.ts"
import type { Command } from "../../command.ts"
import { readDatabaseUrl } from "../apply/connection-options.ts"
import { stateFolderOf } from "../apply/open-journal.ts"
import { orSay } from "../apply/outcome.ts"
import { readBytes } from "../apply/show-bytes.ts"
import { openDatabase } from "../connect/open-database.ts"
import { maskLiterals } from "../observe/mask-literals.ts"
import { buildReport } from "./build-report.ts"
import type { Report } from "./build-report.ts"
import { checkUnused } from "./check-unused.ts"
import { withSnapshot } from "./history.ts"
import { historyFile, keepHistory, readHistory } from "./history-file.ts"
import { reportPage } from "./report-page.ts"
import { showReport } from "./show-report.ts"
import { takeSnapshot } from "./take-snapshot.ts"

const help = `Shows how a database does: what is slow, what takes the time, what changed since the last report, what to look at.

  voltgate db report [options]

  --url URL            the database (DATABASE_URL, or PGHOST, PGUSER and so on)
  --replica URL        a standby, whose scans count as well; once for each
  --unused-over SIZE   how large an index must be to be named as unused (100MB)
  --memory SIZE        what the server's machine has, e.g. 16GB, for advice on its settings
  --measure-bloat      asks the extension pgstattuple, where it is installed, which reads the largest tables
  --changes FILE       writes what \`voltgate db apply --from FILE\` can carry out
  --html FILE          writes a page with charts
  --state FOLDER       where counts are kept, a snapshot a day for 60 days (VOLTGATE_STATE)
  --no-snapshot        compares with the last report, and keeps no snapshot
  --json               prints it as JSON
  --help               this text

Run it each day: that an index is unused is said by our own snapshots of 30 days, as a server forgets its counts.

Reads the catalog and statistics only, unless it is to measure bloat. Values of users never show: statements are normalized by the server, and masked again.
Exit codes: 0 done, 1 the database is out of reach or lacks pg_stat_statements, 2 wrong usage.`

/** `voltgate db report` */
export const reportCommand: Command = async (args, host) => {
  const line = parseCommandLine(args, {
    command: "voltgate db report",
    texts: ["url", "replica", "unused-over", "memory", "changes", "html", "state"],
    repeatable: ["replica"],
    flags: ["measure-bloat", "no-snapshot", "json", "help"],
  })
  if (line.has("help")) return { text: help, exitCode: 0 }
  const url = readDatabaseUrl(line.text("url"), host)
  const file = historyFile(line.text("state") ?? stateFolderOf(host.environment), url)
  const replicaUrls = line.all("replica").map((each) => readDatabaseUrl(each, host))
  const unusedBytes = readBytes("--unused-over", line.text("unused-over") ?? "100MB")
  const memory = line.text("memory")
  const memoryBytes = memory === undefined ? {} : { memoryBytes: readBytes("--memory", memory) }
  return orSay(async () => {
    host.progress("Reading what the database counted …")
    await using database = await openDatabase({ url, purpose: "report" })
    const taken = await takeSnapshot(database, replicaUrls, Date.now)
    const history = await readHistory(file)
    const built = await buildReport(database, {
      ...taken,
      history,
      unusedBytes,
      measuresBloat: line.has("measure-bloat"),
      ...memoryBytes,
    })
    const report = { ...built, hints: await checkUnused(database, taken.statements, built.hints) }
    if (!line.has("no-snapshot")) await keepHistory(file, withSnapshot(history, taken.snapshot))
    const [changes, html] = [line.text("changes"), line.text("html")]
    const files = [
      ...(changes === undefined ? [] : [{ file: changes, text: changesOf(report) }]),
      ...(html === undefined ? [] : [{ file: html, text: reportPage(report) }]),
    ]
    for (const { file: path, text } of files) {
      if (!(await isWritten(path, text)))
        return { text: `${path} cannot be written. Name a file in a folder that is there.`, exitCode: 1 }
    }
    if (html !== undefined) return { text: `The report is in ${html}.`, exitCode: 0 }
    const text = line.has("json") ? JSON.stringify(report, maskTexts, 2) : showReport(report, host.widthColumns)
    return { text, exitCode: 0 }
  })
}

const maskTexts = (key: string, value: unknown): unknown =>
  key === "text" && typeof value === "string" ? maskLiterals(value) : value

const changesOf = ({ hints }: Report): string =>
  JSON.stringify({ changes: hints.flatMap(({ change }) => change ?? []) }, undefined, 2)

const isWritten = (file: string, text: string): Promise<boolean> =>
  writeFile(file, text).then(
    () => true,
    () => false,
  )
