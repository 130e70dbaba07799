import { parseCommandLine } from "../../arguments/parse-command-line.ts"
import type { Command } from "../../command.ts"
import { failed } from "../../doctor/check.ts"
import type { Check } from "../../doctor/check.ts"
import { showChecks } from "../../doctor/show-checks.ts"
import { whyUnreachable } from "../../doctor/why-unreachable.ts"
import { readDatabaseUrl } from "../apply/connection-options.ts"
import { codeOf } from "../apply/session.ts"
import { openDatabase } from "../connect/open-database.ts"
import { checkDatabase } from "./check-database.ts"

const help = `Looks whether a database can be advised and changed, and says what to do.

  voltgate db doctor [options]

  --url URL   the database (DATABASE_URL, or PGHOST, PGUSER and so on)
  --json      prints the checks as JSON
  --help      this text

Reads only. Exit codes: 0 no failure (there may be warnings), 1 a failure, 2 wrong usage.`

const connectMs = 5_000

/** `voltgate db doctor` */
export const databaseDoctorCommand: Command = async (args, host) => {
  const line = parseCommandLine(args, { command: "voltgate db doctor", texts: ["url"], flags: ["json", "help"] })
  if (line.has("help")) return { text: help, exitCode: 0 }
  const checks = await examine(readDatabaseUrl(line.text("url"), host))
  const isOk = checks.every(({ state }) => state !== "failed")
  const diagnosis = { checks, ok: isOk }
  return {
    text: line.has("json") ? JSON.stringify(diagnosis, undefined, 2) : showChecks(diagnosis, host),
    exitCode: isOk ? 0 : 1,
  }
}

const refusals: Readonly<Record<string, string>> = {
  "28P01": "it does not accept the user or the password",
  "28000": "it does not accept the user or the password",
  "3D000": "there is no database of that name",
  "53300": "it has no connection left",
}

const examine = async (url: string): Promise<readonly Check[]> => {
  try {
    await using database = await openDatabase({ url, purpose: "doctor" })
    return await checkDatabase(database)
  } catch (error) {
    const code = codeOf(error)
    const why =
      code === undefined
        ? (whyUnreachable(error, connectMs) ?? "the connection broke")
        : (refusals[code] ?? `it answers with SQLSTATE ${code}`)
    return [
      failed("connection", `The database cannot be used: ${why}.`, "Check host, port, user, password and database."),
    ]
  }
}
