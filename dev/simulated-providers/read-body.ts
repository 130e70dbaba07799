import type { IncomingMessage } from "node:http"
import * as v from "valibot"
import { isObject } from "./schema-answer.ts"

/** The first thing that is wrong with a body, in no provider's words. */
export interface BodyProblem {
  /** Keys and indexes from the body down. */
  readonly path: readonly (string | number)[]
  readonly kind: "missing" | "unknown" | "wrong_type" | "wrong_value"
  readonly message: string
  readonly received: string
  readonly expected: string
}

/** Checks a body against a schema; the first problem only, as providers report it. */
export const check = <T>(
  schema: v.GenericSchema<unknown, T>,
  body: unknown,
): { readonly value: T } | { readonly problem: BodyProblem } => {
  const result = v.safeParse(schema, body, { abortEarly: true })
  if (result.success) return { value: result.output }
  const issue = result.issues[0]
  const path = (issue.path ?? []).map(({ key }) => (typeof key === "number" ? key : String(key)))
  const kind =
    issue.received === "undefined"
      ? "missing"
      : issue.type === "picklist" || issue.type === "variant" || issue.kind === "validation"
        ? "wrong_value"
        : "wrong_type"
  return { problem: { path, kind, message: issue.message, received: issue.received, expected: issue.expected ?? "" } }
}

/** The first key that a provider does not know. */
export const unknownKey = (value: unknown, known: readonly string[]): string | undefined =>
  isObject(value) ? Object.keys(value).find((key) => !known.includes(key)) : undefined

/** Content may be a plain string, which stands for one part of text; nothing at all stands for no parts. */
export const asParts = (content: unknown): unknown => {
  if (typeof content === "string") return [{ type: "text", text: content }]
  return content ?? []
}

/** A request's body as text; undefined when it is larger. What is too much is read and dropped, so that the caller hears why. */
export const readText = async (request: IncomingMessage, maxBytes: number): Promise<string | undefined> => {
  let chunks: Buffer[] = []
  let sizeBytes = 0
  for await (const chunk of request) {
    sizeBytes += chunk.length
    if (sizeBytes > maxBytes) chunks = []
    else chunks.push(chunk)
  }
  return sizeBytes > maxBytes ? undefined : Buffer.concat(chunks).toString("utf8")
}

/** The value of a text that is JSON, or undefined; wrapped, because JSON can be anything. */
export const parseJson = (text: string): { readonly json: unknown } | undefined => {
  try {
    return { json: JSON.parse(text) }
  } catch {
    return undefined
  }
}
