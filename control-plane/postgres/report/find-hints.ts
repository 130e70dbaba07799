import type { Hint } from "../change.ts"
import type { Health, IndexHealth, TableHealth } from "../observe/read-health.ts"
import type { Table } from "../observe/read-tables.ts"
import { quoteName } from "../candidates/syntax-tree.ts"
import { showBytes } from "../apply/show-bytes.ts"

const small = 1_000
const staleShare = 0.1
const deadShare = 0.2
const nearWraparound = 0.5
const unusedBytes = 100 * 1_048_576

const nameOf = ({ schema, name }: { readonly schema: string; readonly name: string }): string =>
  `${quoteName(schema)}.${quoteName(name)}`

/** What a person should look at, each with its evidence; nothing here is carried out. */
export const findHints = (health: Health, tables: readonly Table[]): readonly Hint[] => [
  ...health.tables.flatMap(tableHints),
  ...indexHints(health.indexes),
  ...settingHints(health),
  ...tables.flatMap(firstRuleHints),
]

const tableHints = (table: TableHealth): readonly Hint[] => {
  const { liveRows, deadRows, changedSinceAnalyze, analyzedDaysAgo, ageShare } = table
  const subject = nameOf(table)
  const hints: Hint[] = []
  if (liveRows >= small && analyzedDaysAgo === undefined) {
    hints.push({
      topic: "statistics",
      subject,
      message: `has ${liveRows} rows and no statistics: the planner guesses.`,
      cure: `ANALYZE ${subject}`,
    })
  } else if (liveRows >= small && changedSinceAnalyze > staleShare * liveRows) {
    hints.push({
      topic: "statistics",
      subject,
      message: `${changedSinceAnalyze} of ${liveRows} rows changed since its statistics were made.`,
      cure: `ANALYZE ${subject}`,
    })
  }
  if (liveRows >= small && deadRows > deadShare * liveRows) {
    hints.push({
      topic: "bloat",
      subject,
      message: `${deadRows} dead rows beside ${liveRows} living ones: autovacuum does not keep up.`,
      cure: `ALTER TABLE ${subject} SET (autovacuum_vacuum_scale_factor = 0.02)`,
    })
  }
  if (ageShare > nearWraparound) {
    hints.push({
      topic: "autovacuum",
      subject,
      message: `its oldest transaction is ${Math.round(100 * ageShare)} % of the way to a forced vacuum.`,
      cure: `VACUUM (FREEZE) ${subject}`,
    })
  }
  return hints
}

const indexHints = (indexes: readonly IndexHealth[]): readonly Hint[] =>
  indexes.flatMap((index, at): readonly Hint[] => {
    const subject = nameOf(index)
    if (!index.isValid) {
      return [
        {
          topic: "index",
          subject,
          message: `is invalid: a build of it was cut, and it serves nobody (${showBytes(index.sizeBytes)}).`,
          cure: `DROP INDEX CONCURRENTLY ${subject}`,
        },
      ]
    }
    const twin = indexes
      .slice(0, at)
      .find((other) => other.schema === index.schema && other.definition === index.definition)
    if (twin !== undefined && !index.isConstraint) {
      return [
        {
          topic: "index",
          subject,
          message: `is the same as ${quoteName(twin.name)}, and takes ${showBytes(index.sizeBytes)} more.`,
          cure: `DROP INDEX CONCURRENTLY ${subject}`,
        },
      ]
    }
    if (index.scans === 0 && index.sizeBytes > unusedBytes && !index.isConstraint) {
      return [
        {
          topic: "index",
          subject,
          message: `was not used since the statistics were reset, and takes ${showBytes(index.sizeBytes)}. Replicas may use it: look there too.`,
        },
      ]
    }
    return []
  })

const settingHints = ({ settings, hitShare }: Health): readonly Hint[] => {
  const hints: Hint[] = []
  const say = (subject: string, message: string, cure: string): void =>
    void hints.push({ topic: "setting", subject, message, cure })
  if (settings["track_io_timing"] === "off")
    say("track_io_timing", "is off, so nobody knows what reading costs.", "ALTER SYSTEM SET track_io_timing = on")
  if (settings["random_page_cost"] === "4")
    say(
      "random_page_cost",
      "is 4, which is right for spinning disks; on SSDs plans avoid indexes for it.",
      "ALTER SYSTEM SET random_page_cost = 1.1",
    )
  if (settings["autovacuum"] === "off")
    say("autovacuum", "is off: dead rows stay, and statistics grow old.", "ALTER SYSTEM SET autovacuum = on")
  if (settings["shared_buffers"] === "16384 × 8kB" && hitShare !== undefined && hitShare < 0.95) {
    say(
      "shared_buffers",
      `is 128 MB, and ${Math.round(100 * hitShare)} % of blocks are found there.`,
      "ALTER SYSTEM SET shared_buffers = '25% of memory'",
    )
  }
  return hints
}

const firstRule = { distinct: 100, correlation: 0.1 } as const

/** The rule that Voltgate began with, by a column's looks. It stays as a hint: what is built is decided by planning. */
export const firstRuleHints = (table: Table): readonly Hint[] =>
  firstRuleColumns(table).map((column) => ({
    topic: "index" as const,
    subject: `${nameOf(table)} (${quoteName(column)})`,
    message:
      "has many values in no order, which an index may serve, if statements ask by it: `voltgate db advise` weighs that.",
  }))

export const firstRuleColumns = ({ columns, rows, indexes }: Table): readonly string[] =>
  rows < small
    ? []
    : columns
        .filter(({ distinct, correlation, type }) => {
          const values = distinct < 0 ? -distinct * rows : distinct
          return values > firstRule.distinct && Math.abs(correlation) < firstRule.correlation && type !== "jsonb"
        })
        .map(({ name }) => name)
        .filter((name) => !indexes.some(({ keys }) => keys[0] === quoteName(name)))
