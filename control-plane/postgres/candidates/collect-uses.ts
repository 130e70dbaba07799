import type { Column, Table } from "../observe/read-tables.ts"
import { as, columnPath, isNode, list, operatorOf, quoteName, textOf, walk } from "./syntax-tree.ts"
import type { Node } from "./syntax-tree.ts"

/** How one statement looks at one table: what an index could be asked. */
export interface TableUse {
  readonly table: Table
  /** Keys (columns, or expressions as SQL writes them) that must equal something. */
  readonly equal: readonly string[]
  /** Keys that equal another table's column, in a join. */
  readonly joined: readonly string[]
  readonly ranged: readonly string[]
  /** Texts that begin with something. */
  readonly prefixed: readonly string[]
  /** Columns that contain something: documents, arrays. */
  readonly contained: readonly { readonly column: Column; readonly operator: string }[]
  /** Conditions that a partial index can hold, as SQL, e.g. `deleted_at IS NULL`. */
  readonly fixed: readonly string[]
  readonly ordered: readonly { readonly key: string; readonly suffix: string }[]
  readonly hasLimit: boolean
  readonly grouped: readonly string[]
  /** Every column that is mentioned; `undefined` where a star asks for all. */
  readonly mentioned: ReadonlySet<string> | undefined
}

interface Uses {
  readonly table: Table
  readonly equal: Set<string>
  readonly joined: Set<string>
  readonly ranged: Set<string>
  readonly prefixed: Set<string>
  readonly contained: { readonly column: Column; readonly operator: string }[]
  readonly fixed: Set<string>
  readonly ordered: { readonly key: string; readonly suffix: string }[]
  readonly grouped: Set<string>
  readonly mentioned: Set<string>
  hasStar: boolean
  hasLimit: boolean
}

/** A key of an index on a table: a column, or an expression of its columns alone. */
interface Key {
  readonly uses: Uses
  readonly key: string
  readonly column?: Column
}

/** What a statement's tree asks of each table, query block by query block. */
export const collectUses = (tree: unknown, tables: readonly Table[]): readonly TableUse[] => {
  const found: Uses[] = []
  walk(tree, (node) => {
    for (const kind of ["SelectStmt", "UpdateStmt", "DeleteStmt"] as const) {
      const block = as(node, kind)
      if (block !== undefined) found.push(...collectBlock(block, tables))
    }
  })
  return found.map((uses) => ({
    table: uses.table,
    equal: [...uses.equal],
    joined: [...uses.joined],
    ranged: [...uses.ranged],
    prefixed: [...uses.prefixed],
    contained: uses.contained,
    fixed: [...uses.fixed],
    ordered: uses.ordered,
    hasLimit: uses.hasLimit,
    grouped: [...uses.grouped],
    mentioned: uses.hasStar ? undefined : uses.mentioned,
  }))
}

const collectBlock = (block: Node, tables: readonly Table[]): readonly Uses[] => {
  const scope = new Map<string, Uses>()
  const from = [
    ...list(block["fromClause"]),
    ...list(block["usingClause"]),
    ...(isNode(block["relation"]) ? [{ RangeVar: block["relation"] }] : []),
  ]
  const quals: unknown[] = [block["whereClause"]]
  const visitFrom = (item: unknown): void => {
    const join = as(item, "JoinExpr")
    if (join !== undefined) {
      visitFrom(join["larg"])
      visitFrom(join["rarg"])
      quals.push(join["quals"])
      return
    }
    const range = as(item, "RangeVar")
    const table =
      range === undefined
        ? undefined
        : tables.find(
            ({ schema, name }) =>
              name === range["relname"] && (range["schemaname"] === undefined || range["schemaname"] === schema),
          )
    if (range === undefined || table === undefined) return
    const alias = isNode(range["alias"]) ? textOf(range["alias"]["aliasname"]) : undefined
    scope.set(alias ?? table.name, emptyUses(table))
  }
  from.forEach(visitFrom)
  const resolve = (value: unknown): Key | undefined => resolveKey(value, scope)
  for (const qual of quals) visitCondition(qual, resolve)
  visitOrder(block, resolve)
  const body = { ...block, fromClause: undefined, larg: undefined, rarg: undefined, withClause: undefined }
  walk([body, ...quals], (node) => {
    const path = columnPath(node)
    if (path !== undefined) {
      const key = resolve(node)
      if (key?.column !== undefined) key.uses.mentioned.add(key.column.name)
    } else if (as(node, "ColumnRef") !== undefined) for (const uses of scope.values()) uses.hasStar = true
  })
  return [...scope.values()]
}

