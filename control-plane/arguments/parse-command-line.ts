import { parseArgs } from "node:util"
import { nearest } from "./nearest.ts"
import { UsageError } from "./usage-error.ts"

export interface CommandLineShape<Text extends string, Flag extends string> {
  /** How the command is called, for messages, e.g. `voltgate key`. */
  readonly command: string
  /** Options with a value. */
  readonly texts: readonly Text[]
  /** Options without one. `help` has the short form `-h`. */
  readonly flags: readonly Flag[]
  /** Of the options with a value, those that may be given more than once. */
  readonly repeatable?: readonly Text[]
}

export interface CommandLine<Text extends string, Flag extends string> {
  readonly text: (name: Text) => string | undefined
  /** Each value of an option that may be repeated. */
  readonly all: (name: Text) => readonly string[]
  readonly has: (name: Flag) => boolean
}

/**
 * Reads a command's options. Throws a UsageError for anything that it does not know. No value is ever repeated in a
 * message, and no word that does not look like an option's name: it may be a key that slipped into the wrong place.
 */
export const parseCommandLine = <Text extends string, Flag extends string>(
  args: readonly string[],
  { command, texts, flags, repeatable = [] }: CommandLineShape<Text, Flag>,
): CommandLine<Text, Flag> => {
  const values = new Map<string, readonly string[]>()
  const present = new Set<string>()
  for (const token of tokenize(args, texts, flags)) {
    if (token.kind === "option-terminator") continue
    if (token.kind === "positional") {
      throw new UsageError(`\`${command}\` takes options only, no other words. \`${command} --help\` lists them.`)
    }
    const { name, rawName, value, inlineValue } = token
    const given = values.get(name) ?? []
    if ((given.length > 0 && !includes(repeatable, name)) || present.has(name))
      throw new UsageError(`--${name} is given twice; give it once.`)
    if (includes(flags, name)) {
      if (value !== undefined) throw new UsageError(`--${name} takes no value.`)
      present.add(name)
    } else if (includes(texts, name)) {
      if (value === undefined || value === "" || (!inlineValue && value.startsWith("-"))) {
        throw new UsageError(
          `--${name} needs a value: --${name} VALUE, or --${name}=VALUE where it starts with a dash.`,
        )
      }
      values.set(name, [...given, value])
    } else {
      throw unknownName(
        rawName,
        command,
        "option",
        [...texts, ...flags].map((known) => `--${known}`),
      )
    }
  }
  return {
    text: (name) => values.get(name)?.[0],
    all: (name) => values.get(name) ?? [],
    has: (name) => present.has(name),
  }
}

/** The error for a command or an option that does not exist, with the one that was probably meant. */
export const unknownName = (
  typed: string,
  command: string,
  kind: "command" | "option",
  valid: readonly string[],
): UsageError => {
  const named = /^-{0,2}[a-z][a-z-]{0,23}$/i.test(typed) ? ` ${typed}` : " of that name"
  const close = nearest(typed, valid)
  const cure = close === undefined ? `it has ${valid.join(", ")}.` : `did you mean ${close}?`
  return new UsageError(`\`${command}\` has no ${kind}${named}; ${cure}`)
}

const tokenize = (args: readonly string[], texts: readonly string[], flags: readonly string[]) =>
  parseArgs({
    args: [...args],
    options: Object.fromEntries([
      ...texts.map((name) => [name, { type: "string" as const }]),
      ...flags.map((name) => [name, { type: "boolean" as const, ...(name === "help" ? { short: "h" } : {}) }]),
    ]),
    // The messages of the strict mode repeat what was typed.
    strict: false,
    tokens: true,
    allowPositionals: true,
  }).tokens

const includes = (names: readonly string[], name: string): boolean => names.includes(name)
