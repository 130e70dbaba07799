import type { Detail } from "../../contract/analyze.ts"
import type { JsonSchema } from "../providers/provider.ts"

/** A kind of question: how to ask it, and what may be done to its pictures and its cached answers. */
export interface QueryType {
  readonly name: string
  /** Goes up with every change of wording or schema; part of the cache's scope. */
  readonly version: number
  /** One line for people who choose a type. */
  readonly summary: string
  /** What the model is told, before anything that differs between requests. */
  readonly instructions: string
  /** JSON Schema of the answer, where the answer is structured. */
  readonly schema?: JsonSchema
  /** Whether the answer hangs on small text and lines, or on the picture as a whole. */
  readonly reads: "text" | "scene"
  readonly detail: Detail
  readonly maxOutputTokens: number
  readonly temperature: number
  /** Whether a picture that merely looks the same may share cached answers. */
  readonly perceptualCache: boolean
}

const text: JsonSchema = { type: "string" }
const number: JsonSchema = { type: "number" }
const textOrNull: JsonSchema = { type: ["string", "null"] }
const numberOrNull: JsonSchema = { type: ["number", "null"] }

/** An object schema in the strict form that all providers take: every property required, nothing else allowed. */
export const record = (properties: Readonly<Record<string, JsonSchema>>): JsonSchema => ({
  type: "object",
  properties,
  required: Object.keys(properties),
  additionalProperties: false,
})
export const list = (items: JsonSchema): JsonSchema => ({ type: "array", items })
export const oneOf = (...values: readonly string[]): JsonSchema => ({ type: "string", enum: values })
export { text, number, textOrNull, numberOrNull }
