import { mkdtemp, rm, writeFile } from "node:fs/promises"
import { randomBytes } from "node:crypto"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { parseArgs } from "node:util"
import { Client } from "pg"
import type { Host } from "../../control-plane/command.ts"
import { dbCommand } from "../../control-plane/postgres/db-command.ts"
import { createSaas, saasRows } from "../postgres-workload/create-saas.ts"
import { runShapes } from "../postgres-workload/run-shapes.ts"
import type { ShapeTime } from "../postgres-workload/run-shapes.ts"
import { saasShapes } from "../postgres-workload/saas-shapes.ts"
import { startPostgres } from "../postgres/start-postgres.ts"
import { seeded } from "../scale-demo/random.ts"

const help = `Shows a Postgres being advised and changed: a real server of this machine with the tables of a small software company, its
18 kinds of statement before and after, and the very commands that would be run against yours.

  npm run db:demo -- [options]

  --rows N   rows in all (1000000)
  --help     this text`

const calls = 290
/** 260 MB for four million rows. */
const budgetMbPerRow = 260 / 4e6
/** Enough for each kind of statement to be judged by: the rarest are called four times. */
const enoughCalls = 4

const main = async (): Promise<void> => {
  const { values } = parseArgs({ options: { help: { type: "boolean" }, rows: { type: "string", default: "1000000" } } })
  if (values.help === true) return console.log(help)
  const total = Number(values.rows)
  if (!(Number.isSafeInteger(total) && total >= 20_000 && total <= 20_000_000))
    throw new TypeError("--rows takes a number from 20000 to 20000000.")
  const startedAt = performance.now()
  const stop = new AbortController()
  for (const signal of ["SIGINT", "SIGTERM"] as const)
    process.on(signal, () => (stop.signal.aborted ? process.exit(130) : stop.abort()))
  const step = (text: string): void => {
    stop.signal.throwIfAborted()
    console.log(`[${((performance.now() - startedAt) / 1_000).toFixed(0).padStart(3)} s] ${text}`)
  }
  step("Starting Postgres 18 …")
  const stateFolder = await mkdtemp(join(tmpdir(), "voltgate-db-demo-"))
  try {
    await using server = await startPostgres(18)
    const client = new Client({ connectionString: server.url })
    await client.connect()
    try {
      step(`Making ${total.toLocaleString("en-US")} rows …`)
      await createSaas(client, total, (each) => step(`  ${each} …`))
      const rows = saasRows(total)
      const run = (): Promise<readonly ShapeTime[]> => runShapes(client, saasShapes, rows, { calls, random: seeded(1) })
      step(`Running ${calls} statements of 18 kinds, as they come in a day …`)
      const before = await run()
      const voltgate = commandFor(server.url, stateFolder, stop.signal)
      const budget = `${Math.ceil(total * budgetMbPerRow)}MB`
      const file = join(stateFolder, "advice.json")
      step(
        `$ voltgate db advise --budget ${budget} --sample 15s --json > advice.json    # while such statements are sent`,
      )
      const [advice] = await Promise.all([voltgate(`advise --budget ${budget} --sample 15s --json`), run()])
      await writeFile(file, advice)
      step("$ voltgate db apply --from advice.json --max-changes 20    # only shows what it would do")
      console.log(await voltgate(`apply --from ${file} --max-changes 20`))
      step("$ voltgate db apply --from advice.json --yes --max-changes 20")
      console.log(await voltgate(`apply --from ${file} --yes --max-changes 20`))
      step("Running the same statements again …")
      const after = await run()
      step(`$ voltgate db watch --once --min-calls ${enoughCalls}`)
      console.log(await voltgate(`watch --once --min-calls ${enoughCalls}`))
      step("And once more, with what was kept:")
      compare(before, await run(), after)
    } finally {
      await client.end().catch(() => undefined)
    }
  } finally {
    await rm(stateFolder, { recursive: true, force: true })
  }
  step("Done; the server and its data are gone.")
}

const commandFor = (url: string, stateFolder: string, stop: AbortSignal) => {
  const host: Host = {
    environment: { DATABASE_URL: url, VOLTGATE_STATE: stateFolder },
    colors: process.stdout.isTTY,
    nodeVersion: process.versions.node,
    fetch,
    randomBytes: (count) => randomBytes(count),
    progress: (line) => console.error(`        ${line}`),
    print: (line) => console.log(line),
    stop,
  }
  return async (line: string): Promise<string> => {
    const { text, exitCode } = await dbCommand(line.split(" "), host)
    return exitCode === 0 ? text : `${text}\n(exit code ${exitCode})`
  }
}

const compare = (before: readonly ShapeTime[], after: readonly ShapeTime[], first: readonly ShapeTime[]): void => {
  const timeOf = (times: readonly ShapeTime[]): number =>
    times.reduce((sum, { calls: count, meanMs }) => sum + count * meanMs, 0)
  console.log(`\n${"statement".padEnd(28)}  calls   before, ms    after, ms`)
  for (const [index, { name, calls: count, meanMs }] of before.entries()) {
    console.log(
      `${name.padEnd(28)} ${String(count).padStart(6)} ${meanMs.toFixed(2).padStart(12)} ${(after[index]?.meanMs ?? 0).toFixed(2).padStart(12)}`,
    )
  }
  const [all, now, then] = [timeOf(before), timeOf(after), timeOf(first)]
  console.log(
    `${"all".padEnd(28)} ${"".padStart(6)} ${all.toFixed(0).padStart(12)} ${now.toFixed(0).padStart(12)}   ${((100 * now) / all).toFixed(1)} % (${((100 * then) / all).toFixed(1)} % in the first run with them)\n`,
  )
}

try {
  await main()
} catch (error) {
  const isStopped = error instanceof DOMException && error.name === "AbortError"
  console.error(
    isStopped ? "Stopped; the server and its data are gone." : error instanceof TypeError ? error.message : error,
  )
  process.exit(isStopped ? 130 : 1)
}
// What a command left open must not keep the process.
process.exit(0)
