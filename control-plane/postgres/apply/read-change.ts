import { parse } from "pgsql-parser"
import * as v from "valibot"
import type { ProposedChange } from "../change.ts"

/** A change that must not be carried out; the message says why. */
export class RefusedChange extends Error {
  override readonly name = "RefusedChange"
}

/** Names of what we make; nothing else is ever taken for ours. */
export const ownPrefix = "voltgate_"

const relation = v.object({
  schemaname: v.optional(v.string()),
  relname: v.string(),
  location: v.optional(v.number(), 0),
})
const names = v.array(v.object({ String: v.object({ sval: v.string() }) }))
const command = v.object({
  AlterTableCmd: v.object({
    subtype: v.string(),
    name: v.optional(v.string()),
    def: v.optional(
      v.object({
        List: v.optional(v.object({ items: v.array(v.object({ DefElem: v.object({ defname: v.string() }) })) })),
      }),
    ),
  }),
})
const statement = v.variant("kind", [
  v.object({
    kind: v.literal("IndexStmt"),
    idxname: v.string(),
    relation,
    unique: v.optional(v.boolean(), false),
    tableSpace: v.optional(v.string()),
  }),
  v.object({
    kind: v.literal("DropStmt"),
    removeType: v.string(),
    behavior: v.string(),
    objects: v.array(v.object({ List: v.object({ items: names }) })),
  }),
  v.object({
    kind: v.literal("VacuumStmt"),
    is_vacuumcmd: v.optional(v.boolean(), false),
    rels: v.array(v.object({ VacuumRelation: v.object({ relation }) })),
  }),
  v.object({
    kind: v.literal("CreateStatsStmt"),
    defnames: names,
    relations: v.array(v.object({ RangeVar: relation })),
  }),
  v.object({ kind: v.literal("AlterTableStmt"), relation, objtype: v.string(), cmds: v.array(command) }),
])
const parsed = v.object({
  stmts: v.strictTuple([v.object({ stmt: v.record(v.string(), v.record(v.string(), v.unknown())) })]),
})

/** What one change does, read from its statement; names without quotes. */
export type Statement =
  | { readonly kind: "create-index"; readonly name: string; /** All after `ON `. */ readonly definition: string }
  | { readonly kind: "drop-index"; readonly name: string }
  | { readonly kind: "analyze" }
  | { readonly kind: "create-statistics"; readonly schema: string; readonly name: string }
  | { readonly kind: "set-statistics-target"; readonly columns: readonly string[] }
  | { readonly kind: "set-table-option"; readonly options: readonly string[] }

/**
 * Reads a change's statement with Postgres's own grammar. Throws a RefusedChange where it is not one statement of its kind, on
 * its table and under its name: a change may come from a file.
 */
export const readChange = async (change: ProposedChange): Promise<Statement> => {
  const read = v.safeParse(statement, await parseOne(change))
  const found = read.success ? toStatement(read.output, change) : undefined
  if (found?.kind !== change.kind) {
    throw new RefusedChange(`Its statement is not what "${change.kind}" of ${change.schema}.${change.table} allows.`)
  }
  return found
}

const parseOne = async ({ sql }: ProposedChange): Promise<unknown> => {
  try {
    const { stmts } = v.parse(parsed, await parse(sql))
    const [entry] = Object.entries(stmts[0].stmt)
    return entry === undefined ? undefined : { ...entry[1], kind: entry[0] }
  } catch {
    throw new RefusedChange("Its statement is not one statement that Postgres can read.")
  }
}

const toStatement = (node: v.InferOutput<typeof statement>, change: ProposedChange): Statement | undefined => {
  const isTable = (of: v.InferOutput<typeof relation>): boolean =>
    of.relname === change.table && of.schemaname === change.schema
  switch (node.kind) {
    case "IndexStmt":
      // A unique index is a rule about data, not advice about speed.
      if (node.unique || !isTable(node.relation) || node.idxname !== change.object) return undefined
      if (!node.idxname.startsWith(ownPrefix)) return undefined
      return {
        kind: "create-index",
        name: node.idxname,
        definition: Buffer.from(change.sql)
          .subarray(node.relation.location)
          .toString()
          .replace(/[\s;]+$/, ""),
      }
    case "DropStmt": {
      const path = node.objects[0]?.List.items.map(({ String: { sval } }) => sval) ?? []
      const [schema, name] = path
      if (node.removeType !== "OBJECT_INDEX" || node.behavior !== "DROP_RESTRICT" || node.objects.length !== 1)
        return undefined
      if (schema !== change.schema || name === undefined || name !== change.object || path.length !== 2)
        return undefined
      return { kind: "drop-index", name }
    }
    case "VacuumStmt":
      if (node.is_vacuumcmd || !node.rels.every((each) => isTable(each.VacuumRelation.relation))) return undefined
      return node.rels.length === 1 ? { kind: "analyze" } : undefined
    case "CreateStatsStmt": {
      const [schema, name] = node.defnames.map(({ String: { sval } }) => sval)
      if (schema === undefined || name === undefined || !name.startsWith(ownPrefix) || name !== change.object)
        return undefined
      return node.relations.every(({ RangeVar }) => isTable(RangeVar))
        ? { kind: "create-statistics", schema, name }
        : undefined
    }
    case "AlterTableStmt":
      return node.objtype === "OBJECT_TABLE" && isTable(node.relation) ? alteration(node.cmds) : undefined
  }
}

const alteration = (commands: readonly v.InferOutput<typeof command>[]): Statement | undefined => {
  const every = (subtype: string): boolean =>
    commands.length > 0 && commands.every(({ AlterTableCmd }) => AlterTableCmd.subtype === subtype)
  if (every("AT_SetStatistics")) {
    const columns = commands.flatMap(({ AlterTableCmd: { name } }) => name ?? [])
    return columns.length === commands.length ? { kind: "set-statistics-target", columns } : undefined
  }
  if (!every("AT_SetRelOptions")) return undefined
  const options = commands.flatMap(
    ({ AlterTableCmd: { def } }) => def?.List?.items.map((item) => item.DefElem.defname) ?? [],
  )
  return { kind: "set-table-option", options }
}