const emptyUses = (table: Table): Uses => ({
  table,
  equal: new Set(),
  joined: new Set(),
  ranged: new Set(),
  prefixed: new Set(),
  contained: [],
  fixed: new Set(),
  ordered: [],
  grouped: new Set(),
  mentioned: new Set(),
  hasStar: false,
  hasLimit: false,
})

const resolveKey = (value: unknown, scope: ReadonlyMap<string, Uses>): Key | undefined => {
  const path = columnPath(value)
  if (path !== undefined) return resolveColumn(path, scope)
  const cast = as(value, "TypeCast")
  // A cast to a text or a varchar of the same column changes nothing that an index sees.
  if (
    cast !== undefined &&
    ["text", "varchar", "bpchar"].includes(
      textOf(list(isNode(cast["typeName"]) ? cast["typeName"]["names"] : []).at(-1)) ?? "",
    )
  ) {
    const inner = resolveKey(cast["arg"], scope)
    if (inner?.column?.category === "S") return inner
  }
  const call = as(value, "FuncCall")
  const name = textOf(list(call?.["funcname"]).at(-1))
  const [argument, ...others] = list(call?.["args"])
  if (call !== undefined && others.length === 0 && (name === "lower" || name === "upper")) {
    const inner = resolveKey(argument, scope)
    return inner?.column === undefined ? undefined : { uses: inner.uses, key: `${name}(${inner.key})` }
  }
  const expression = as(value, "A_Expr")
  if (expression === undefined || !["->", "->>"].includes(operatorOf(expression))) return undefined
  const inner = resolveKey(expression["lexpr"], scope)
  const field = as(as(expression["rexpr"], "A_Const"), "sval")?.["sval"]
  if (inner === undefined || typeof field !== "string") return undefined
  return { uses: inner.uses, key: `(${inner.key} ${operatorOf(expression)} '${field.replaceAll("'", "''")}')` }
}

const resolveColumn = (path: readonly string[], scope: ReadonlyMap<string, Uses>): Key | undefined => {
  const [name, qualifier] = [path.at(-1) ?? "", path.length > 1 ? path.at(-2) : undefined]
  for (const [alias, uses] of scope) {
    if (qualifier !== undefined && qualifier !== alias) continue
    const column = uses.table.columns.find((each) => each.name === name)
    if (column !== undefined) return { uses, key: quoteName(name), column }
  }
  return undefined
}

type Resolve = (value: unknown) => Key | undefined

const ranges = new Set(["<", ">", "<=", ">="])
const containments = new Set(["@>", "<@", "?", "?|", "?&", "&&", "@@", "@?"])

/** What is joined by AND counts; what is joined by OR, or denied, is left to the planner. */
const visitCondition = (condition: unknown, resolve: Resolve): void => {
  const bool = as(condition, "BoolExpr")
  if (bool?.["boolop"] === "AND_EXPR") {
    for (const each of list(bool["args"])) visitCondition(each, resolve)
    return
  }
  const plain = columnPath(condition) === undefined ? undefined : resolve(condition)
  if (plain?.column?.type === "boolean") plain.uses.fixed.add(plain.key)
  if (bool?.["boolop"] === "NOT_EXPR") {
    const denied = resolve(list(bool["args"])[0])
    if (denied?.column?.type === "boolean") denied.uses.fixed.add(`NOT ${denied.key}`)
    return
  }
  const nullTest = as(condition, "NullTest")
  if (nullTest !== undefined) {
    const key = resolve(nullTest["arg"])
    if (key !== undefined)
      key.uses.fixed.add(`${key.key} IS ${nullTest["nulltesttype"] === "IS_NULL" ? "" : "NOT "}NULL`)
    return
  }
  const expression = as(condition, "A_Expr")
  if (expression !== undefined) visitComparison(expression, resolve)
}

