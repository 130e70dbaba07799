import { randomBytes } from "node:crypto"
import { readFileSync } from "node:fs"
import * as v from "valibot"
import { UsageError } from "./arguments/usage-error.ts"
import type { Host } from "./command.ts"
import { mayColor } from "./may-color.ts"
import { run } from "./run.ts"

const { stdout, env } = process

const host: Host = {
  environment: env,
  colors: mayColor(stdout.isTTY, env),
  ...(stdout.isTTY ? { widthColumns: stdout.columns } : {}),
  nodeVersion: process.versions.node,
  fetch,
  randomBytes,
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
  if (error instanceof UsageError) finish(process.stderr, error.message, 2)
  else {
    // The message may hold anything, a password as well; the name may not.
    const kind = error instanceof Error ? error.name : typeof error
    finish(process.stderr, `Voltgate met an error that it does not know (${kind}). Please report what you ran.`, 1)
  }
}
