import type { JsonSchema } from "./wire.ts"

interface Filling {
  readonly root: JsonSchema
  readonly random: () => number
  /** Gives the notice once, to the first string that has room for any text. */
  readonly freeText: () => string
}

const deepest = 8

export const isObject = (value: unknown): value is JsonSchema =>
  typeof value === "object" && value !== null && !Array.isArray(value)

const numberAt = (schema: JsonSchema, key: string): number | undefined => {
  const value = schema[key]
  return typeof value === "number" ? value : undefined
}

const pick = (values: readonly unknown[], random: () => number): unknown => values[Math.floor(random() * values.length)]

/** Follows `#/$defs/name` and the like; a reference that leads nowhere allows anything. */
const follow = (root: JsonSchema, reference: string): JsonSchema => {
  let place: unknown = root
  for (const step of reference.split("/").slice(1)) {
    place = isObject(place) ? place[step.replaceAll("~1", "/").replaceAll("~0", "~")] : undefined
  }
  return isObject(place) ? place : {}
}

const merge = (schemas: readonly JsonSchema[]): JsonSchema => {
  const both = (key: string) => schemas.map((schema) => schema[key])
  return {
    ...Object.assign({}, ...schemas),
    properties: Object.assign({}, ...both("properties").filter(isObject)),
    required: both("required").flatMap((names) => (Array.isArray(names) ? names : [])),
  }
}

const resolve = (schema: JsonSchema, { root }: Filling): JsonSchema => {
  if (typeof schema["$ref"] === "string") return { ...follow(root, schema["$ref"]), ...schema, $ref: undefined }
  if (Array.isArray(schema["allOf"])) {
    const { allOf, ...own } = schema
    return merge([own, ...(Array.isArray(allOf) ? allOf.filter(isObject) : [])])
  }
  return schema
}

/** The type to answer with, in lower case (Google's own schemas shout); null only where nothing else is allowed. */
const typeOf = (schema: JsonSchema): string => {
  const types = [schema["type"]].flat().filter((type) => typeof type === "string")
  const type = types.find((name) => name.toLowerCase() !== "null") ?? types[0]
  if (type !== undefined) return type.toLowerCase()
  return isObject(schema["properties"]) ? "object" : schema["items"] === undefined ? "string" : "array"
}

const formats: Readonly<Record<string, string>> = {
  "date-time": "2026-01-01T00:00:00Z",
  date: "2026-01-01",
  time: "00:00:00Z",
  duration: "PT1S",
  email: "simulated@example.com",
  hostname: "example.com",
  uri: "https://example.com/simulated",
  uuid: "00000000-0000-4000-8000-000000000000",
  ipv4: "192.0.2.1",
  ipv6: "2001:db8::1",
}

const fillString = (schema: JsonSchema, filling: Filling): string => {
  const format = typeof schema["format"] === "string" ? formats[schema["format"]] : undefined
  if (format !== undefined) return format
  return filling
    .freeText()
    .slice(0, numberAt(schema, "maxLength") ?? undefined)
    .padEnd(numberAt(schema, "minLength") ?? 0, ".")
}

const fillNumber = (schema: JsonSchema, whole: boolean, { random }: Filling): number => {
  const step = numberAt(schema, "multipleOf") ?? (whole ? 1 : 0.01)
  const above = numberAt(schema, "exclusiveMinimum")
  const below = numberAt(schema, "exclusiveMaximum")
  const lowest = numberAt(schema, "minimum") ?? (above === undefined ? undefined : above + step)
  const highest = numberAt(schema, "maximum") ?? (below === undefined ? undefined : below - step)
  const from = lowest ?? Math.min(0, highest ?? 0)
  const to = highest ?? Math.max(from, 0) + (whole ? 9 : 1)
  const first = Math.ceil(from / step - 1e-9)
  const steps = Math.floor(to / step + 1e-9) - first
  return Number(((first + Math.floor(random() * (steps + 1))) * step).toFixed(10))
}

const fillObject = (schema: JsonSchema, filling: Filling, depth: number): JsonSchema => {
  const required = Array.isArray(schema["required"]) ? schema["required"] : []
  const properties = Object.entries(isObject(schema["properties"]) ? schema["properties"] : {})
  // What is optional is left out deep down: a schema that contains itself would never end.
  const wanted = properties.filter(([name]) => depth < deepest || required.includes(name))
  return Object.fromEntries(
    wanted.map(([name, inner]) => [name, fill(isObject(inner) ? inner : {}, filling, depth + 1)]),
  )
}

const fillArray = (schema: JsonSchema, filling: Filling, depth: number): readonly unknown[] => {
  const fewest = numberAt(schema, "minItems") ?? 0
  const length = depth < deepest ? Math.max(fewest, Math.min(1, numberAt(schema, "maxItems") ?? 1)) : fewest
  const items = isObject(schema["items"]) ? schema["items"] : {}
  return Array.from({ length }, () => fill(items, filling, depth + 1))
}

const fill = (given: JsonSchema, filling: Filling, depth: number): unknown => {
  const schema = resolve(given, filling)
  if ("const" in schema) return schema["const"]
  if (Array.isArray(schema["enum"])) return pick(schema["enum"], filling.random)
  const choices = [schema["anyOf"] ?? schema["oneOf"]].flat().filter(isObject)
  if (choices.length > 0) {
    const isNull = (choice: JsonSchema) => choice["type"] === "null"
    // Deep down the shortest way out is taken, so that a tree ends.
    const choice = depth < deepest ? choices.find((one) => !isNull(one)) : choices.find(isNull)
    return fill(choice ?? choices.at(-1) ?? {}, filling, depth + 1)
  }
  const type = typeOf(schema)
  switch (type) {
    case "object":
      return fillObject(schema, filling, depth)
    case "array":
      return fillArray(schema, filling, depth)
    case "integer":
    case "number":
      return fillNumber(schema, type === "integer", filling)
    case "boolean":
      return filling.random() < 0.5
    case "null":
      return null
    default:
      return fillString(schema, filling)
  }
}

/**
 * A value that obeys a JSON Schema (or Google's own dialect): types, enums, constants, required and optional
 * properties, bounds, lengths and common formats; `pattern` is not followed. The first free string is the notice.
 */
export const fillSchema = (schema: JsonSchema, notice: string, random: () => number): unknown => {
  let noticed = false
  const freeText = (): string => {
    const text = noticed ? "simulated" : notice
    noticed = true
    return text
  }
  return fill(schema, { root: schema, random, freeText }, 0)
}
