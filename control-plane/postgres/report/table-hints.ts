import { quoteName } from "../candidates/syntax-tree.ts"
import type { ChangeKind, Hint, ProposedChange } from "../change.ts"
import type { TableHealth } from "../observe/read-health.ts"
import { staleStatistics } from "../observe/stale-statistics.ts"

const smallRows = 1_000
const staleShare = 0.1
const deadShare = 0.2
const nearWraparound = 0.5
/** Dead rows are cleared when there are so many in a hundred, in place of the server's usual twenty. */
const promptFactor = 0.02

/** Tables whose statistics are missing or old, whose dead rows stay, or that near a forced vacuum. */
export const tableHints = (table: TableHealth): readonly Hint[] => [
  ...statisticsHints(table),
  ...deadRowHints(table),
  ...wraparoundHints(table),
]

const nameOf = ({ schema, name }: TableHealth): string => `${quoteName(schema)}.${quoteName(name)}`

const statisticsHints = (table: TableHealth): readonly Hint[] => {
  const change = staleStatistics(table, staleShare)
  if (change === undefined) return []
  const { sql, reason } = change
  return [{ topic: "statistics", subject: nameOf(table), message: reason.replace(/^It /, ""), cure: sql, change }]
}

const deadRowHints = (table: TableHealth): readonly Hint[] => {
  const { liveRows, deadRows, vacuumFactor, hasAutovacuum, ownOptions } = table
  if (liveRows < smallRows || deadRows <= deadShare * liveRows) return []
  const counted = `${deadRows} dead rows beside ${liveRows} living ones`
  const set = (option: string, value: string): Pick<ProposedChange, "kind" | "sql" | "inverse"> => {
    const old = ownOptions[option]
    return {
      kind: "set-table-option",
      sql: `ALTER TABLE ${nameOf(table)} SET (${option} = ${value})`,
      inverse: `ALTER TABLE ${nameOf(table)} ${old === undefined ? `RESET (${option})` : `SET (${option} = ${old})`}`,
    }
  }
  if (!hasAutovacuum)
    return [hintOf(table, "autovacuum", `${counted}: autovacuum is off for it.`, set("autovacuum_enabled", "on"))]
  if (vacuumFactor > promptFactor) {
    const message = `${counted}: autovacuum waits for ${Number((100 * vacuumFactor).toPrecision(3))} in a hundred.`
    return [hintOf(table, "autovacuum", message, set("autovacuum_vacuum_scale_factor", String(promptFactor)))]
  }
  const message = `${counted}, though autovacuum should come at once: look for old transactions, and for workers that are all busy.`
  return [{ topic: "autovacuum", subject: nameOf(table), message }]
}

const wraparoundHints = (table: TableHealth): readonly Hint[] =>
  table.ageShare > nearWraparound
    ? [
        {
          topic: "autovacuum",
          subject: nameOf(table),
          message: `its oldest transaction is ${Math.round(100 * table.ageShare)} % of the way to a forced vacuum.`,
          cure: `VACUUM (FREEZE) ${nameOf(table)}`,
        },
      ]
    : []

const hintOf = (
  table: TableHealth,
  topic: Hint["topic"],
  message: string,
  change: { readonly kind: ChangeKind; readonly sql: string; readonly inverse?: string },
): Hint => ({
  topic,
  subject: nameOf(table),
  message,
  cure: change.sql,
  change: {
    ...change,
    schema: table.schema,
    table: table.name,
    reason: message,
    estimate: { queries: [] },
  },
})
