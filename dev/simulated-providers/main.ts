import { parseArgs } from "node:util"
import { startSimulatedProviders } from "./server.ts"

const help = `Simulated providers: OpenAI, Anthropic and Google by their own formats, with no model behind them.

Usage: node dev/with-node.mjs dev/simulated-providers/main.ts [--port 8790] [--speed 1]

  --port   where to listen on 127.0.0.1 (default 8790; 0 takes any free port)
  --speed  what waiting times are multiplied by (default 1, about a second an answer; 0 answers at once)
  --help   this text

The key is "simulated". Switch a fault on by hand, and see what arrived:
  curl -X PUT localhost:8790/control -d '{"openai":{"fault":"rate_limited","retryAfterS":3}}'
  curl localhost:8790/log
`

const amount = (name: string, text: string, most: number): number => {
  const value = Number(text)
  if (text.trim() === "" || !(value >= 0 && value <= most)) {
    throw new Error(`--${name} must be a number from 0 to ${most}, not "${text}".`)
  }
  return value
}

const run = async (): Promise<void> => {
  const { values } = parseArgs({
    options: {
      port: { type: "string", default: "8790" },
      speed: { type: "string", default: "1" },
      help: { type: "boolean", default: false },
    },
  })
  if (values.help) {
    process.stdout.write(help)
    return
  }
  const port = Math.trunc(amount("port", values.port, 65_535))
  const providers = await startSimulatedProviders({ port, speed: amount("speed", values.speed, 1000) })
  process.stdout.write(
    `Simulated providers at ${providers.url} (key "simulated"): /openai/v1, /anthropic/v1, /google/v1beta\n`,
  )
  for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => void providers.close())
}

const explain = (error: unknown): string => {
  if (!(error instanceof Error)) return String(error)
  return "code" in error && error.code === "EADDRINUSE"
    ? `That port is taken. Choose another with --port, or 0 for any free one. (${error.message})`
    : error.message
}

try {
  await run()
} catch (error) {
  process.stderr.write(`${explain(error)}\nTry --help.\n`)
  process.exitCode = 1
}
