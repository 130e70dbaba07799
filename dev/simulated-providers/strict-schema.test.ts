import { expect, test } from "vitest"
import { anthropicSchemaProblem, openAiSchemaProblem } from "./strict-schema.ts"

const closed = (properties: object, required: readonly string[] = Object.keys(properties)) => ({
  type: "object",
  properties,
  required,
  additionalProperties: false,
})

test("a closed schema without bounds is taken by both", () => {
  const schema = closed({ parts: { type: "array", items: closed({ name: { type: ["string", "null"] } }) } })
  expect(openAiSchemaProblem(schema)).toBeUndefined()
  expect(anthropicSchemaProblem(schema)).toBeUndefined()
})

test("an open object deep inside is refused with its place", () => {
  const schema = closed({ parts: { type: "array", items: { type: "object", properties: {}, required: [] } } })
  expect(openAiSchemaProblem(schema)).toEqual({
    path: ["properties", "parts", "items"],
    message: "'additionalProperties' is required to be supplied and to be false.",
  })
  expect(anthropicSchemaProblem(schema)?.message).toContain("'additionalProperties' must be explicitly set to false")
})

test("OpenAI wants every property required", () => {
  const schema = closed({ a: { type: "string" }, b: { type: "string" } }, ["a"])
  expect(openAiSchemaProblem(schema)?.message).toContain("Missing 'b'")
  expect(anthropicSchemaProblem(schema)).toBeUndefined()
})

test("Anthropic takes no bounds on numbers, lengths and counts", () => {
  const problem = (property: object) => anthropicSchemaProblem(closed({ it: property }))?.message
  expect(problem({ type: "number", minimum: 0, maximum: 1 })).toBe(
    "For 'number' type, properties maximum, minimum are not supported",
  )
  expect(problem({ type: "integer", minimum: 0 })).toBe("For 'integer' type, property 'minimum' is not supported")
  expect(problem({ type: "string", maxLength: 3 })).toContain("'maxLength'")
  expect(problem({ type: "array", items: { type: "string" }, minItems: 2 })).toContain("minItems")
  expect(problem({ type: "array", items: { type: "string" }, minItems: 1 })).toBeUndefined()
})
