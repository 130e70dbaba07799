import { randomBytes } from "node:crypto"
import { fileURLToPath } from "node:url"
import { SettingsError, parseSettings } from "../../worker/settings.ts"
import type { Settings } from "../../worker/settings.ts"
import { migrate } from "../postgres-endpoint/migrate.ts"
import { startPostgresEndpoint } from "../postgres-endpoint/start.ts"
import { startRedisEndpoint } from "../redis-endpoint/start.ts"
import { startSimulatedProviders } from "../simulated-providers/server.ts"
import { UsageError } from "./options.ts"
import type { StackOptions } from "./options.ts"
import { startDeno } from "./deno.ts"
import { checkPorts } from "./ports.ts"
import { startWorker } from "./worker.ts"

export interface StackInput extends StackOptions {
  /** From `.dev.vars`. */
  readonly settings: Readonly<Record<string, string>>
  readonly redisUrl?: string
  readonly databaseUrl?: string
  readonly onProgress: (step: string) => void
  readonly onLog?: (line: string) => void
  /** Gets what went wrong in a part that runs on. */
  readonly onTrouble: (what: string) => void
  /** Called when the gateway ended by itself. */
  readonly onEnd: (why: string) => void
  /** Gives up starting; what runs by then is ended. */
  readonly signal: AbortSignal
}

export interface RunningStack {
  readonly url: string
  /** What runs where: a name, an address, and what it is. */
  readonly parts: readonly (readonly [name: string, address: string, what: string])[]
  readonly simulated: readonly string[]
  /** The settings hold keys of the gateway's own, so a caller needs one. */
  readonly needsKey: boolean
  readonly stop: () => Promise<void>
}

const stateFolder = fileURLToPath(new URL("../../.voltgate/state", import.meta.url))
const simulatedKey = "simulated"

/** Starts every part in turn; when one fails, ends those that run already and throws. */
export const startStack = async (input: StackInput): Promise<RunningStack> => {
  const stops: (() => Promise<void>)[] = []
  const stop = async (): Promise<void> => {
    const failures: unknown[] = []
    // One part that does not end well must not keep the others running.
    for (const end of stops.splice(0).toReversed()) await end().catch((error: unknown) => failures.push(error))
    if (failures.length > 0) throw new AggregateError(failures, `Not every part ended well: ${failures.join("; ")}`)
  }
  const started = <Part extends { close: () => Promise<void> }>(part: Part): Part => {
    stops.push(part.close)
    return part
  }
  try {
    return { ...(await startParts(input, started, stops)), stop }
  } catch (error) {
    await stop().catch(() => undefined)
    throw error
  }
}

const startParts = async (
  input: StackInput,
  started: <Part extends { close: () => Promise<void> }>(part: Part) => Part,
  stops: (() => Promise<void>)[],
): Promise<Omit<RunningStack, "stop">> => {
  const { settings, signal } = input
  const onProgress = (step: string): void => {
    signal.throwIfAborted()
    input.onProgress(step)
  }
  await checkPorts([
    ["--port", input.port],
    ["--providers-port", input.providersPort],
    ["--redis-port", input.redisPort],
    ["--postgres-port", input.postgresPort],
  ])

  onProgress("simulated providers")
  const providers = started(
    await startSimulatedProviders({ port: input.providersPort, speed: input.speed, apiKey: simulatedKey }),
  )
  const ownUpstash = settings["UPSTASH_REDIS_REST_URL"]
  const redis = ownUpstash === undefined ? started(await startRedis(input, onProgress)) : undefined
  onProgress("Postgres")
  const postgres = started(
    await startPostgresEndpoint({
      port: input.postgresPort,
      ...(input.databaseUrl === undefined ? {} : { databaseUrl: input.databaseUrl }),
    }),
  )
  await migrate(postgres.databaseUrl)

  const simulated = ["openai", "anthropic", "google"].filter((name) => !(`${name.toUpperCase()}_API_KEY` in settings))
  const environment = {
    VOLTGATE_OPEN: "loopback",
    ...(redis === undefined ? {} : { UPSTASH_REDIS_REST_URL: redis.url, UPSTASH_REDIS_REST_TOKEN: redis.token }),
    DATABASE_URL: postgres.connectionString,
    VOLTGATE_NEON_ENDPOINT: postgres.fetchEndpoint,
    ...settings,
    // Last, so that nothing in .dev.vars can make a simulated answer look real, or send the simulated key elsewhere.
    ...simulatedSettings(simulated, providers.url),
  }
  const { keys } = checkSettings(environment)

  onProgress("the gateway")
  const worker = await (input.runtime === "deno" ? startDeno : startWorker)({
    environment,
    port: input.port,
    stateFolder,
    watch: true,
    signal,
    onTrouble: input.onTrouble,
    onEnd: input.onEnd,
    ...(input.onLog === undefined ? {} : { onLog: input.onLog }),
  })
  stops.push(worker.stop)
  await checkReadiness(worker.url)
  return {
    url: worker.url,
    simulated,
    needsKey: keys.length > 0,
    parts: [
      ["gateway", worker.url, input.runtime === "deno" ? "on Deno" : "the Worker in workerd, with its Durable Objects"],
      ["providers", providers.url, describeProviders(simulated)],
      redis === undefined
        ? ["Redis", ownUpstash ?? "", "the Upstash of .dev.vars"]
        : ["Redis", redis.url, `Upstash's protocol over ${redis.backing}`],
      ["Postgres", postgres.fetchEndpoint, `Neon's protocol over ${postgres.backing}`],
    ],
  }
}

const startRedis = (
  { redisPort: port, redisUrl }: StackInput,
  onProgress: (step: string) => void,
): ReturnType<typeof startRedisEndpoint> => {
  onProgress("Redis")
  const token = randomBytes(16).toString("hex")
  return startRedisEndpoint({ port, token, ...(redisUrl === undefined ? {} : { redisUrl }) })
}

const simulatedSettings = (names: readonly string[], url: string): Readonly<Record<string, string>> => ({
  VOLTGATE_SIMULATED: names.join(","),
  ...Object.fromEntries(
    names.flatMap((name) => [
      [`${name.toUpperCase()}_API_KEY`, simulatedKey],
      [`${name.toUpperCase()}_BASE_URL`, name === "openai" ? `${url}/openai/v1` : `${url}/${name}`],
    ]),
  ),
})

/** Before the Worker starts, because it could only answer each request with the same complaint. */
const checkSettings = (environment: Readonly<Record<string, string>>): Settings => {
  try {
    return parseSettings(environment)
  } catch (error) {
    if (error instanceof SettingsError) throw new UsageError(`${error.message}\nThey come from .dev.vars.`)
    throw error
  }
}

/** What listens may still refuse everybody; `/readyz` says whether it would answer. */
const checkReadiness = async (url: string): Promise<void> => {
  const response = await fetch(`${url}/readyz`, { signal: AbortSignal.timeout(15_000) })
  const said = await response.text()
  if (!response.ok) throw new Error(`The gateway runs but is not ready (${response.status}): ${said}`)
}

const describeProviders = (simulated: readonly string[]): string => {
  const real = ["openai", "anthropic", "google"].filter((name) => !simulated.includes(name))
  if (real.length === 0) return "openai, anthropic, google: all SIMULATED"
  const rest = simulated.length === 0 ? "none simulated" : `${simulated.join(", ")} SIMULATED`
  return `${real.join(", ")} real (.dev.vars), ${rest}`
}
