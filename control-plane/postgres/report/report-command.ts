import { createHash } from "node:crypto"
import { mkdir, readFile, rename, writeFile } from "node:fs/promises"
import { join } from "node:path"
import * as v from "valibot"
import { parseCommandLine } from "../../arguments/parse-command-line.ts"
import type { Command } from "../../command.ts"
import { readDatabaseUrl } from "../apply/connection-options.ts"
import { stateFolderOf } from "../apply/open-journal.ts"
import { orSay } from "../apply/outcome.ts"
import { openDatabase } from "../connect/open-database.ts"
import { maskLiterals } from "../observe/mask-literals.ts"
import { buildReport } from "./build-report.ts"
import { reportPage } from "./report-page.ts"
import { showReport } from "./show-report.ts"
import { SnapshotSchema } from "./trends.ts"
import type { Snapshot } from "./trends.ts"

const help = `Shows how a database does: what is slow, what takes the time, what changed since the last report, what to look at.

  voltgate db report [options]

  --url URL        the database (DATABASE_URL, or PGHOST, PGUSER and so on)
  --html FILE      writes a page with charts
  --state FOLDER   where the last report's counts are kept, for trends (VOLTGATE_STATE)
  --no-snapshot    compares with the last report, and does not take its place
  --json           prints it as JSON
  --help           this text

Reads the catalog and statistics only. Values of users never show: statements are normalized by the server, and masked again.
Exit codes: 0 done, 1 the database is out of reach or lacks pg_stat_statements, 2 wrong usage.`

/** `voltgate db report` */
export const reportCommand: Command = async (args, host) => {
  const line = parseCommandLine(args, {
    command: "voltgate db report",
    texts: ["url", "html", "state"],
    flags: ["no-snapshot", "json", "help"],
  })
  if (line.has("help")) return { text: help, exitCode: 0 }
  const url = readDatabaseUrl(line.text("url"), host)
  const file = snapshotFile(line.text("state") ?? stateFolderOf(host.environment), url)
  return orSay(async () => {
    host.progress("Reading what the database counted …")
    await using database = await openDatabase({ url, purpose: "report" })
    const { report, snapshot } = await buildReport(database, await readSnapshot(file), Date.now)
    if (!line.has("no-snapshot")) await keepSnapshot(file, snapshot)
    const html = line.text("html")
    if (html !== undefined) {
      const isWritten = await writeFile(html, reportPage(report)).then(
        () => true,
        () => false,
      )
      return isWritten
        ? { text: `The report is in ${html}.`, exitCode: 0 }
        : { text: `${html} cannot be written. Name a file in a folder that is there.`, exitCode: 1 }
    }
    const text = line.has("json") ? JSON.stringify(report, maskTexts, 2) : showReport(report, host.widthColumns)
    return { text, exitCode: 0 }
  })
}

const maskTexts = (key: string, value: unknown): unknown =>
  key === "text" && typeof value === "string" ? maskLiterals(value) : value

/** One for each database. */
const snapshotFile = (stateFolder: string, url: string): string => {
  const { hostname, port, pathname } = new URL(url)
  const hash = createHash("sha256").update(`${hostname}:${port}${pathname}`).digest("hex").slice(0, 12)
  return join(stateFolder, `report-${hash}.json`)
}

/** What cannot be read is no trend, and nothing worse. */
const readSnapshot = async (file: string): Promise<Snapshot | undefined> => {
  const text = await readFile(file, "utf8").catch(() => "")
  const parsed = v.safeParse(v.pipe(v.string(), v.parseJson(), SnapshotSchema), text)
  return parsed.success ? parsed.output : undefined
}

const keepSnapshot = async (file: string, snapshot: Snapshot): Promise<void> => {
  await mkdir(join(file, ".."), { recursive: true, mode: 0o700 })
  await writeFile(`${file}.new`, JSON.stringify(snapshot), { mode: 0o600 })
  await rename(`${file}.new`, file)
}
