import { parseCommandLine, unknownName } from "./arguments/parse-command-line.ts"
import { UsageError } from "./arguments/usage-error.ts"
import { cacheCommand } from "./cache/cache-command.ts"
import type { Command, CommandResult, Host } from "./command.ts"
import { doctorCommand } from "./doctor/doctor-command.ts"
import { imagesCommand } from "./images/images-command.ts"
import { keyCommand } from "./key/key-command.ts"
import { providersCommand } from "./providers/providers-command.ts"

// The last two bring drivers and parsers along, for which no other command should wait.
const commands: ReadonlyMap<string, Command> = new Map<string, Command>([
  ["key", keyCommand],
  ["doctor", doctorCommand],
  ["cache", cacheCommand],
  ["providers", providersCommand],
  ["images", imagesCommand],
  ["scale", async (args, host) => (await import("./kubernetes/scale-command.ts")).scaleCommand(args, host)],
  ["db", async (args, host) => (await import("./postgres/db-command.ts")).dbCommand(args, host)],
])

const help = `Looks after a Voltgate gateway.

  voltgate key        makes an API key for a tenant
  voltgate doctor     looks at a gateway and what it stands on, and says what to do
  voltgate cache      takes answers out of a gateway's cache
  voltgate providers  shows how the providers do; drains, pins or resets one
  voltgate images     shows what a model would be sent of a picture
  voltgate scale      keeps Kubernetes deployments at the replicas that they need
  voltgate db         keeps a Postgres in shape, and undoes what did not help

  voltgate <command> --help   a command's options
  voltgate --version          the version
  voltgate --help             this text

Exit codes: 0 no failure, 1 a failure, 2 wrong usage, 3 something forbids it for now.`

/** What a command line prints, and its exit code. Throws a UsageError for one that means nothing. */
export const run = async (args: readonly string[], version: string, host: Host): Promise<CommandResult> => {
  const [name, ...rest] = args
  if (name === undefined) {
    throw new UsageError(`Name a command: ${[...commands.keys()].join(", ")}; \`voltgate --help\` tells more.`)
  }
  if (!name.startsWith("-")) {
    const command = commands.get(name)
    if (command === undefined) {
      throw unknownName(name, "voltgate", "command", [...commands.keys(), "--help", "--version"])
    }
    return command(rest, host)
  }
  const line = parseCommandLine(args, { command: "voltgate", texts: [], flags: ["help", "version"] })
  return { text: line.has("help") ? help : version, exitCode: 0 }
}
