/**
 * How long advice takes: 20 statements over ten tables, for which there are 300 candidates. How not to be fooled:
 * - `voltgate db advise` is run as a person would, each time in a process of its own: with starting it and the planner.
 * - It looks for a second at what sessions send, and starts the planner meanwhile; that second is taken off, as it takes as long as
 *   one asks for.
 * - Each engine advises three times; the median counts. The empty cluster that a machine keeps is there after a first that does not count.
 */
import { execFile } from "node:child_process"
import { fileURLToPath } from "node:url"
import { promisify } from "node:util"
import { Client } from "pg"
import * as v from "valibot"
import { startPostgres } from "../../dev/postgres/start-postgres.ts"
import type { Bench } from "../bench.ts"
import { conditionsNow, formatRows, row } from "../report.ts"
import type { Row } from "../report.ts"

const tables = 10
const columns = 12
const rowsOfTable = 50_000
const runs = 3
const sampleMs = 1_000
const program = fileURLToPath(new URL("../../control-plane/voltgate.mjs", import.meta.url))

export const adviceTime: Bench = {
  name: "advice-time",
  about: "how long advice takes for 300 candidates and 20 statements",
  seconds: 10,
  quickSeconds: 1,
  run: async ({ seconds, onProgress }) => {
    await using server = await startPostgres(18, { autovacuum: "off" })
    const client = new Client({ connectionString: server.url })
    await client.connect()
    try {
      onProgress("filling tables")
      await fill(client)
      onProgress("running 20 statements")
      await ask(client, Math.ceil(3 * seconds))
      const rows: Row[] = []
      for (const engine of ["automatic", "pglite"] as const) {
        const times: number[] = []
        for (let run = 0; run <= runs; run++) {
          onProgress(`asking for advice: ${engine}`)
          const { elapsedS, statements, candidates, plans } = await timeAdvice(server.url, engine)
          if (run > 0) times.push(elapsedS)
          if (run === runs) rows.push(...toRows(engine, times, { statements, candidates, plans }))
        }
      }
      return { report: { bench: "advice-time", conditions: conditionsNow(), rows }, text: formatRows(rows) }
    } finally {
      await client.end()
    }
  },
}

const named = { automatic: "a server's programs", pglite: "PGlite" } as const

const toRows = (
  engine: keyof typeof named,
  times: readonly number[],
  counts: { readonly statements: number; readonly candidates: number; readonly plans: number },
): readonly Row[] => {
  const sorted = times.toSorted((a, b) => a - b)
  return [
    row(`${named[engine]}: time to advise, median`, sorted[Math.floor(sorted.length / 2)] ?? Number.NaN, "s", {
      target: 5,
    }),
    row(`${named[engine]}: longest`, sorted.at(-1) ?? Number.NaN, "s"),
    row(`${named[engine]}: statements`, counts.statements, ""),
    row(`${named[engine]}: candidates`, counts.candidates, ""),
    row(`${named[engine]}: plans asked for`, counts.plans, ""),
  ]
}

const Told = v.object({
  statements: v.object({ weighed: v.number() }),
  candidates: v.object({ considered: v.number(), plans: v.number() }),
})

const timeAdvice = async (url: string, engine: keyof typeof named) => {
  const advise = ["db", "advise", "--json", "--url", url, "--engine", engine]
  const options = ["--sample", `${sampleMs / 1_000}s`, "--budget", "100MB", "--least", "0.1%"]
  const startedAt = performance.now()
  const { stdout } = await promisify(execFile)(process.execPath, [program, ...advise, ...options])
  const elapsedMs = performance.now() - startedAt - sampleMs
  const { statements, candidates } = v.parse(Told, JSON.parse(stdout))
  return {
    elapsedS: elapsedMs / 1_000,
    statements: statements.weighed,
    candidates: candidates.considered,
    plans: candidates.plans,
  }
}

/** Numbers of few to many values in every table, a time and a text. */
const fill = async (client: Client): Promise<void> => {
  const each = Array.from({ length: columns }, (_, column) => column)
  for (let table = 0; table < tables; table++) {
    const names = each.map((column) => `c${column} int`).join(", ")
    const values = each.map(
      (column) =>
        `(hashint4(g * ${column + 3} + ${table}) & 2147483647) % ${10 ** (1 + (column % 4)) * (1 + (column % 3))}`,
    )
    await client.query(`CREATE TABLE t${table} (id bigint PRIMARY KEY, ${names}, at timestamptz, label text)`)
    await client.query(
      `INSERT INTO t${table} SELECT g, ${values.join(", ")}, now() - g * interval '1 minute', 's' || g % 1000 FROM generate_series(1, ${rowsOfTable}) g`,
    )
  }
  await client.query("VACUUM ANALYZE")
  await client.query("SELECT pg_stat_statements_reset(), pg_stat_reset()")
}

/** Two statements a table: the newest of some rows, and a join with the next table. */
const ask = async (client: Client, calls: number): Promise<void> => {
  for (let table = 0; table < tables; table++) {
    const [a, b] = [`t${table}`, `t${(table + 1) % tables}`]
    const newest = `SELECT * FROM ${a} WHERE c0 = $1 AND c1 = $2 AND c3 > $3 AND label = $4 ORDER BY at DESC LIMIT 20`
    const joined = `SELECT ${a}.c5, count(*) FROM ${a} JOIN ${b} ON ${b}.c7 = ${a}.c3 AND ${b}.c2 = ${a}.c6
      WHERE ${a}.c4 = $1 AND ${a}.c8 BETWEEN $2 AND $3 AND ${b}.c10 = $4 AND ${b}.at > $5 GROUP BY ${a}.c5 ORDER BY ${a}.c5`
    for (let call = 0; call < calls; call++) {
      await client.query(newest, [call % 10, 3 * call, 100, `s${call}`])
      await client.query(joined, [call, 10 * call, 10 * call + 30, call, new Date(Date.now() - 1e9)])
    }
  }
}
