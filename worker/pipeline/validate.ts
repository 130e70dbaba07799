import * as v from "valibot"
import type { Problem } from "../../contract/error-code.ts"
import { GatewayError } from "../errors.ts"

/** The body in its named type, or an error that lists every problem with its path. */
export const validate = <T>(schema: v.GenericSchema<unknown, T>, body: unknown): T => {
  const parsed = v.safeParse(schema, body)
  if (parsed.success) return parsed.output
  const problems = parsed.issues.map((issue): Problem => ({ path: pathOf(issue), message: issue.message }))
  const listed = problems.map(({ path, message }) => (path === "" ? message : `${path}: ${message}`)).join(" ")
  throw new GatewayError("invalid_request", `The request has ${countOf(problems)}. ${listed}`, { problems })
}

const countOf = ({ length }: readonly unknown[]): string => (length === 1 ? "one problem" : `${length} problems`)

/** `images[2]`, `messages[0].content`. */
const pathOf = (issue: v.BaseIssue<unknown>): string =>
  (issue.path ?? []).reduce<string>((path, { key }) => {
    if (typeof key === "number") return `${path}[${key}]`
    return path === "" ? String(key) : `${path}.${String(key)}`
  }, "")
