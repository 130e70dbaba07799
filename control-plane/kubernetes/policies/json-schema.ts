/** The JSON schema of a valibot schema, as far as the policies' own use it; for editors, which check as one types. */
export const jsonSchema = (schema: unknown): JsonSchema => ({
  $schema: "http://json-schema.org/draft-07/schema#",
  title: "Voltgate scaling policies",
  ...convert(schema),
})

export type JsonSchema = Readonly<Record<string, unknown>>

const convert = (schema: unknown): JsonSchema => {
  const pipe = list(read(schema, "pipe"))
  return { ...shapeOf(schema), ...Object.assign({}, ...pipe.slice(1).map(constraintOf)) }
}

const shapeOf = (schema: unknown): JsonSchema => {
  const type = read(schema, "type")
  switch (type) {
    case "strict_object":
      return convertObject(schema)
    case "array":
      return { type: "array", items: convert(read(schema, "item")) }
    case "variant":
    case "union":
      return { anyOf: list(read(schema, "options")).map(convert) }
    case "picklist":
      return { enum: read(schema, "options") }
    case "literal":
      return { const: read(schema, "literal") }
    case "optional":
      return { ...convert(read(schema, "wrapped")), default: read(schema, "default") }
    case "exact_optional":
      return convert(read(schema, "wrapped"))
    case "string":
    case "number":
    case "boolean":
      return { type }
    default:
      throw new Error(`No JSON schema is known for ${String(type)}.`)
  }
}

const convertObject = (schema: unknown): JsonSchema => {
  const entries = Object.entries(read(schema, "entries") ?? {})
  const isOptional = (entry: unknown): boolean => ["optional", "exact_optional"].includes(String(read(entry, "type")))
  return {
    type: "object",
    additionalProperties: false,
    required: entries.filter(([, entry]) => !isOptional(entry)).map(([key]) => key),
    properties: Object.fromEntries(entries.map(([key, entry]) => [key, convert(entry)])),
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
