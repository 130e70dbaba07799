import { unknownName } from "./arguments/parse-command-line.ts"
import { UsageError } from "./arguments/usage-error.ts"
import type { Command } from "./command.ts"

export interface Subcommand {
  readonly name: string
  /** What it does, in a line of the help. */
  readonly about: string
  readonly run: Command
}

/** A command that is a family of commands, e.g. `voltgate db`: its help lists them, and a misspelled one is named. */
export const familyOf = (
  command: string,
  about: string,
  subcommands: readonly Subcommand[],
  footer: string,
): Command => {
  const width = Math.max(...subcommands.map(({ name }) => name.length))
  const help = [
    about,
    "",
    ...subcommands.map((each) => `  ${command} ${each.name.padEnd(width)}  ${each.about}`),
    "",
    `  ${command} <command> --help   a command's options`,
    "",
    footer,
  ].join("\n")
  return async ([name, ...rest], host) => {
    if (name === "--help" || name === "-h") return { text: help, exitCode: 0 }
    const names = subcommands.map((each) => each.name)
    if (name === undefined) {
      throw new UsageError(`Name a command: ${names.join(", ")}; \`${command} --help\` tells more.`)
    }
    const found = subcommands.find((each) => each.name === name)
    if (found === undefined) throw unknownName(name, command, "command", [...names, "--help"])
    return found.run(rest, host)
  }
}
