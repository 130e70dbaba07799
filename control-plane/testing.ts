import { spawn } from "node:child_process"
import { fileURLToPath } from "node:url"
import type { Host } from "./command.ts"

export interface Ran {
  readonly exitCode: number | null
  readonly stdout: string
  readonly stderr: string
}

const root = fileURLToPath(new URL("..", import.meta.url))

/** Runs `voltgate` as a process, as a user does, with these settings and none of the machine's own. */
export const voltgate = (
  args: readonly string[],
  environment: Readonly<Record<string, string>> = {},
  program: readonly string[] = ["dev/with-node.mjs", "control-plane/cli.ts"],
): Promise<Ran> =>
  new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [...program, ...args], {
      cwd: root,
      env: { PATH: process.env["PATH"], ...environment },
      stdio: ["ignore", "pipe", "pipe"],
    })
    let [stdout, stderr] = ["", ""]
    child.stdout.on("data", (text: Buffer) => (stdout += text.toString()))
    child.stderr.on("data", (text: Buffer) => (stderr += text.toString()))
    child.once("error", reject)
    child.once("close", (exitCode) => resolve({ exitCode, stdout, stderr }))
  })

/** A host with nothing: no network, no settings, no terminal. Name what the command under test needs. */
export const hostOf = (given: Partial<Host> = {}): Host => ({
  environment: {},
  colors: false,
  nodeVersion: "24.0.0",
  fetch: () => Promise.reject(new Error("This test has no network.")),
  randomBytes: (count) => new Uint8Array(count),
  progress: () => undefined,
  print: () => undefined,
  stop: new AbortController().signal,
  ...given,
})
