import type * as v from "valibot"

/** The keys that a schema knows where an issue arose: of the section that holds the last key of its path. */
export const keysAt = (schema: unknown, path: readonly v.IssuePathItem[]): readonly string[] => {
  let at: unknown = schema
  for (const { key, input } of path.slice(0, -1)) at = childOf(at, key, input)
  return Object.keys(entriesOf(at, path.at(-1)?.input) ?? {})
}

const childOf = (schema: unknown, key: unknown, input: unknown): unknown => {
  const bare = unwrap(schema)
  if (typeof key === "number") return property(bare, "item")
  const entries = entriesOf(bare, input)
  return typeof key === "string" && entries !== undefined ? entries[key] : undefined
}

const entriesOf = (schema: unknown, input: unknown): Readonly<Record<string, unknown>> | undefined => {
  const bare = unwrap(schema)
  const options = property(bare, "options")
  const key = property(bare, "key")
  if (Array.isArray(options) && typeof key === "string") {
    const found = (options as readonly unknown[]).find(
      (option) => property(property(property(option, "entries"), key), "literal") === property(input, key),
    )
    return entriesOf(found, input)
  }
  const entries = property(bare, "entries")
  return isRecord(entries) ? entries : undefined
}

/** Optional and piped schemas hold the one that counts. */
const unwrap = (schema: unknown): unknown => {
  const wrapped = property(schema, "wrapped")
  if (wrapped !== undefined) return unwrap(wrapped)
  return schema
}

const property = (value: unknown, key: string): unknown => (isRecord(value) ? value[key] : undefined)

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null
