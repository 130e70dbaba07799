import { openWhatIf } from "../../control-plane/postgres/weigh/open-what-if.ts"
import { startSource } from "../../control-plane/postgres/weigh/testing.ts"
import type { Bench } from "../bench.ts"
import { conditionsNow, formatRows, formatTable, row } from "../report.ts"
import type { Row } from "../report.ts"
import { compareIndexes } from "./compare.ts"
import type { Comparison } from "./compare.ts"
import { expressionIndexes, indexes } from "./indexes.ts"
import { loadData } from "./load-data.ts"
import { expressionQueries, queries } from "./queries.ts"

const runs = [
  { major: 18, engine: "automatic", name: "18, by its own programs" },
  { major: 18, engine: "pglite", name: "18, by PGlite" },
  { major: 14, engine: "automatic", name: "14, by its own programs" },
  { major: 14, engine: "pglite", name: "14, by PGlite of 18" },
] as const

/** Scale of the data for a second of the bench's measure. */
const scalePerSecond = 0.01

export const whatIf: Bench = {
  name: "what-if",
  about: "how near planning with indexes that do not exist comes to the database with them built",
  seconds: 10,
  quickSeconds: 1,
  run: async ({ seconds, onProgress }) => {
    const rows: Row[] = []
    const tables: string[] = []
    for (const major of [18, 14] as const) {
      await using source = await startSource(major)
      onProgress(`Postgres ${major}: loads data at scale ${seconds * scalePerSecond}`)
      await loadData(source.database, seconds * scalePerSecond)
      for (const { name, engine } of runs.filter((run) => run.major === major)) {
        onProgress(
          `${name}: compares ${indexes.length + expressionIndexes.length} indexes with ${queries.length + expressionQueries.length} queries`,
        )
        const openedAt = performance.now()
        await using planner = await openWhatIf(source.database, [...indexes, ...expressionIndexes], { engine })
        const openMs = performance.now() - openedAt
        const plain = await compareIndexes(source.database, planner, indexes, queries, { analyzes: false })
        rows.push(...summarize(name, plain, planner.exactness.exact), row(`${name}: opened in`, openMs, "ms"))
        tables.push(`${name}:\n${worst(plain)}`)
        if (!planner.exactness.exact) continue
        // Last, as it draws new statistics.
        const computed = await compareIndexes(source.database, planner, expressionIndexes, expressionQueries, {
          analyzes: true,
        })
        rows.push(
          row(`${name}: expressions, same plan`, 100 * share(computed.pairs, ({ isSamePlan }) => isSamePlan), "%"),
          row(
            `${name}: expressions, cost error, mean`,
            100 * mean(computed.pairs.map(({ costError }) => costError)),
            "%",
          ),
        )
        await source.database.query("ANALYZE")
      }
    }
    return {
      report: { bench: "what-if", conditions: conditionsNow(), rows },
      text: `${formatRows(rows)}\n\n${tables.join("\n\n")}`,
    }
  },
}

const summarize = (name: string, { pairs, sizes }: Comparison, isExact: boolean): readonly Row[] => {
  const goal = <T>(bounds: T): T | undefined => (isExact ? bounds : undefined)
  const errors = pairs.map(({ costError }) => 100 * costError)
  const sizeErrors = sizes.map(({ bytes, realBytes }) => (100 * Math.abs(bytes - realBytes)) / realBytes)
  const used = pairs.filter(({ isUsed }) => isUsed)
  const without = pairs.filter(({ index }) => index === "none")
  return [
    row(`${name}: indexes`, sizes.length, ""),
    row(`${name}: plans compared`, pairs.length, ""),
    row(`${name}: same plan`, 100 * share(pairs, ({ isSamePlan }) => isSamePlan), "%", goal({ atLeast: 98 })),
    row(`${name}: cost error, mean`, mean(errors), "%", goal({ target: 0.1 })),
    row(`${name}: cost error, max`, Math.max(...errors), "%", goal({ target: 2 })),
    row(`${name}: cost error without an index, max`, 100 * Math.max(...without.map(({ costError }) => costError)), "%"),
    row(`${name}: plans that use the index`, used.length, ""),
    row(`${name}: same plan, of those`, 100 * share(used, ({ isSamePlan }) => isSamePlan), "%"),
    row(`${name}: cost error of those, mean`, 100 * mean(used.map(({ costError }) => costError)), "%"),
    row(`${name}: size error, median`, median(sizeErrors), "%", goal({ target: 2 })),
    row(`${name}: size error, max`, Math.max(...sizeErrors), "%"),
  ]
}

/** What differs most, for people. */
const worst = ({ pairs, sizes }: Comparison): string => {
  const wrong = pairs
    .filter(({ isSamePlan, costError }) => !isSamePlan || costError > 0.01)
    .toSorted((a, b) => b.costError - a.costError)
    .slice(0, 12)
  const percent = (part: number): string => `${(100 * part).toFixed(2)} %`
  return [
    formatTable(
      ["index and query", "cost error", "same plan"],
      wrong.map(({ index, query, costError, isSamePlan }) => [
        `${index}: ${query.slice(0, 80)}`,
        percent(costError),
        isSamePlan ? "yes" : "NO",
      ]),
    ),
    formatTable(
      ["index", "real pages", "estimated", "error"],
      sizes
        .filter(({ bytes, realBytes }) => Math.abs(bytes - realBytes) > realBytes / 50)
        .map(({ index, bytes, realBytes }) => [
          index,
          String(realBytes / 8192),
          String(bytes / 8192),
          percent((bytes - realBytes) / realBytes),
        ]),
    ),
  ].join("\n")
}

const share = <T>(items: readonly T[], test: (item: T) => boolean): number => items.filter(test).length / items.length
const mean = (numbers: readonly number[]): number => numbers.reduce((sum, each) => sum + each, 0) / numbers.length
const median = (numbers: readonly number[]): number => numbers.toSorted((a, b) => a - b)[numbers.length >> 1] ?? 0
