import { readFile } from "node:fs/promises"
import * as v from "valibot"
import { leadingWords } from "../../arguments/leading-words.ts"
import { parseCommandLine } from "../../arguments/parse-command-line.ts"
import { UsageError } from "../../arguments/usage-error.ts"
import type { Command, Host } from "../../command.ts"
import { codeOf, whyUnreachable } from "../../doctor/why-unreachable.ts"
import { readDurationS } from "../../providers/read-duration.ts"
import { readDatabaseUrl } from "../apply/connection-options.ts"
import { readBytes } from "../apply/show-bytes.ts"
import type { Database } from "../database.ts"
import { openDatabase } from "../connect/open-database.ts"
import type { LiveTexts } from "../observe/read-live-texts.ts"
import { sampleLiveTexts } from "../observe/read-live-texts.ts"
import { readStatements, StatementsMissing } from "../observe/read-statements.ts"
import type { StatementStatistics } from "../workload.ts"
import { usualLeastShare, usualSampleS } from "./advise-now.ts"
import { advise } from "./advise.ts"
import type { Advice } from "./advise.ts"
import { explainChange, showAdvice } from "./show-advice.ts"

const texts = ["url", "budget", "least", "engine", "statements", "sample"] as const
const options = `  --url URL          the database (DATABASE_URL, or PGHOST, PGUSER, …)
  --budget SIZE      all new indexes together, e.g. 500MB (a tenth of the database)
  --least SHARE      of all statements' time, what an index must save to be proposed (0.5%)
  --engine NAME      automatic; pglite, even for another version; hypopg, where that extension is installed (automatic)
  --statements FILE  statements in place of pg_stat_statements': JSON, [{ "text", "calls", "totalMs" }]
  --sample DURATION  looks so long at what sessions send: literals that the counted statements lost, e.g. 1m (2s)
  --json             prints it as JSON, as \`voltgate db apply --from\` takes it
  --help             this text`

const adviseHelp = `Says which indexes and statistics are worth making, by the planner's own word on each of them. Changes nothing.

  voltgate db advise [options]

${options}

The database sees reads of its catalog and statistics, and no EXPLAIN. Literals of users never show.
Exit codes: 0 done, 1 the database is out of reach or lacks pg_stat_statements, 2 wrong usage.`

const explainHelp = `Tells one piece of advice in words: which statements gain, and how much.

  voltgate db explain N [options]

  N                  its number in \`voltgate db advise\`, or its index's name
${options}

Exit codes: 0 done, 1 there is no such advice, 2 wrong usage.`

/** `voltgate db advise` */
export const adviseCommand: Command = async (args, host) => {
  const line = parseCommandLine(args, { command: "voltgate db advise", texts, flags: ["json", "help"] })
  if (line.has("help")) return { text: adviseHelp, exitCode: 0 }
  const made = await makeAdvice(line, host)
  if ("problem" in made) return { text: made.problem, exitCode: 1 }
  return { text: line.has("json") ? JSON.stringify(made.advice, undefined, 2) : showAdvice(made.advice), exitCode: 0 }
}

/** `voltgate db explain` */
export const explainCommand: Command = async (args, host) => {
  const { words, options: rest } = leadingWords(args)
  const line = parseCommandLine(rest, { command: "voltgate db explain", texts, flags: ["json", "help"] })
  if (line.has("help")) return { text: explainHelp, exitCode: 0 }
  const [wanted] = words
  if (wanted === undefined || words.length > 1)
    throw new UsageError("Say which: voltgate db explain N; `voltgate db advise` numbers them.")
  const made = await makeAdvice(line, host)
  if ("problem" in made) return { text: made.problem, exitCode: 1 }
  const { advice, statements } = made
  const change = advice.changes.find(({ object }, index) => String(index + 1) === wanted || object === wanted)
  if (change === undefined)
    return {
      text: `There are ${advice.changes.length} pieces of advice now, and none is ${/^\w+$/.test(wanted) ? wanted : "that"}.`,
      exitCode: 1,
    }
  const textOf = (queryId: string): string | undefined => statements.find((each) => each.queryId === queryId)?.text
  return {
    text: line.has("json") ? JSON.stringify(change, undefined, 2) : explainChange(advice, change, textOf),
    exitCode: 0,
  }
}

