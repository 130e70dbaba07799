import { spawn } from "node:child_process"
import { createRequire } from "node:module"
import { createInterface } from "node:readline"
import { fileURLToPath } from "node:url"
import type { RunningWorker, WorkerOptions } from "./worker.ts"

const root = fileURLToPath(new URL("../..", import.meta.url))
const permissions = ["--allow-net", "--allow-env", "--allow-read", "--allow-ffi", "--allow-sys"]
const keptComplaints = 5

/**
 * Runs the gateway on Deno, in a process of its own that sees these settings and no others. The binary itself is started:
 * the package's own launcher would not pass a signal on.
 */
export const startDeno = async (options: WorkerOptions): Promise<RunningWorker> => {
  const { environment, port = 0, onLog, onEnd, signal } = options
  const child = spawn(findDeno(), ["run", ...permissions, "worker/runtime/deno/main.ts"], {
    cwd: root,
    env: { PATH: process.env["PATH"], HOME: process.env["HOME"], PORT: String(port), ...environment },
    stdio: ["ignore", "pipe", "pipe"],
  })
  const exited = new Promise<void>((resolve) => {
    child.once("exit", () => resolve())
    child.once("error", () => resolve())
  })
  let stopping = false
  const stop = async (): Promise<void> => {
    stopping = true
    child.kill("SIGTERM")
    await exited
  }
  const complaints: string[] = []
  createInterface(child.stderr).on("line", (line) => {
    complaints.push(line)
    if (complaints.length > keptComplaints) complaints.shift()
  })
  const listening = Promise.withResolvers<string>()
  let running = false
  createInterface(child.stdout).on("line", (line) => {
    const url = /^Voltgate on Deno: (\S+)$/.exec(line)?.[1]
    if (url === undefined) onLog?.(line)
    else listening.resolve(url)
  })
  child.once("error", listening.reject)
  child.once("close", () => {
    if (running && !stopping) onEnd?.(`Deno ended by itself. ${complaints.join(" ")}`.trim())
    listening.reject(new Error(`Deno ended before it listened. ${complaints.join(" ")}`.trim()))
  })
  const abort = (): void => void stop()
  signal?.addEventListener("abort", abort, { once: true })
  if (signal?.aborted === true) abort()
  try {
    const url = await listening.promise
    running = true
    return { url, stop }
  } finally {
    signal?.removeEventListener("abort", abort)
  }
}

/** The npm package puts its binary in place when it is first asked where that is. */
const findDeno = (): string => {
  const api: unknown = createRequire(import.meta.url)("deno/install_api.cjs")
  const install: unknown = typeof api === "object" && api !== null ? Reflect.get(api, "runInstall") : undefined
  if (typeof install !== "function")
    throw new Error("The npm package `deno` has changed: it has no runInstall any more.")
  return String(install())
}
