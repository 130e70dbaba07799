import { parseArgs } from "node:util"

export interface StackOptions {
  readonly port: number
  readonly providersPort: number
  readonly redisPort: number
  readonly postgresPort: number
  /** What the simulated providers' waiting times are multiplied by. */
  readonly speed: number
  /** What the gateway runs on. */
  readonly runtime: "workerd" | "deno"
  readonly verbose: boolean
}

export const help = `Starts the whole of Voltgate on this machine: the gateway, Redis, Postgres, and simulated providers.

  npm start -- [options]

  --port N             the gateway's port (8787)
  --providers-port N   the simulated providers' port (8790)
  --redis-port N       the Redis endpoint's port (8791)
  --postgres-port N    the Postgres endpoint's port (8792)
  --speed X            multiplies the simulated providers' waiting times (1; 0 answers at once)
  --runtime NAME       workerd, as on Cloudflare, or deno (workerd)
  --verbose            shows the gateway's log
  --help               this text

A port of 0 takes any free one. Settings: REDIS_URL and DATABASE_URL use servers of yours; a key in .dev.vars
(OPENAI_API_KEY, ANTHROPIC_API_KEY, GOOGLE_API_KEY) uses the real provider in place of the simulated one.
Ctrl-C ends everything.`

/** The options of a command line; `help` when that is what is asked for. Throws a UsageError for anything else. */
export const parseOptions = (args: readonly string[]): StackOptions | "help" => {
  const values = parse(args)
  if (values.help === true) return "help"
  return {
    port: readPort("port", values.port, 8787),
    providersPort: readPort("providers-port", values["providers-port"], 8790),
    redisPort: readPort("redis-port", values["redis-port"], 8791),
    postgresPort: readPort("postgres-port", values["postgres-port"], 8792),
    speed: readSpeed(values.speed ?? "1"),
    runtime: readRuntime(values.runtime ?? "workerd"),
    verbose: values.verbose === true,
  }
}

/** A mistake in the command line or the settings; its message is all that a person needs. */
export class UsageError extends Error {
  override readonly name = "UsageError"
}

const text = { type: "string" } as const
const flag = { type: "boolean" } as const

const parse = (args: readonly string[]) => {
  try {
    return parseArgs({
      args: [...args],
      options: {
        port: text,
        "providers-port": text,
        "redis-port": text,
        "postgres-port": text,
        speed: text,
        runtime: text,
        verbose: flag,
        help: flag,
      },
    }).values
  } catch (error) {
    const [reason] = (error instanceof Error ? error.message : String(error)).split(/\.\s|\.$/)
    throw new UsageError(`${reason}. \`npm start -- --help\` lists the options.`)
  }
}

const readPort = (name: string, value: string | undefined, fallback: number): number => {
  const port = Number(value ?? fallback)
  // An empty text would count as 0, which means any port.
  if (value !== "" && Number.isInteger(port) && port >= 0 && port <= 65_535) return port
  throw new UsageError(`--${name} ${value}: a port is a whole number from 0 to 65535.`)
}

const readSpeed = (value: string): number => {
  const speed = Number(value)
  if (value !== "" && Number.isFinite(speed) && speed >= 0) return speed
  throw new UsageError(`--speed ${value}: give a number from 0 upwards.`)
}

const readRuntime = (value: string): "workerd" | "deno" => {
  if (value === "workerd" || value === "deno") return value
  throw new UsageError(`--runtime ${value}: give workerd or deno.`)
}