interface Line {
  readonly text: (name: (typeof texts)[number]) => string | undefined
}

type Made =
  | { readonly advice: Advice; readonly statements: readonly StatementStatistics[] }
  | { readonly problem: string }

const makeAdvice = async (line: Line, host: Host): Promise<Made> => {
  const url = readDatabaseUrl(line.text("url"), host)
  const budget = line.text("budget")
  const settings = {
    ...(budget === undefined ? {} : { budgetBytes: readBytes("--budget", budget) }),
    leastShare: readShare(line.text("least")),
    engine: readEngine(line.text("engine") ?? "automatic"),
    onProgress: (step: string) => host.progress(`${step} …`),
  }
  const sample = line.text("sample")
  const sampleS = sample === undefined ? usualSampleS : readDurationS("--sample", sample)
  const file = line.text("statements")
  const given = file === undefined ? undefined : await readStatementFile(file)
  try {
    await using database = await openDatabase({ url, purpose: "advise" })
    const statements = given ?? (await readStatements(database))
    // While it looks, the planner is started.
    const liveTexts = given === undefined ? sampleStatements(database, sampleS, host) : Promise.resolve(new Map())
    liveTexts.catch(() => undefined)
    return { advice: await advise(database, statements, { ...settings, liveTexts }, Date.now), statements }
  } catch (error) {
    if (error instanceof StatementsMissing) return { problem: error.message }
    const code = codeOf(error)
    if (code === undefined) throw error
    const isRefusal = /^[0-9A-Z]{5}$/.test(code) && !/^E[A-Z]+$/.test(code)
    return {
      problem: isRefusal
        ? `The database refused it (SQLSTATE ${code}).`
        : `The database is out of reach: ${whyUnreachable(error, 5_000) ?? code}.`,
    }
  }
}

const sampleStatements = async (database: Database, sampleS: number, host: Host): Promise<LiveTexts> => {
  if (sampleS > 2) host.progress(`Looking for ${sampleS} s at what sessions send …`)
  return sampleLiveTexts(database, { forMs: sampleS * 1_000 })
}

const readShare = (text: string | undefined): number => {
  if (text === undefined) return usualLeastShare
  const [, amount] = /^(\d{1,3}(?:\.\d{1,4})?)%$/.exec(text) ?? []
  if (amount === undefined || Number(amount) > 100) throw new UsageError("--least takes a share such as 0.5%.")
  return Number(amount) / 100
}

const readEngine = (text: string): "automatic" | "pglite" | "hypopg" => {
  const found = (["automatic", "pglite", "hypopg"] as const).find((each) => each === text)
  if (found === undefined) throw new UsageError("--engine takes automatic, pglite or hypopg.")
  return found
}

const StatementFile = v.array(
  v.object({
    text: v.string(),
    calls: v.pipe(v.number(), v.minValue(1)),
    totalMs: v.pipe(v.number(), v.minValue(0)),
    queryId: v.optional(v.string()),
  }),
)

const readStatementFile = async (file: string): Promise<readonly StatementStatistics[]> => {
  const fail = (why: string): UsageError => new UsageError(`--statements ${file}: ${why}`)
  const text = await readFile(file, "utf8").catch(() => {
    throw fail("there is no such file.")
  })
  let json: unknown
  try {
    json = JSON.parse(text)
  } catch {
    throw fail("it is no JSON.")
  }
  const parsed = v.safeParse(StatementFile, json)
  if (!parsed.success)
    throw fail(
      `at ${v.getDotPath(parsed.issues[0]) ?? "its root"}: write [{ "text": "SELECT …", "calls": 10, "totalMs": 250 }].`,
    )
  return parsed.output.map(({ text: sql, calls, totalMs, queryId }, index) => ({
    queryId: queryId ?? String(index + 1),
    text: sql,
    calls,
    totalMs,
    meanMs: totalMs / calls,
    sharedBlocksHit: 0,
    sharedBlocksRead: 0,
    tempBlocksWritten: 0,
  }))
}
