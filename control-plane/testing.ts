import { spawn } from "node:child_process"
import { fileURLToPath } from "node:url"

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
