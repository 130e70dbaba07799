import { existsSync, readFileSync } from "node:fs"
import { UsageError } from "./options.ts"

/** The settings in a `.dev.vars` file, NAME=value a line; none if there is no such file. Throws a UsageError that names the line. */
export const readDevVars = (file: string): Readonly<Record<string, string>> =>
  existsSync(file) ? parseDevVars(readFileSync(file, "utf8")) : {}

/** As dotenv reads it: quotes around a value go, and so does a comment after it, where a space stands before the #. */
export const parseDevVars = (content: string): Readonly<Record<string, string>> => {
  const settings: Record<string, string> = {}
  for (const [index, line] of content.split(/\r?\n/).entries()) {
    if (/^\s*(#|$)/.test(line)) continue
    const [, name, rest] = /^\s*(?:export\s+)?([A-Z][A-Z0-9_]*)\s*=\s*(.*)$/.exec(line) ?? []
    if (name === undefined || rest === undefined) {
      throw new UsageError(`.dev.vars, line ${index + 1}: write NAME=value, with a name in capital letters.`)
    }
    const value = readValue(rest)
    // The line itself is not repeated: it may hold a key.
    if (value === undefined) {
      throw new UsageError(`.dev.vars, line ${index + 1}: the quotes around the value of ${name} don't match.`)
    }
    settings[name] = value
  }
  return settings
}

const readValue = (rest: string): string | undefined =>
  /^["']/.test(rest) ? /^(["'])(.*)\1\s*(?:#.*)?$/.exec(rest)?.[2] : rest.replace(/(^|\s+)#.*$/, "").trimEnd()
