import { existsSync, readFileSync } from "node:fs"
import { UsageError } from "./options.ts"

/** The settings in a `.dev.vars` file, NAME=value a line; none if there is no such file. Throws a UsageError that names the line. */
export const readDevVars = (file: string): Readonly<Record<string, string>> =>
  existsSync(file) ? parseDevVars(readFileSync(file, "utf8")) : {}

export const parseDevVars = (content: string): Readonly<Record<string, string>> => {
  const settings: Record<string, string> = {}
  for (const [index, line] of content.split(/\r?\n/).entries()) {
    if (/^\s*(#|$)/.test(line)) continue
    const [, name, value] = /^\s*(?:export\s+)?([A-Z][A-Z0-9_]*)\s*=\s*(.*?)\s*$/.exec(line) ?? []
    if (name === undefined || value === undefined) {
      throw new UsageError(`.dev.vars, line ${index + 1}: write NAME=value, with a name in capital letters.`)
    }
    settings[name] = /^(["'])(.*)\1$/.exec(value)?.[2] ?? value
  }
  return settings
}
