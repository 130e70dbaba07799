import { expect, test } from "vitest"
import { fillSchema, isObject } from "./schema-answer.ts"
import { seededRandom } from "./seeded.ts"
import type { JsonSchema } from "./wire.ts"

const fill = (schema: JsonSchema, seed = "a") => fillSchema(schema, "Simulated.", seededRandom(seed))

test("an object gets all its properties, and the first free string is the notice", () => {
  const answer = fill({
    type: "object",
    properties: {
      kind: { type: "string", enum: ["breaker", "relay"] },
      summary: { type: "string" },
      reason: { type: "string" },
      tags: { type: "array", items: { type: "string" }, minItems: 2 },
      seen: { type: "boolean" },
      version: { const: 3 },
      nothing: { type: "null" },
    },
    required: ["kind", "summary"],
  })
  expect(answer).toEqual({
    kind: expect.stringMatching(/^(breaker|relay)$/),
    summary: "Simulated.",
    reason: "simulated",
    tags: ["simulated", "simulated"],
    seen: expect.any(Boolean),
    version: 3,
    nothing: null,
  })
})

test("numbers keep their bounds and steps for any seed", () => {
  for (const seed of Array.from({ length: 200 }, (_, index) => `seed ${index}`)) {
    const answer = fill(
      {
        type: "object",
        properties: {
          share: { type: "number", minimum: 0, maximum: 1 },
          count: { type: "integer", minimum: -3, exclusiveMaximum: 0 },
          even: { type: "integer", multipleOf: 2, minimum: 3, maximum: 7 },
          below: { type: "number", exclusiveMinimum: 5 },
          depth: { type: "integer", maximum: -10 },
        },
      },
      seed,
    )
    if (!isObject(answer)) throw new Error("not an object")
    const { share, count, even, below, depth } = answer
    expect(share).toBeGreaterThanOrEqual(0)
    expect(share).toBeLessThanOrEqual(1)
    expect([-3, -2, -1]).toContain(count)
    expect([4, 6]).toContain(even)
    expect(below).toBeGreaterThan(5)
    expect(depth).toBeLessThanOrEqual(-10)
    expect(Number.isInteger(depth)).toBe(true)
  }
})

test("strings keep their length and take the format they are asked for", () => {
  const answer = fill({
    type: "object",
    properties: {
      at: { type: "string", format: "date-time" },
      short: { type: "string", maxLength: 4 },
      long: { type: "string", minLength: 20 },
    },
  })
  expect(answer).toEqual({ at: "2026-01-01T00:00:00Z", short: "Simu", long: "simulated".padEnd(20, ".") })
})

test("references, unions, nullable types and allOf are resolved", () => {
  const answer = fill({
    type: "object",
    properties: {
      part: { $ref: "#/$defs/part" },
      either: { anyOf: [{ type: "null" }, { type: "integer", minimum: 7, maximum: 7 }] },
      maybe: { type: ["null", "string"] },
      both: {
        allOf: [
          { type: "object", properties: { a: { const: 1 } } },
          { type: "object", properties: { b: { const: 2 } } },
        ],
      },
    },
    $defs: { part: { type: "object", properties: { name: { type: "string" } }, required: ["name"] } },
  })
  expect(answer).toEqual({ part: { name: "Simulated." }, either: 7, maybe: "simulated", both: { a: 1, b: 2 } })
})

test("a schema that contains itself comes to an end", () => {
  const tree = {
    $ref: "#/$defs/node",
    $defs: {
      node: {
        type: "object",
        properties: {
          label: { type: "string" },
          children: { type: "array", items: { $ref: "#/$defs/node" } },
          next: { anyOf: [{ $ref: "#/$defs/node" }, { type: "null" }] },
        },
        required: ["label", "children", "next"],
      },
    },
  }
  const answer = fill(tree)
  expect(answer).toMatchObject({
    label: "Simulated.",
    children: [{ label: "simulated" }],
    next: { label: "simulated" },
  })
})

test("Google's own dialect, in capitals, is understood", () => {
  expect(fill({ type: "OBJECT", properties: { total: { type: "INTEGER", minimum: 2, maximum: 2 } } })).toEqual({
    total: 2,
  })
})

test("the same seed fills the same values, another seed others", () => {
  const schema = { type: "array", minItems: 8, items: { type: "integer", minimum: 0, maximum: 1000 } }
  expect(fill(schema, "x")).toEqual(fill(schema, "x"))
  expect(fill(schema, "x")).not.toEqual(fill(schema, "y"))
})
