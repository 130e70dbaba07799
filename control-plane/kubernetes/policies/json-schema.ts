/** The JSON schema of a valibot schema, as far as the policies' own use it; for editors, which check as one types. */
export const jsonSchema = (schema: unknown): JsonSchema => {
  const seen = new Map<unknown, number>()
  count(schema, seen)
  const repeated = [...seen].flatMap(([each, times]) => (times > 1 && isLarge(each) ? [each] : []))
  const names = new Map(repeated.map((each, index) => [each, `part${index + 1}`]))
  return {
    $schema: "http://json-schema.org/draft-07/schema#",
    title: "Voltgate scaling policies",
    ...convert(schema, names),
    definitions: Object.fromEntries([...names].map(([each, name]) => [name, convert(each, names, each)])),
  }
}

/** What is used in several places is written once, and referred to. */
type Names = ReadonlyMap<unknown, string>

const isLarge = (schema: unknown): boolean => ["strict_object", "variant"].includes(String(read(schema, "type")))

const count = (schema: unknown, seen: Map<unknown, number>): void => {
  const times = (seen.get(schema) ?? 0) + 1
  seen.set(schema, times)
  if (times > 1) return
  const inside = [
    read(schema, "item"),
    read(schema, "wrapped"),
    ...list(read(schema, "options")),
    ...Object.values(read(schema, "entries") ?? {}),
  ]
  for (const each of inside) if (isRecord(each)) count(each, seen)
}

export type JsonSchema = Readonly<Record<string, unknown>>

const convert = (schema: unknown, names: Names, defined?: unknown): JsonSchema => {
  const name = schema === defined ? undefined : names.get(schema)
  if (name !== undefined) return { $ref: `#/definitions/${name}` }
  const pipe = list(read(schema, "pipe"))
  return { ...shapeOf(schema, names), ...Object.assign({}, ...pipe.slice(1).map(constraintOf)) }
}

const shapeOf = (schema: unknown, names: Names): JsonSchema => {
  const type = read(schema, "type")
  switch (type) {
    case "strict_object":
      return convertObject(schema, names)
    case "array":
      return { type: "array", items: convert(read(schema, "item"), names) }
    case "variant":
    case "union":
      return { anyOf: list(read(schema, "options")).map((option) => convert(option, names)) }
    case "picklist":
      return { enum: read(schema, "options") }
    case "literal":
      return { const: read(schema, "literal") }
    case "optional":
      return { ...convert(read(schema, "wrapped"), names), default: read(schema, "default") }
    case "exact_optional":
      return convert(read(schema, "wrapped"), names)
    case "string":
    case "number":
    case "boolean":
      return { type }
    default:
      throw new Error(`No JSON schema is known for ${String(type)}.`)
  }
}

const convertObject = (schema: unknown, names: Names): JsonSchema => {
  const entries = Object.entries(read(schema, "entries") ?? {})
  const isOptional = (entry: unknown): boolean => ["optional", "exact_optional"].includes(String(read(entry, "type")))
  return {
    type: "object",
    additionalProperties: false,
    required: entries.filter(([, entry]) => !isOptional(entry)).map(([key]) => key),
    properties: Object.fromEntries(entries.map(([key, entry]) => [key, convert(entry, names)])),
  }
}

/** What a schema's pipe adds; checks that only a program can make are left out. */
const constraintOf = (item: unknown): JsonSchema => {
  const requirement = read(item, "requirement")
  switch (read(item, "type")) {
    case "regex":
      return { pattern: requirement instanceof RegExp ? requirement.source : undefined }
    case "integer":
      return { type: "integer" }
    case "min_value":
      return { minimum: requirement }
    case "max_value":
      return { maximum: requirement }
    case "min_length":
      return { minItems: requirement }
    case "non_empty":
      return { minLength: 1 }
    case "metadata":
      return Object.fromEntries(Object.entries(read(item, "metadata") ?? {}))
    case "description":
      return { description: read(item, "description") }
    default:
      return {}
  }
}

const read = (value: unknown, key: string): unknown => (isRecord(value) ? value[key] : undefined)

const isRecord = (value: unknown): value is JsonSchema => typeof value === "object" && value !== null

const list = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : [])
