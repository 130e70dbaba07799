import { spawn } from "node:child_process"
import { once } from "node:events"
import { createInterface } from "node:readline"
import { fileURLToPath } from "node:url"
import { startWorker } from "../dev/stack/worker.ts"
import type { StartGateway } from "./world.ts"

const root = fileURLToPath(new URL("..", import.meta.url))

/** The gateway as Cloudflare runs it. */
export const startOnWorkerd: StartGateway = (environment) => startWorker({ environment })

/** The gateway as Deno runs it, in a process of its own that sees these settings and no others. */
export const startOnDeno: StartGateway = async (environment) => {
  const child = spawn(process.execPath, ["dev/with-node.mjs", ...denoCommand], {
    cwd: root,
    env: { PATH: process.env["PATH"], HOME: process.env["HOME"], PORT: "0", ...environment },
    stdio: ["ignore", "pipe", "inherit"],
  })
  const exited = once(child, "exit")
  for await (const line of createInterface(child.stdout)) {
    const url = /http:\/\/[\d.:]+/.exec(line)?.[0]
    if (url === undefined) continue
    child.stdout.resume()
    return {
      url,
      stop: async () => {
        child.kill("SIGTERM")
        await exited
      },
    }
  }
  throw new Error("Deno ended before it listened.")
}

const denoCommand = [
  "deno",
  "run",
  "--allow-net",
  "--allow-env",
  "--allow-read",
  "--allow-ffi",
  "--allow-sys",
  "worker/runtime/deno/main.ts",
]
