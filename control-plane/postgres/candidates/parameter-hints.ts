import type { Column, Table } from "../observe/read-tables.ts"
import { as, columnPath, list, operatorOf, textOf, walk } from "./syntax-tree.ts"

/** Which column each parameter is compared with, or what else is known of it. */
export type Hint = ComparedColumn | "limit" | "field"

export interface ComparedColumn extends Place {
  readonly operator: string
}

/** A column, or a field of the documents in it. */
interface Place {
  readonly column: Column
  readonly field?: string
}

export type Hints = ReadonlyMap<number, Hint>

/** What is known of a statement's parameters, by their numbers. */
export const parameterHints = (tree: unknown, tables: readonly Table[]): Hints => {
  const hints = new Map<number, Hint>()
  const known = columnsOf(tree, tables)
  const note = (value: unknown, place: Place | undefined, operator: string): void => {
    walk(value, (node) => {
      const number = as(node, "ParamRef")?.["number"]
      if (typeof number === "number" && place !== undefined && !hints.has(number))
        hints.set(number, { ...place, operator })
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
const columnsOf = (tree: unknown, tables: readonly Table[]): ((value: unknown) => Place | undefined) => {
  const names = new Set<unknown>()
  walk(tree, (node) => {
    if (typeof node["relname"] === "string") names.add(node["relname"])
  })
  const columns = tables.filter(({ name }) => names.has(name)).flatMap((table) => table.columns)
  const find = (value: unknown): Place | undefined => {
    const path = columnPath(value)
    if (path !== undefined) {
      const column = columns.find(({ name }) => name === path.at(-1))
      return column === undefined ? undefined : { column }
    }
    const expression = as(value, "A_Expr")
    if (expression !== undefined && operatorOf(expression) === "->>") {
      const field = textOf(as(as(expression["rexpr"], "A_Const"), "sval")?.["sval"])
      const place = find(expression["lexpr"])
      return place === undefined || field === undefined ? undefined : { ...place, field }
    }
    const inner = as(value, "TypeCast")?.["arg"] ?? list(as(value, "FuncCall")?.["args"])[0]
    return inner === undefined ? undefined : find(inner)
  }
  return find
}
