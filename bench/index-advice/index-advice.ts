/**
 * What indexes that are advised are worth, by running the workload with them. How not to be fooled:
 * - The workload is our own, written by those who wrote the rules: 18 kinds of statement of a small software company, by weight.
 * - Time is the server's own, of reads, by pg_stat_statements: one connection, no parallel workers, and the server's own memory holds
 *   all tables and indexes, so it is nearly CPU. With less memory each page that is missing is a call of the system, which those pay
 *   most who need few pages from everywhere.
 * - Each list of indexes is built on the same data, analyzed, and dropped again before the next.
 * - Lists of other tools are given by path (`--data FOLDER`, `*.sql`, CREATE INDEX statements); none is part of this repository.
 * - A million rows unless told otherwise (`--seconds 40` is four million): scans grow with the rows, and with them the gain.
 */
import { Client } from "pg"
import { createSaas, saasRows } from "../../dev/postgres-workload/create-saas.ts"
import { runShapes } from "../../dev/postgres-workload/run-shapes.ts"
import { saasShapes } from "../../dev/postgres-workload/saas-shapes.ts"
import { startPostgres } from "../../dev/postgres/start-postgres.ts"
import { seeded } from "../../dev/scale-demo/random.ts"
import type { Bench } from "../bench.ts"
import { conditionsNow, formatRows, row } from "../report.ts"
import type { Row } from "../report.ts"
import { adviseOurs, runSampled } from "./advise-ours.ts"
import { build, dropAll, firstRule, readLists } from "./index-lists.ts"

const rowsPerSecond = 100_000
/** Twice what tables and indexes take. */
const memoryBytesPerRow = 500
const calls = 290
/** 260 MB at four million rows. */
const budgetBytesPerRow = 65

export const indexAdvice: Bench = {
  name: "index-advice",
  about: "what advised indexes save when they are built: none, the first rule, ours, lists by path (--data <folder>)",
  seconds: 10,
  quickSeconds: 1,
  run: async ({ seconds, data, onProgress }) => {
    const total = Math.round(seconds * rowsPerSecond)
    await using server = await startPostgres(18, {
      autovacuum: "off",
      max_parallel_workers_per_gather: "0",
      shared_buffers: `${Math.ceil((memoryBytesPerRow * total) / 1e6)}MB`,
    })
    const client = new Client({ connectionString: server.url })
    await client.connect()
    try {
      await createSaas(client, total, onProgress)
      onProgress("running without indexes")
      const { result: none, liveTexts } = await runSampled(server.url, () => measure(client, total))
      onProgress("asking for advice")
      const budgetBytes = budgetBytesPerRow * total
      const { ours, adviceMs, candidates } = await adviseOurs(server.url, budgetBytes, liveTexts)
      const rows: Row[] = [row("no index: reads", none.readMs, "ms")]
      const notes: string[] = []
      for (const list of [await firstRule(server.url), ours, ...(await readLists(data))]) {
        const { name, statements } = list
        onProgress(`building ${statements.length} indexes: ${name}`)
        const { sizeBytes, walBytes } = await build(client, list)
        const measured = await measure(client, total)
        const dearer = slower(none.byStatement, measured.byStatement)
        notes.push(...dearer.map((query) => `${name}: slower: ${query}`))
        const goal = (target: number) => (list === ours ? { target } : {})
        rows.push(
          row(`${name}: reads, of those without`, (100 * measured.readMs) / none.readMs, "%", goal(0.5)),
          row(`${name}: indexes`, statements.length, ""),
          row(`${name}: size`, sizeBytes / 1e6, "MB", goal(budgetBytes / 1e6)),
          row(`${name}: WAL to build`, walBytes / 1e6, "MB"),
          row(`${name}: statements more than 10 % slower`, dearer.length, "", goal(0)),
        )
        await dropAll(client)
      }
      rows.push(row(`time to advise, ${candidates} candidates`, adviceMs / 1_000, "s", { target: 5 }))
      const note = `\n\n${[`${total.toLocaleString("en-US")} rows, ${calls} calls by weight.`, ...notes].join("\n")}`
      return { report: { bench: "index-advice", conditions: conditionsNow(), rows }, text: formatRows(rows) + note }
    } finally {
      await client.end()
    }
  },
}

/** Server time of all reads by statement, in milliseconds, for the same calls each time. */
const measure = async (client: Client, total: number) => {
  const rows = saasRows(total)
  // Once to warm up, so that no variant pays for the others' reading.
  await runShapes(client, saasShapes, rows, { calls: 20, random: seeded(2) })
  await client.query("SELECT pg_stat_statements_reset()")
  await runShapes(client, saasShapes, rows, { calls, random: seeded(1) })
  const { rows: found } = await client.query<{ query: string; ms: number; mean: number }>(
    "SELECT query, total_exec_time AS ms, mean_exec_time AS mean FROM pg_stat_statements WHERE query ILIKE 'select%' AND query ~ 'FROM (users|orders|events|tasks)'",
  )
  return {
    readMs: found.reduce((sum, { ms }) => sum + ms, 0),
    byStatement: new Map(found.map(({ query, mean }) => [query, mean])),
  }
}

/** Less than this is noise of the clock. */
const leastMs = 0.5
const slower = (before: ReadonlyMap<string, number>, after: ReadonlyMap<string, number>): readonly string[] =>
  [...after]
    .filter(([query, mean]) => mean > leastMs && mean > 1.1 * (before.get(query) ?? mean))
    .map(([query]) => query)
