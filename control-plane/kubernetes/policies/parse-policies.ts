import * as v from "valibot"
import { LineCounter, parseDocument } from "yaml"
import type { Document } from "yaml"
import { nearest } from "../../arguments/nearest.ts"
import { buildPolicy } from "./build-policy.ts"
import type { Policy } from "./policy.ts"
import { PolicyEntry, PolicyFile } from "./policy-schema.ts"
import { keysAt } from "./keys-at.ts"

/** Something wrong with a policy file, and where. Lines and columns count from 1. */
export interface PolicyProblem {
  readonly line: number
  readonly column: number
  /** e.g. `policies[0].replicas.min` */
  readonly path: string
  /** A sentence without the place. */
  readonly message: string
}

export type ParsedPolicies =
  | { readonly policies: readonly Policy[]; readonly problems?: undefined }
  | { readonly problems: readonly PolicyProblem[]; readonly policies?: undefined }

type Path = readonly (string | number)[]

const mostBytes = 1_048_576
const mostSaid = 120

/** Reads a policy file in YAML, and names every problem in it at once, in the order of the lines. */
export const parsePolicies = (yaml: string): ParsedPolicies => {
  if (yaml.length > mostBytes)
    return { problems: [{ line: 1, column: 1, path: "", message: "The file is larger than 1 MiB." }] }
  const lines = new LineCounter()
  const document = parseDocument(yaml, { lineCounter: lines, uniqueKeys: true, prettyErrors: false })
  const placed = (offset: number, path: Path, message: string): PolicyProblem => {
    const { line, col } = lines.linePos(offset)
    return { line: Math.max(1, line), column: Math.max(1, col), path: showPath(path), message }
  }
  // What follows the first mistake in the syntax is its consequence.
  const [broken] = document.errors
  if (broken !== undefined) {
    const said = (broken.message.split("\n")[0] ?? "").replace(/\.$/, "").slice(0, mostSaid)
    return { problems: [placed(broken.pos[0], [], `This is no YAML: ${said}.`)] }
  }
  const problems: PolicyProblem[] = []
  const complain = (path: Path, message: string, at: "key" | "value" = "value"): void => {
    problems.push(placed(offsetOf(document, path, at), path, message))
  }
  const content = readContent(document)
  if ("message" in content) return { problems: [placed(0, [], content.message)] }
  const parsed = v.safeParse(PolicyFile, content.value)
  if (!parsed.success) for (const issue of parsed.issues) complain(...describeIssue(issue))
  // What concerns several fields is looked at in each policy whose own fields are right, so that all is named at once.
  const built = entriesOf(content.value).flatMap(({ entry, index }) => {
    const read = v.safeParse(PolicyEntry, entry)
    if (!read.success) {
      complainOfBounds(entry, index, complain)
      return []
    }
    const policy = buildPolicy(read.output, (path, message) =>
      complain(
        ["policies", index, ...path],
        path.length === 0 ? `\`${read.output.name}\` ${message}.` : sentence(path, message),
      ),
    )
    return policy ?? []
  })
  complainOfDoubles(entriesOf(content.value), complain)
  if (parsed.success && problems.length === 0) return { policies: built }
  return { problems: problems.toSorted((a, b) => a.line - b.line || a.column - b.column) }
}

/** Aliases that unfold without end are an error of the document, not of ours. */
const readContent = (document: Document): { readonly value: unknown } | { readonly message: string } => {
  try {
    return { value: document.toJS({ maxAliasCount: 100 }) }
  } catch {
    return { message: "Its aliases unfold to too much." }
  }
}

const sentence = (path: Path, message: string): string => `\`${String(path.at(-1))}\` ${message}.`

