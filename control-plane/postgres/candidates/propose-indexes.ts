import { createHash } from "node:crypto"
import type { ExistingIndex, Table } from "../observe/read-tables.ts"
import type { CandidateIndex } from "../what-if.ts"
import type { TableUse } from "./collect-uses.ts"
import { quoteName } from "./syntax-tree.ts"

const mostCandidates = 300
const mostKeys = 4
const covering = { columns: 7, widthBytes: 72 } as const
const smallTableRows = 1_000
const brin = { correlation: 0.9, rows: 100_000 } as const

/** Every index that a way of using a table could be served by, and no existing one serves already; the most wanted first. */
export const proposeIndexes = (uses: readonly TableUse[]): readonly CandidateIndex[] => {
  const found = new Map<string, { readonly candidate: CandidateIndex; wanted: number }>()
  for (const use of uses) {
    if (use.table.rows < smallTableRows) continue
    for (const definition of definitionsFor(use)) {
      const { schema, name } = use.table
      const whole = `ON ${quoteName(schema)}.${quoteName(name)} USING ${definition}`
      const known = found.get(whole)
      if (known !== undefined) known.wanted++
      else
        found.set(whole, {
          candidate: { name: `voltgate_${hash(whole)}`, schema, table: name, definition: whole },
          wanted: 1,
        })
    }
  }
  return [...found.values()]
    .toSorted((a, b) => b.wanted - a.wanted)
    .slice(0, mostCandidates)
    .map(({ candidate }) => candidate)
}

const hash = (text: string): string => createHash("sha256").update(text).digest("hex").slice(0, 10)

const definitionsFor = (use: TableUse): readonly string[] => {
  const { table, fixed } = use
  const trees = keyLists(use).filter((keys) => !isCovered(keys, table.indexes))
  const whole = trees.map((keys) => `btree (${keys.join(", ")})`)
  const partial = fixed.flatMap((condition) => {
    const subject = condition.split(" ")[0] ?? ""
    // What the condition fixes needs no column of its own.
    const bare = keyLists(use).map((keys) =>
      keys.filter((key) => bareKey(key) !== subject && bareKey(key) !== condition.replace(/^NOT /, "")),
    )
    const kept = [
      ...bare.filter((keys) => keys.length > 0),
      ...(bare.length === 0 ? [[subject.replace(/^NOT$/, condition.slice(4))]] : []),
    ]
    return kept.slice(0, 6).map((keys) => `btree (${keys.join(", ")}) WHERE ${condition}`)
  })
  return [...new Set([...whole, ...coveringOf(use, trees), ...partial, ...otherMethods(use)])]
}

/** Keys in the orders that help: what is equal first (and what is joined, in both places), then what is ordered or one range. */
const keyLists = (use: TableUse): readonly (readonly string[])[] => {
  const equal = bySelectivity(use.equal, use.table)
  const joined = use.joined
  const heads = unique([
    equal,
    ...joined.map((key) => [key, ...equal]),
    ...joined.map((key) => [...equal, key]),
    [...equal, ...joined],
    ...equal.map((key) => [key]),
    ...joined.map((key) => [key]),
    [],
  ])
  const order = orderKeys(use.ordered)
  const tails = unique([
    [],
    ...use.ranged.map((key) => [key]),
    ...use.prefixed.map((key) => [`${key} text_pattern_ops`]),
    ...(order.length === 0 ? [] : [order]),
    ...(use.grouped.length === 0 ? [] : [[...use.grouped]]),
  ])
  return unique(
    heads.flatMap((head) =>
      tails.map((tail) => {
        const known = new Set(head.map(bareKey))
        return [...head, ...tail.filter((key) => !known.has(bareKey(key)))].slice(0, mostKeys)
      }),
    ),
  ).filter((keys) => keys.length > 0)
}

/** An index is read backwards as well: an order that descends throughout is the one that ascends, and serves ranges of others. */
const orderKeys = (ordered: TableUse["ordered"]): readonly string[] =>
  ordered.every(({ suffix }) => suffix === " DESC")
    ? ordered.map(({ key }) => key)
    : ordered.map(({ key, suffix }) => `${key}${suffix}`)

const bySelectivity = (keys: readonly string[], table: Table): readonly string[] => {
  const distinctOf = (key: string): number => {
    const distinct = table.columns.find(({ name }) => quoteName(name) === key)?.distinct ?? -1
    return distinct < 0 ? -distinct * table.rows : distinct
  }
  return keys.toSorted((a, b) => distinctOf(b) - distinctOf(a))
}

const unique = (lists: readonly (readonly string[])[]): readonly (readonly string[])[] => [
  ...new Map(lists.map((each) => [each.join("\0"), each])).values(),
]

/** A key without direction and operator class. */
const bareKey = (key: string): string => key.replace(/( DESC| ASC| NULLS FIRST| NULLS LAST| text_pattern_ops)+$/, "")

/** Whether an existing index begins with the same keys. */
const isCovered = (keys: readonly string[], indexes: readonly ExistingIndex[]): boolean =>
  indexes.some(
    (index) =>
      index.method === "btree" && !index.isPartial && keys.every((key, at) => sameKey(index.keys[at] ?? "", key)),
  )

const sameKey = (existing: string, wanted: string): boolean => normalize(existing) === normalize(wanted)
const normalize = (key: string): string => key.replaceAll(/[()\s]|::text/g, "").toLowerCase()

/** The same with what the statement reads besides, so that the table need not be visited, where that stays narrow. */
const coveringOf = ({ table, mentioned }: TableUse, lists: readonly (readonly string[])[]): readonly string[] => {
  if (mentioned === undefined || mentioned.size === 0 || mentioned.size > covering.columns) return []
  const columns = table.columns.filter(({ name }) => mentioned.has(name))
  if (columns.reduce((sum, { averageWidthBytes }) => sum + averageWidthBytes, 0) > covering.widthBytes) return []
  return lists.flatMap((keys) => {
    const included = columns
      .map(({ name }) => quoteName(name))
      .filter((name) => !keys.some((key) => bareKey(key) === name))
    return included.length === 0 || included.length === columns.length
      ? []
      : [`btree (${keys.join(", ")}) INCLUDE (${included.join(", ")})`]
  })
}

const otherMethods = ({ table, contained, ranged }: TableUse): readonly string[] => [
  ...contained.flatMap(({ column, operator }) => {
    const key = quoteName(column.name)
    if (column.type === "jsonb")
      return operator === "@>" || operator === "@@" || operator === "@?"
        ? [`gin (${key} jsonb_path_ops)`, `gin (${key})`]
        : [`gin (${key})`]
    return column.category === "A" || column.type === "tsvector" ? [`gin (${key})`] : []
  }),
  ...ranged.flatMap((key) => {
    const column = table.columns.find(({ name }) => quoteName(name) === key)
    const isOrdered = column !== undefined && Math.abs(column.correlation) > brin.correlation && table.rows >= brin.rows
    return isOrdered && !table.indexes.some(({ method, keys }) => method === "brin" && keys[0] === key)
      ? [`brin (${key})`]
      : []
  }),
]
