import { quoteName } from "../candidates/syntax-tree.ts"
import type { Hint } from "../change.ts"
import type { Bloat } from "../observe/bloat/find-bloat.ts"
import type { Health } from "../observe/read-health.ts"
import type { IndexHealth } from "../observe/read-indexes.ts"
import type { ServerHealth } from "../observe/read-server.ts"
import type { Table } from "../observe/read-tables.ts"
import { bloatHints } from "./bloat-hints.ts"
import { indexHints } from "./index-hints.ts"
import type { IndexWatch } from "./index-hints.ts"
import { settingHints } from "./setting-hints.ts"
import { tableHints } from "./table-hints.ts"

const small = 1_000

export interface Observed {
  readonly health: Health
  readonly server: ServerHealth
  readonly bloat: readonly Bloat[]
  readonly indexes: readonly IndexHealth[]
  readonly tables: readonly Table[]
  readonly watch: IndexWatch
  readonly memoryBytes?: number
}

/** What a person should look at, each with its evidence, and with a change where `apply` can carry it out. */
export const findHints = ({
  health,
  server,
  bloat,
  indexes,
  tables,
  watch,
  memoryBytes,
}: Observed): readonly Hint[] => [
  ...health.tables.flatMap(tableHints),
  ...bloatHints(bloat),
  ...indexHints(indexes, watch),
  ...settingHints({
    server,
    ...(health.hitShare === undefined ? {} : { hitShare: health.hitShare }),
    ...(memoryBytes === undefined ? {} : { memoryBytes }),
  }),
  ...tables.flatMap(firstRuleHints),
]

const firstRule = { distinct: 100, correlation: 0.1 } as const

/** The rule that Voltgate began with, by a column's looks. It stays as a hint: what is built is decided by planning. */
export const firstRuleHints = (table: Table): readonly Hint[] =>
  firstRuleColumns(table).map((column) => ({
    topic: "index" as const,
    subject: `${quoteName(table.schema)}.${quoteName(table.name)} (${quoteName(column)})`,
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
