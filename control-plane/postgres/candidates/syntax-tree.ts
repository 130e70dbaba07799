/** A node of Postgres's own syntax tree, as its parser gives it: an object of one key, its kind. */
export type Node = Readonly<Record<string, unknown>>

export const isNode = (value: unknown): value is Node =>
  typeof value === "object" && value !== null && !Array.isArray(value)

/** What is inside a node of this kind. */
export const as = (value: unknown, kind: string): Node | undefined => {
  const inner = isNode(value) ? value[kind] : undefined
  return isNode(inner) ? inner : undefined
}

export const list = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : [])

/** The text of a String node, or of a bare string. */
export const textOf = (value: unknown): string | undefined => {
  if (typeof value === "string") return value
  const sval = as(value, "String")?.["sval"]
  return typeof sval === "string" ? sval : undefined
}

/** Visits every node below, and tells each its path of kinds. */
export const walk = (value: unknown, visit: (node: Node) => void): void => {
  if (Array.isArray(value)) {
    for (const each of value) walk(each, visit)
    return
  }
  if (!isNode(value)) return
  visit(value)
  for (const each of Object.values(value)) walk(each, visit)
}

/** A copy in which some nodes are replaced; what is replaced is not looked into. */
export const replace = (value: unknown, change: (node: Node) => unknown): unknown => {
  if (Array.isArray(value)) return value.map((each) => replace(each, change))
  if (!isNode(value)) return value
  const changed = change(value)
  if (changed !== undefined) return changed
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, replace(each, change)]))
}

/** The names in a ColumnRef, e.g. `["o", "status"]`; `undefined` for a star. */
export const columnPath = (value: unknown): readonly string[] | undefined => {
  const fields = list(as(value, "ColumnRef")?.["fields"]).map(textOf)
  return fields.length > 0 && fields.every((field) => field !== undefined) ? fields : undefined
}

/** The operator of an expression, without its schema. */
export const operatorOf = (expression: Node): string => textOf(list(expression["name"]).at(-1)) ?? ""

export const quoteName = (name: string): string =>
  /^[a-z_][a-z0-9_$]*$/.test(name) && !reserved.has(name) ? name : `"${name.replaceAll('"', '""')}"`

/** Words that SQL would take for its own; others need no quotes. */
const reserved = new Set(
  "all analyse analyze and any array as asc asymmetric both case cast check collate column constraint create current_catalog current_date current_role current_time current_timestamp current_user default deferrable desc distinct do else end except false fetch for foreign from grant group having in initially intersect into lateral leading limit localtime localtimestamp not null offset on only or order placing primary references returning select session_user some symmetric table then to trailing true union unique user using variadic when where window with authorization between binary collation concurrently cross current_schema freeze full ilike inner is isnull join left like natural notnull outer overlaps right similar tablesample verbose".split(
    " ",
  ),
)
