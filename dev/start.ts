import { fileURLToPath } from "node:url"
import { describeStack } from "./stack/describe-stack.ts"
import { readDevVars } from "./stack/dev-vars.ts"
import { UsageError, help, parseOptions } from "./stack/options.ts"
import { startStack } from "./stack/stack.ts"

const devVarsFile = fileURLToPath(new URL("../.dev.vars", import.meta.url))
const endLimitMs = 15_000

/** Runs the stack until a signal comes or the gateway ends by itself; resolves to the exit code. */
const run = async (): Promise<number> => {
  const options = parseOptions(process.argv.slice(2))
  if (options === "help") {
    console.log(help)
    return 0
  }
  const { REDIS_URL, DATABASE_URL } = process.env
  const {
    REDIS_URL: redisUrl = REDIS_URL,
    DATABASE_URL: databaseUrl = DATABASE_URL,
    ...settings
  } = readDevVars(devVarsFile)
  const ending = untilEnd()
  const stack = await startStack({
    ...options,
    settings,
    ...(redisUrl === undefined ? {} : { redisUrl }),
    ...(databaseUrl === undefined ? {} : { databaseUrl }),
    signal: ending.signal,
    onProgress: (step) => console.log(`Starting ${step} …`),
    onTrouble: (what) => console.error(`${what}\nRequests wait until that is mended.`),
    onEnd: ending.because,
    ...(options.verbose ? { onLog: (line: string) => console.log(line) } : {}),
  }).catch((error: unknown) => {
    // An interrupted start is no failure.
    if (ending.signal.aborted) return undefined
    throw error
  })
  if (stack === undefined) return 0
  console.log(describeStack(stack))
  const why = await ending.reason
  console.log(why === undefined ? "\nEnding …" : `\n${why}\nEnding the rest …`)
  await stack.stop()
  return why === undefined ? 0 : 1
}

interface Ending {
  /** Fires at once when the end is asked for. */
  readonly signal: AbortSignal
  /** Why it ends; undefined when somebody asked for it. */
  readonly reason: Promise<string | undefined>
  readonly because: (why: string) => void
}

const untilEnd = (): Ending => {
  const controller = new AbortController()
  const reason = Promise.withResolvers<string | undefined>()
  const end = (why?: string): void => {
    reason.resolve(why)
    controller.abort(new Error(why ?? "Interrupted."))
    setTimeout(() => {
      console.error(`Not every part ended within ${endLimitMs / 1000} s; those are cut off.`)
      process.exit(1)
    }, endLimitMs).unref()
  }
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, () => end())
  for (const event of ["uncaughtException", "unhandledRejection"] as const) {
    process.on(event, (error: unknown) => end(`Something unexpected failed: ${reasonOf(error)}`))
  }
  return { signal: controller.signal, reason: reason.promise, because: end }
}

const reasonOf = (error: unknown): string => (error instanceof Error ? error.message : String(error))

try {
  process.exit(await run())
} catch (error) {
  console.error(error instanceof UsageError ? error.message : `Voltgate could not start or end: ${reasonOf(error)}`)
  process.exit(1)
}
