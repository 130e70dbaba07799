import { isObject } from "./schema-answer.ts"
import type { JsonSchema } from "./wire.ts"

/** A place in a schema and what is wrong there, in the words of the provider. */
export interface SchemaProblem {
  readonly path: readonly string[]
  readonly message: string
}

type Rule = (schema: JsonSchema, type: string) => string | undefined

const children = (schema: JsonSchema): readonly (readonly [readonly string[], JsonSchema])[] =>
  [
    ...["properties", "$defs", "definitions"].flatMap((key) =>
      Object.entries(isObject(schema[key]) ? schema[key] : {}).map(([name, inner]) => [[key, name], inner] as const),
    ),
    ...(schema["items"] === undefined ? [] : [[["items"], schema["items"]] as const]),
    ...["anyOf", "allOf", "oneOf"].flatMap((key) =>
      [schema[key] ?? []].flat().map((inner, index) => [[key, String(index)], inner] as const),
    ),
  ].flatMap(([path, inner]) => (isObject(inner) ? [[path, inner] as const] : []))

const firstProblem = (schema: JsonSchema, rule: Rule, path: readonly string[] = []): SchemaProblem | undefined => {
  const types = [schema["type"]].flat().filter((type) => typeof type === "string")
  for (const type of types) {
    const message = rule(schema, type)
    if (message !== undefined) return { path, message }
  }
  for (const [step, inner] of children(schema)) {
    const problem = firstProblem(inner, rule, [...path, ...step])
    if (problem !== undefined) return problem
  }
  return undefined
}

/** OpenAI's strict mode: every object is closed and requires all of its properties. */
export const openAiSchemaProblem = (schema: JsonSchema): SchemaProblem | undefined =>
  firstProblem(schema, (inner, type) => {
    if (type !== "object") return undefined
    if (inner["additionalProperties"] !== false)
      return "'additionalProperties' is required to be supplied and to be false."
    const required = Array.isArray(inner["required"]) ? inner["required"] : []
    const missing = Object.keys(isObject(inner["properties"]) ? inner["properties"] : {}).find(
      (name) => !required.includes(name),
    )
    return missing === undefined
      ? undefined
      : `'required' is required to be supplied and to be an array including every key in properties. Missing '${missing}'.`
  })

const anthropicRefuses: Readonly<Record<string, readonly string[]>> = {
  integer: ["exclusiveMaximum", "exclusiveMinimum", "maximum", "minimum", "multipleOf"],
  number: ["exclusiveMaximum", "exclusiveMinimum", "maximum", "minimum", "multipleOf"],
  string: ["maxLength", "minLength"],
  array: ["maxItems", "uniqueItems"],
}

/** Anthropic's structured output: every object is closed; no bounds on numbers, lengths or counts beyond 0 or 1. */
export const anthropicSchemaProblem = (schema: JsonSchema): SchemaProblem | undefined =>
  firstProblem(schema, (inner, type) => {
    if (type === "object" && inner["additionalProperties"] !== false) {
      return "For 'object' type, 'additionalProperties' must be explicitly set to false"
    }
    const found = (anthropicRefuses[type] ?? []).filter((key) => key in inner)
    if (found.length === 1) return `For '${type}' type, property '${found[0]}' is not supported`
    if (found.length > 1) return `For '${type}' type, properties ${found.join(", ")} are not supported`
    return type === "array" && Number(inner["minItems"] ?? 0) > 1
      ? "For 'array' type, 'minItems' values other than 0 or 1 are not supported"
      : undefined
  })