const describeIssue = (issue: v.BaseIssue<unknown>): [Path, string, "key" | "value"] => {
  const path: Path = (issue.path ?? []).map(({ key }) => (typeof key === "number" ? key : String(key)))
  const key = String(path.at(-1) ?? "the file")
  if (issue.type !== "strict_object") {
    if (path.length === 0) return [path, "The file must begin with `policies:` and a list.", "value"]
    const isMissing = issue.type === "variant" && issue.received === "undefined"
    if (isMissing)
      return [path.slice(0, -1), `\`${key}\` ${issue.expected === null ? "is missing" : issue.message}.`, "value"]
    return [
      path,
      `\`${key}\` ${issue.message.startsWith("Invalid") ? "must be a section of fields" : issue.message}.`,
      "value",
    ]
  }
  if (path.length === 0 || (path.length === 1 && issue.expected !== "never")) {
    return [[], "The file must begin with `policies:` and a list.", "value"]
  }
  if (issue.expected !== "never") {
    return issue.received === "undefined" && issue.expected !== "Object"
      ? [path.slice(0, -1), `\`${key}\` is missing.`, "value"]
      : [path, `\`${key}\` must be a section of fields.`, "value"]
  }
  const known = keysAt(PolicyFile, issue.path ?? [])
  const close = nearest(key, known)
  return [
    path,
    `\`${key}\` is no key here; ${close === undefined ? `there are ${known.join(", ")}.` : `did you mean ${close}?`}`,
    "key",
  ]
}

/** Where in the file a path stands, or the nearest part of it that is there. */
const offsetOf = (document: Document, path: Path, at: "key" | "value"): number => {
  for (let length = path.length; length >= 0; length--) {
    const found =
      at === "key" && length === path.length ? keyOffset(document, path) : valueOffset(document, path.slice(0, length))
    if (found !== undefined) return found
  }
  return 0
}

const valueOffset = (document: Document, path: Path): number | undefined => rangeStart(document.getIn(path, true))

const keyOffset = (document: Document, path: Path): number | undefined => {
  const parent: unknown = document.getIn(path.slice(0, -1), true)
  if (typeof parent !== "object" || parent === null || !("items" in parent) || !Array.isArray(parent.items))
    return undefined
  for (const item of parent.items as readonly unknown[]) {
    if (typeof item !== "object" || item === null || !("key" in item)) continue
    const key: unknown = item.key
    if (typeof key === "object" && key !== null && "value" in key && key.value === path.at(-1)) return rangeStart(key)
  }
  return undefined
}

const rangeStart = (node: unknown): number | undefined => {
  if (typeof node !== "object" || node === null || !("range" in node) || !Array.isArray(node.range)) return undefined
  const [start] = node.range as readonly unknown[]
  return typeof start === "number" ? start : undefined
}

const showPath = (path: Path): string =>
  path.reduce<string>(
    (shown, key) => (typeof key === "number" ? `${shown}[${key}]` : shown === "" ? key : `${shown}.${key}`),
    "",
  )

interface RawEntry {
  readonly entry: unknown
  readonly index: number
}

const entriesOf = (content: unknown): readonly RawEntry[] => {
  const list: unknown =
    typeof content === "object" && content !== null && "policies" in content ? content.policies : undefined
  return Array.isArray(list) ? list.map((entry: unknown, index) => ({ entry, index })) : []
}

const textIn = (entry: unknown, key: string): string | undefined => {
  const value: unknown = typeof entry === "object" && entry !== null ? Reflect.get(entry, key) : undefined
  return typeof value === "string" ? value : undefined
}

const Bounds = v.object({ replicas: v.object({ min: v.number(), max: v.number() }) })

/** The one rule over two fields that a person trips over most, also where other fields are wrong. */
const complainOfBounds = (entry: unknown, index: number, complain: (path: Path, message: string) => void): void => {
  const bounds = v.safeParse(Bounds, entry)
  if (!bounds.success) return
  const { min, max } = bounds.output.replicas
  if (min > max) complain(["policies", index, "replicas", "min"], `\`min\` must not be above max, which is ${max}.`)
}

/** Two policies of one name, or for one deployment, would undo each other's work. */
const complainOfDoubles = (entries: readonly RawEntry[], complain: (path: Path, message: string) => void): void => {
  const targetOf = (entry: unknown): string =>
    `${textIn(entry, "namespace") ?? "default"}/${textIn(entry, "deployment")}`
  for (const { entry, index } of entries) {
    const before = entries.slice(0, index)
    const name = textIn(entry, "name")
    if (name !== undefined && before.some((other) => textIn(other.entry, "name") === name)) {
      complain(["policies", index, "name"], `\`${name}\` is the name of another policy above.`)
    }
    const rival = before.find((other) => targetOf(other.entry) === targetOf(entry))
    if (textIn(entry, "deployment") !== undefined && rival !== undefined) {
      complain(
        ["policies", index, "deployment"],
        `${targetOf(entry)} is the target of \`${textIn(rival.entry, "name") ?? "another"}\` already: one policy a deployment.`,
      )
    }
  }
}
