import { deparse, parse } from "pgsql-parser"
import type { Column, Table } from "../observe/read-tables.ts"
import type { ExplainableQuery } from "../what-if.ts"
import { as, columnPath, isNode, list, operatorOf, replace, textOf, walk } from "./syntax-tree.ts"
import type { Node } from "./syntax-tree.ts"

export type Bound =
  | { readonly kind: "bound"; readonly tree: unknown; readonly queries: readonly ExplainableQuery[] }
  | { readonly kind: "skipped"; readonly reason: string }

/** The server's own limit for a statement's text (track_activity_query_size is for others): what is longer was cut. */
const mostCharacters = 1_000_000
const explained: ReadonlySet<string> = new Set(["SelectStmt", "UpdateStmt", "DeleteStmt", "InsertStmt", "MergeStmt"])

/**
 * Makes a normalized statement one that can be planned: its parameters become constants of the columns that they are compared
 * with: a common value, one in the middle, a rare one. What cannot be read is skipped, with a reason.
 */
export const bindStatement = async (text: string, tables: readonly Table[]): Promise<Bound> => {
  if (text.length > mostCharacters) return { kind: "skipped", reason: "it is too long" }
  let tree: unknown
  try {
    const parsed: unknown = await parse(text)
    const statements = isNode(parsed) ? list(parsed["stmts"]) : []
    if (statements.length !== 1) return { kind: "skipped", reason: "it is not one statement" }
    const [statement] = statements
    tree = isNode(statement) ? statement["stmt"] : undefined
  } catch {
    return { kind: "skipped", reason: "it cannot be read: it may have been cut" }
  }
  const [kind] = isNode(tree) ? Object.keys(tree) : []
  if (kind === undefined || !explained.has(kind)) return { kind: "skipped", reason: "it is no query" }
  const columns = parameterColumns(tree, tables)
  const queries: string[] = []
  for (const variant of [0, 1, 2]) {
    const bound = replace(tree, (node) => constantFor(node, columns, variant))
    try {
      // The tree is the parser's own, with constants in it.
      // oxlint-disable-next-line typescript/no-unsafe-type-assertion
      const sql = await deparse(bound as Parameters<typeof deparse>[0])
      if (!queries.includes(sql)) queries.push(sql)
    } catch {
      return { kind: "skipped", reason: "it cannot be written with constants" }
    }
  }
  return { kind: "bound", tree, queries: queries.map((sql) => ({ sql })) }
}

/** Which column each parameter is compared with, or what else is known of it. */
type Hint = { readonly column: Column; readonly operator: string } | "limit" | "field"

const parameterColumns = (tree: unknown, tables: readonly Table[]): ReadonlyMap<number, Hint> => {
  const hints = new Map<number, Hint>()
  const known = columnsOf(tree, tables)
  const note = (value: unknown, column: Column | undefined, operator: string): void => {
    walk(value, (node) => {
      const number = as(node, "ParamRef")?.["number"]
      if (typeof number === "number" && column !== undefined && !hints.has(number))
        hints.set(number, { column, operator })
    })
  }
  walk(tree, (node) => {
    const expression = as(node, "A_Expr")
    if (expression !== undefined) {
      const operator = operatorOf(expression)
      note(expression["rexpr"], known(expression["lexpr"]), operator)
      note(expression["lexpr"], known(expression["rexpr"]), operator)
    }
    for (const key of ["limitCount", "limitOffset"]) {
      const number = as(node[key], "ParamRef")?.["number"]
      if (typeof number === "number") hints.set(number, "limit")
    }
    const call = as(node, "FuncCall")
    if (call !== undefined && textOf(list(call["funcname"]).at(-1)) === "extract") {
      const number = as(list(call["args"])[0], "ParamRef")?.["number"]
      if (typeof number === "number") hints.set(number, "field")
    }
  })
  return hints
}

/** Finds a column by its last name among the tables that the statement names: good enough for a constant of the right type. */
const columnsOf = (tree: unknown, tables: readonly Table[]): ((value: unknown) => Column | undefined) => {
  const names = new Set<unknown>()
  walk(tree, (node) => {
    if (typeof node["relname"] === "string") names.add(node["relname"])
  })
  const columns = tables.filter(({ name }) => names.has(name)).flatMap((table) => table.columns)
  const find = (value: unknown): Column | undefined => {
    const path = columnPath(value)
    if (path !== undefined) return columns.find(({ name }) => name === path.at(-1))
    const inner = as(value, "TypeCast")?.["arg"] ?? list(as(value, "FuncCall")?.["args"])[0]
    return inner === undefined ? undefined : find(inner)
  }
  return find
}

const constantFor = (node: Node, hints: ReadonlyMap<number, Hint>, variant: number): unknown => {
  const number = as(node, "ParamRef")?.["number"]
  if (typeof number !== "number") return undefined
  const hint = hints.get(number)
  if (hint === "limit") return { A_Const: { ival: { ival: 20 } } }
  if (hint === "field") return text("epoch")
  if (hint === undefined) return text("1")
  return sampleConstant(hint.column, hint.operator, variant)
}

const text = (value: string): unknown => ({ A_Const: { sval: { sval: value } } })

const sampleConstant = ({ samples, type, category }: Column, operator: string, variant: number): unknown => {
  const sample = samples[Math.min(variant, samples.length - 1)] ?? neutral(type, category)
  if (operator === "~~" || operator === "~~*") return text(`${sample.slice(0, 6).replaceAll(/[%_\\]/g, "")}%`)
  if (type === "jsonb" && (operator === "@>" || operator === "<@")) return text(onePart(sample))
  if (operator === "?" || operator === "->" || operator === "->>") return text("x")
  return text(sample)
}

/** Nobody asks for a whole document: the first of its fields. */
const onePart = (document: string): string => {
  try {
    const value: unknown = JSON.parse(document)
    const [first] = isNode(value) ? Object.entries(value) : []
    return first === undefined ? document : JSON.stringify(Object.fromEntries([first]))
  } catch {
    return "{}"
  }
}

/** A value of the type where the statistics know none: text constants take the type of what they are compared with. */
const neutral = (type: string, category: string): string => {
  if (category === "D") return type.startsWith("time ") ? "12:00" : "2026-01-01"
  if (category === "B") return "true"
  if (category === "T") return "1 day"
  if (category === "A") return "{}"
  if (type === "uuid") return "00000000-0000-4000-8000-000000000000"
  return type === "jsonb" || type === "json" ? "{}" : "1"
}
