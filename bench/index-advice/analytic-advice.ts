/**
 * What advised indexes do for analysts' questions: joins of up to six tables over months of data. How not to be fooled:
 * - Tables and questions are our own, in the manner of TPC-H; neither is TPC-H's.
 * - Advice is given by one drawing of the constants, and measured by another.
 * - Each question is run with two drawings, each four times without and with what was built, in turn, so that whatever drifts
 *   hits both; the fastest counts. All is in memory, without parallel workers.
 * - `--seconds 20` is scale 0.2: 300,000 orders, 1.2 million lines. Lists of other tools by path, as in `index-advice`.
 */
import { Client } from "pg"
import { startPostgres } from "../../dev/postgres/start-postgres.ts"
import { seeded } from "../../dev/scale-demo/random.ts"
import type { Bench } from "../bench.ts"
import { conditionsNow, formatRows, row } from "../report.ts"
import type { Row } from "../report.ts"
import { loadData } from "../what-if/load-data.ts"
import { adviseOurs, runSampled } from "./advise-ours.ts"
import { analyticQueries } from "./analytic-queries.ts"
import { asIfNotBuilt, build, databaseBytes, dropAll, firstRule, readLists } from "./index-lists.ts"

const scalePerSecond = 0.01
/** Of the tables' size, what indexes may take. */
const budgetShare = 0.5
const drawings = 2
const repeats = 4

export const analyticAdvice: Bench = {
  name: "analytic-advice",
  about: "the same for joins over a trading company's tables, by the geometric mean of what got faster",
  seconds: 10,
  quickSeconds: 1,
  run: async ({ seconds, data, onProgress }) => {
    await using server = await startPostgres(18, {
      autovacuum: "off",
      max_parallel_workers_per_gather: "0",
      shared_buffers: "1GB",
      work_mem: "64MB",
    })
    const client = new Client({ connectionString: server.url })
    await client.connect()
    try {
      onProgress("filling tables")
      await loadData({ query: async (sql) => (await client.query(sql)).rows }, seconds * scalePerSecond)
      await client.query("SELECT pg_stat_reset()")
      await client.query("SELECT pg_stat_statements_reset()")
      onProgress("running without indexes")
      const { liveTexts } = await runSampled(server.url, () => runAll(client, 1))
      onProgress("asking for advice")
      const budgetBytes = budgetShare * (await databaseBytes(client))
      const { ours, adviceMs, candidates } = await adviseOurs(server.url, budgetBytes, liveTexts)
      const rows: Row[] = []
      const slower: string[] = []
      for (const list of [await firstRule(server.url), ours, ...(await readLists(data))]) {
        const { name, statements } = list
        onProgress(`building ${statements.length} indexes: ${name}`)
        const { sizeBytes } = await build(client, list)
        const measured = await measure(client, 2)
        const speedUps = measured.map((ms) => ms.without / ms.with)
        const goal = (target: number) => (list === ours ? { target } : {})
        rows.push(
          row(`${name}: geometric mean of speed-ups`, geometricMean(speedUps), "×"),
          row(
            `${name}: time, of that without`,
            (100 * sum(measured.map((ms) => ms.with))) / sum(measured.map((ms) => ms.without)),
            "%",
          ),
          row(`${name}: more than 10 % slower`, slowerThan(name, speedUps).length, "", goal(0)),
          row(`${name}: least speed-up`, Math.min(...speedUps), "×"),
          row(`${name}: indexes`, statements.length, ""),
          row(`${name}: size`, sizeBytes / 1e6, "MB", goal(budgetBytes / 1e6)),
        )
        slower.push(...slowerThan(name, speedUps))
        await dropAll(client)
      }
      rows.push(row(`time to advise, ${candidates} candidates`, adviceMs / 1_000, "s", { target: 5 }))
      const note = `\n\nScale ${seconds * scalePerSecond}, ${analyticQueries.length} questions.${slower.map((line) => `\n${line}`).join("")}`
      return { report: { bench: "analytic-advice", conditions: conditionsNow(), rows }, text: formatRows(rows) + note }
    } finally {
      await client.end()
    }
  },
}

const runAll = async (client: Client, seed: number): Promise<void> => {
  const random = seeded(seed)
  for (const { sql } of analyticQueries) {
    for (let drawing = 0; drawing < drawings; drawing++) {
      const text = sql(random)
      for (let repeat = 0; repeat < repeats; repeat++) await client.query(text)
    }
  }
}

interface Milliseconds {
  readonly without: number
  readonly with: number
}

/** Of each question, in their order: without what was built, and with it. */
const measure = async (client: Client, seed: number): Promise<readonly Milliseconds[]> => {
  const random = seeded(seed)
  const times: Milliseconds[] = []
  for (const { sql } of analyticQueries) {
    const total = { without: 0, with: 0 }
    for (let drawing = 0; drawing < drawings; drawing++) {
      const least = await leastOf(client, sql(random))
      total.without += least.without
      total.with += least.with
    }
    times.push(total)
  }
  return times
}

const leastOf = async (client: Client, sql: string): Promise<Milliseconds> => {
  const least = { without: Number.POSITIVE_INFINITY, with: Number.POSITIVE_INFINITY }
  for (let repeat = 0; repeat < repeats; repeat++) {
    least.without = Math.min(least.without, await asIfNotBuilt(client, () => timeOf(client, sql)))
    least.with = Math.min(least.with, await timeOf(client, sql))
  }
  return least
}

const slowerThan = (list: string, speedUps: readonly number[]): readonly string[] =>
  analyticQueries.flatMap(({ name }, at) => {
    const speedUp = speedUps[at] ?? 1
    return speedUp < 1 / 1.1 ? [`${list}: "${name}" is slower, ${speedUp.toFixed(2)} ×`] : []
  })

const timeOf = async (client: Client, sql: string): Promise<number> => {
  const startedAt = performance.now()
  await client.query(sql)
  return performance.now() - startedAt
}

const sum = (values: readonly number[]): number => values.reduce((total, each) => total + each, 0)
const geometricMean = (values: readonly number[]): number => Math.exp(sum(values.map(Math.log)) / values.length)
