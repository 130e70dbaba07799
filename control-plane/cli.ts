import { randomBytes } from "node:crypto"
import { readFileSync } from "node:fs"
import * as v from "valibot"
import { UsageError } from "./arguments/usage-error.ts"
import type { Host } from "./command.ts"
import { mayColor } from "./may-color.ts"
import { run } from "./run.ts"

const { stdout, stderr, env } = process

let stop: AbortController | undefined

/** Only a command that asks for it takes signals into its own hands; any other ends at once, as processes do. */
const listenForStop = (): AbortSignal => {
  if (stop === undefined) {
    const asked = new AbortController()
    stop = asked
    // The first lets a command end what it began; who asks twice does not wait.
    for (const name of ["SIGINT", "SIGTERM"] as const) {
      process.on(name, () => (asked.signal.aborted ? process.exit(130) : asked.abort()))
    }
  }
  return stop.signal
}

const host: Host = {
  environment: env,
  colors: mayColor(stdout.isTTY, env),
  ...(stdout.isTTY ? { widthColumns: stdout.columns } : {}),
  nodeVersion: process.versions.node,
  fetch,
  randomBytes,
  progress: (line) => void stderr.write(`${line}\n`),
  print: (line) => void stdout.write(`${line}\n`),
  get stop() {
    return listenForStop()
  },
}

const readVersion = (): string => {
  const file = new URL("../package.json", import.meta.url)
  return v.parse(v.object({ version: v.string() }), JSON.parse(readFileSync(file, "utf8"))).version
}

/** Writes all of it, then ends the process: a connection that hangs must not keep it. */
const finish = (stream: NodeJS.WriteStream, text: string, exitCode: number): void => {
  // Who reads may have left, as in `voltgate doctor | head -1`.
  stream.on("error", () => process.exit(exitCode))
  stream.write(`${text}\n`, () => process.exit(exitCode))
}

// The Postgres driver warns, on lines of its own, of modes in an address that its server may have prescribed.
process.removeAllListeners("warning")

try {
  const { text, exitCode } = await run(process.argv.slice(2), readVersion(), host)
  finish(stdout, text, exitCode)
} catch (error) {
  if (error instanceof UsageError) finish(stderr, error.message, 2)
  else {
    // The message may hold anything, a password as well; the name may not.
    const kind = error instanceof Error ? error.name : typeof error
    finish(stderr, `Voltgate met an error that it does not know (${kind}). Please report what you ran.`, 1)
  }
}
