/**
 * What indexes that are advised are worth, by running the workload with them. How not to be fooled:
 * - The workload is our own, written by those who wrote the rules: 18 kinds of statement of a small software company, by weight.
 * - Time is the server's own, of reads, by pg_stat_statements: one connection, all in memory, so it is nearly CPU.
 * - Each list of indexes is built on the same data, analyzed, and dropped again before the next.
 * - Lists of other tools are given by path (`--data FOLDER`, `*.sql`, CREATE INDEX statements); none is part of this repository.
 * - A million rows unless told otherwise (`--seconds 40` is four million): scans grow with the rows, and with them the gain.
 */
import { readdir, readFile } from "node:fs/promises"
import { basename, join } from "node:path"
import { Client } from "pg"
import { advise } from "../../control-plane/postgres/advise/advise.ts"
import { quoteName } from "../../control-plane/postgres/candidates/syntax-tree.ts"
import { openDatabase } from "../../control-plane/postgres/connect/open-database.ts"
import { readStatements } from "../../control-plane/postgres/observe/read-statements.ts"
import { readTables } from "../../control-plane/postgres/observe/read-tables.ts"
import { firstRuleColumns } from "../../control-plane/postgres/report/find-hints.ts"
import { createSaas, saasRows } from "../../dev/postgres-workload/create-saas.ts"
import { runShapes } from "../../dev/postgres-workload/run-shapes.ts"
import { saasShapes } from "../../dev/postgres-workload/saas-shapes.ts"
import { startPostgres } from "../../dev/postgres/start-postgres.ts"
import { seeded } from "../../dev/scale-demo/random.ts"
import type { Bench } from "../bench.ts"
import { conditionsNow, formatRows, row } from "../report.ts"
import type { Row } from "../report.ts"

const rowsPerSecond = 100_000
const calls = 290
/** The published anchors' budget, by the row. */
const budgetBytesPerRow = 260e6 / 4.3e6

interface Variant {
  readonly name: string
  readonly statements: readonly string[]
}

export const indexAdvice: Bench = {
  name: "index-advice",
  about: "what advised indexes save when they are built: none, the first rule, ours, lists by path (--data <folder>)",
  seconds: 10,
  quickSeconds: 1,
  run: async ({ seconds, data, onProgress }) => {
    const total = Math.round(seconds * rowsPerSecond)
    await using server = await startPostgres(18, { autovacuum: "off" })
    const client = new Client({ connectionString: server.url })
    await client.connect()
    try {
      await createSaas(client, total, onProgress)
      const rows: Row[] = []
      onProgress("running without indexes")
      const none = await measure(client, total)
      onProgress("asking for advice")
      const { ours, adviceMs } = await adviseOurs(server.url, total)
      const variants: Variant[] = [
        { name: "first rule", statements: await firstRule(server.url) },
        ours,
        ...(await readLists(data)),
      ]
      rows.push(row("no index: reads", none.readMs, "ms"))
      for (const { name, statements } of variants) {
        onProgress(`building ${statements.length} indexes: ${name}`)
        const before = await databaseBytes(client)
        const walBefore = await walBytes(client)
        for (const sql of statements) await client.query(sql)
        await client.query("ANALYZE")
        const sizeBytes = (await databaseBytes(client)) - before
        const walMb = ((await walBytes(client)) - walBefore) / 1e6
        const measured = await measure(client, total)
        const isOurs = name === ours.name
        rows.push(
          row(
            `${name}: reads, of those without`,
            (100 * measured.readMs) / none.readMs,
            "%",
            isOurs ? { target: 0.5 } : {},
          ),
          row(`${name}: indexes`, statements.length, ""),
          row(`${name}: size`, sizeBytes / 1e6, "MB", isOurs ? { target: (budgetBytesPerRow * total) / 1e6 } : {}),
          row(`${name}: WAL to build`, walMb, "MB"),
          row(
            `${name}: statements more than 10 % slower`,
            slower(none.byStatement, measured.byStatement),
            "",
            isOurs ? { target: 0 } : {},
          ),
        )
        for (const index of await indexNames(client)) await client.query(`DROP INDEX ${index}`)
      }
      rows.push(row("time to advise", adviceMs / 1_000, "s", { target: 5 }))
      const note = `\n\n${total.toLocaleString("en-US")} rows, ${calls} calls by weight.`
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
const slower = (before: ReadonlyMap<string, number>, after: ReadonlyMap<string, number>): number =>
  [...after].filter(([query, mean]) => mean > leastMs && mean > 1.1 * (before.get(query) ?? mean)).length

const adviseOurs = async (
  url: string,
  total: number,
): Promise<{ readonly ours: Variant; readonly adviceMs: number }> => {
  await using database = await openDatabase({ url, purpose: "bench" })
  const statements = await readStatements(database)
  const startedAt = performance.now()
  const { changes } = await advise(
    database,
    statements,
    { budgetBytes: budgetBytesPerRow * total, leastShare: 0.0005, engine: "automatic", onProgress: () => undefined },
    Date.now,
  )
  return { ours: { name: "ours", statements: changes.map(({ sql }) => sql) }, adviceMs: performance.now() - startedAt }
}

const firstRule = async (url: string): Promise<readonly string[]> => {
  await using database = await openDatabase({ url, purpose: "bench" })
  const tables = await readTables(database)
  return tables.flatMap((table) =>
    firstRuleColumns(table).map(
      (column) => `CREATE INDEX ON ${quoteName(table.schema)}.${quoteName(table.name)} (${quoteName(column)})`,
    ),
  )
}

const readLists = async (folder: string | undefined): Promise<readonly Variant[]> => {
  if (folder === undefined) return []
  const files = (await readdir(folder)).filter((file) => file.endsWith(".sql")).toSorted()
  return Promise.all(
    files.map(async (file) => ({
      name: basename(file, ".sql"),
      statements: (await readFile(join(folder, file), "utf8"))
        .split(";")
        .map((sql) => sql.trim())
        .filter((sql) => /^create\s+index/i.test(sql)),
    })),
  )
}

const databaseBytes = async (client: Client): Promise<number> =>
  one(client, "SELECT pg_database_size(current_database()) AS value")
const walBytes = async (client: Client): Promise<number> =>
  one(client, "SELECT pg_wal_lsn_diff(pg_current_wal_lsn(), '0/0') AS value")

const one = async (client: Client, sql: string): Promise<number> =>
  Number((await client.query<{ value: unknown }>(sql)).rows[0]?.value)

/** All indexes but those of constraints. */
const indexNames = async (client: Client): Promise<readonly string[]> => {
  const { rows } = await client.query<{ name: string }>(
    "SELECT i.indexrelid::regclass::text AS name FROM pg_index i JOIN pg_class c ON c.oid = i.indrelid WHERE c.relnamespace = 'public'::regnamespace AND NOT i.indisprimary",
  )
  return rows.map(({ name }) => name)
}
