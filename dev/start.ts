import { fileURLToPath } from "node:url"
import { readDevVars } from "./stack/dev-vars.ts"
import { UsageError, help, parseOptions } from "./stack/options.ts"
import { startStack } from "./stack/stack.ts"
import type { RunningStack } from "./stack/stack.ts"

const root = fileURLToPath(new URL("..", import.meta.url))

const start = async (): Promise<void> => {
  const options = parseOptions(process.argv.slice(2))
  if (options === "help") return console.log(help)
  const { REDIS_URL: redisUrl, DATABASE_URL: databaseUrl } = process.env
  const interrupted = untilInterrupted()
  const starting = startStack({
    ...options,
    settings: readDevVars(`${root}.dev.vars`),
    ...(redisUrl === undefined ? {} : { redisUrl }),
    ...(databaseUrl === undefined ? {} : { databaseUrl }),
    onProgress: (step) => console.log(`Starting ${step} …`),
    ...(options.verbose ? { onLog: (line: string) => console.log(line) } : {}),
  })
  const stack = await starting
  console.log(describe(stack))
  await interrupted
  console.log("\nEnding …")
  await stack.stop()
}

const untilInterrupted = (): Promise<void> =>
  new Promise((resolve) => {
    for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, () => resolve())
  })

const describe = ({ url, parts, simulated }: RunningStack): string => {
  const widths = [0, 1].map((column) => Math.max(...parts.map((part) => part[column]?.length ?? 0)))
  const rows = parts.map(
    ([name, address, what]) => `  ${name.padEnd(widths[0] ?? 0)}  ${address.padEnd(widths[1] ?? 0)}  ${what}`,
  )
  const note =
    simulated.length === 0
      ? ""
      : `\nAnswers of ${simulated.join(", ")} are simulated, and say so. Put real keys into .dev.vars to ask the real ones.\n`
  return `
Voltgate is running.

${rows.join("\n")}
${note}
Try it, from this folder; ask twice, and the second answer comes from the cache:

  curl -s ${url}/v1/analyze -F image=@dev/samples/panel-schedule.png -F query="Which breakers are there, and at what rating?"

Ctrl-C ends everything.`
}

try {
  await start()
  process.exit(0)
} catch (error) {
  console.error(
    error instanceof UsageError
      ? error.message
      : `Voltgate could not start: ${error instanceof Error ? error.message : String(error)}`,
  )
  process.exit(1)
}