const visitComparison = (expression: Node, resolve: Resolve): void => {
  const [left, right] = [resolve(expression["lexpr"]), resolve(expression["rexpr"])]
  const operator = operatorOf(expression)
  switch (expression["kind"]) {
    case "AEXPR_IN":
    case "AEXPR_OP_ANY":
      if (operator !== "=" || left === undefined) return
      left.uses.equal.add(left.key)
      fixValues(left, list(as(expression["rexpr"], "List")?.["items"]))
      return
    case "AEXPR_BETWEEN":
      left?.uses.ranged.add(left.key)
      return
    case "AEXPR_LIKE":
      if (left !== undefined && operator === "~~") left.uses.prefixed.add(left.key)
      return
    default:
  }
  if (operator === "=") {
    if (left !== undefined && right !== undefined && left.uses !== right.uses) {
      left.uses.joined.add(left.key)
      right.uses.joined.add(right.key)
      return
    }
    const key = left ?? right
    if (key === undefined) return
    key.uses.equal.add(key.key)
    fixValues(key, [left === undefined ? expression["lexpr"] : expression["rexpr"]])
    return
  }
  const key = left ?? right
  if (key === undefined) return
  if (ranges.has(operator)) key.uses.ranged.add(key.key)
  else if (containments.has(operator) && key.column !== undefined)
    key.uses.contained.push({ column: key.column, operator })
}

/** A condition on a column of more values would serve one question only. */
const fewValues = 10

const fixValues = ({ uses, key, column }: Key, values: readonly unknown[]): void => {
  const literals = values.map(literalOf).filter((literal) => literal !== undefined)
  if (column === undefined || column.distinct < 1 || column.distinct > fewValues) return
  if (literals.length === 0 || literals.length < values.length) return
  uses.fixed.add(literals.length === 1 ? `${key} = ${literals.join("")}` : `${key} IN (${literals.join(", ")})`)
}

/** A constant that the statement's own text holds: normalized statements have parameters in place of most. */
const literalOf = (value: unknown): string | undefined => {
  const constant = as(value, "A_Const")
  if (constant === undefined) return undefined
  const text = as(constant, "sval")?.["sval"]
  if (typeof text === "string") return `'${text.replaceAll("'", "''")}'`
  const number = as(constant, "ival")?.["ival"]
  return typeof number === "number" ? String(number) : undefined
}

const visitOrder = (block: Node, resolve: Resolve): void => {
  for (const item of list(block["groupClause"])) {
    const key = resolve(item)
    key?.uses.grouped.add(key.key)
  }
  const hasLimit = block["limitCount"] !== undefined
  let owner: Uses | undefined
  for (const item of list(block["sortClause"])) {
    const sort = as(item, "SortBy")
    const key = resolve(sort?.["node"])
    // An order over two tables is none that an index gives.
    if (sort === undefined || key === undefined || (owner !== undefined && owner !== key.uses)) return
    owner = key.uses
    owner.hasLimit = hasLimit
    owner.ordered.push({
      key: key.key,
      suffix: `${directions[String(sort["sortby_dir"])] ?? ""}${nulls[String(sort["sortby_nulls"])] ?? ""}`,
    })
  }
}

const directions: Readonly<Record<string, string>> = { SORTBY_DESC: " DESC" }
const nulls: Readonly<Record<string, string>> = { SORTBY_NULLS_FIRST: " NULLS FIRST", SORTBY_NULLS_LAST: " NULLS LAST" }
