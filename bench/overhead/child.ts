import { spawn } from "node:child_process"
import type { ChildProcess } from "node:child_process"
import { once } from "node:events"
import { readFileSync, readdirSync } from "node:fs"
import { createInterface } from "node:readline"
import type { Readable } from "node:stream"
import { fileURLToPath } from "node:url"

/** A process that serves on a port of this machine's loopback. */
export interface Server {
  readonly port: number
  /** User and system time of all its threads so far, in seconds. Needs Linux. */
  readonly cpuS: () => number
  readonly stop: () => Promise<void>
}

export interface Start {
  readonly command: string
  readonly args: readonly string[]
  /** The descriptor that it says its port on: scripts of ours on 1, workerd on 3. */
  readonly tellsOn: 1 | 3
  /** Finds the port in a line. */
  readonly portIn: (line: string) => number | undefined
}

/**
 * Starts a process and waits until it says its port. It ends with `stop`, or at the latest with this process: a script
 * of ours when its standard input ends, so that it can end what it started itself; workerd by force.
 */
export const startServer = async ({ command, args, tellsOn, portIn }: Start): Promise<Server> => {
  const child = spawn(command, args, {
    stdio: ["pipe", tellsOn === 1 ? "pipe" : "ignore", "pipe", tellsOn === 3 ? "pipe" : "ignore"],
  })
  const kill = (): void => void (tellsOn === 3 && child.kill("SIGKILL"))
  process.once("exit", kill)
  const exited = once(child, "exit")
  const complaints = collect(child.stderr)
  const port = await Promise.race([
    readPort(child, tellsOn, portIn),
    exited.then(() => {
      throw new Error(`${command} ended before it listened:\n${complaints()}`)
    }),
  ])
  return {
    port,
    cpuS: () => readCpuS(child.pid),
    stop: async () => {
      process.off("exit", kill)
      kill()
      child.stdin?.end()
      await exited
    },
  }
}

const readPort = async (child: ChildProcess, descriptor: number, portIn: Start["portIn"]): Promise<number> => {
  const stream = child.stdio[descriptor]
  if (!isReadable(stream)) throw new Error("The child has no output to read.")
  return new Promise((resolve) => {
    // Stays in place: a pipe that nobody empties would stop the child once it is full.
    createInterface(stream).on("line", (line) => {
      const port = portIn(line)
      if (port !== undefined) resolve(port)
    })
  })
}

const isReadable = (stream: unknown): stream is Readable =>
  typeof stream === "object" && stream !== null && "read" in stream

/** The last of what a process complains about. */
const collect = (stream: Readable | null): (() => string) => {
  let text = ""
  stream?.on("data", (chunk: Buffer) => {
    text = (text + chunk.toString()).slice(-4_000)
  })
  return () => text
}

/**
 * The first field of each thread's `schedstat`, in nanoseconds: the same as user and system time in `/proc/<pid>/stat`,
 * which counts in steps of 10 ms and so says nothing about the few streams of a second.
 */
const readCpuS = (pid: number | undefined): number =>
  readdirSync(`/proc/${pid}/task`)
    .map((thread) => Number(readFileSync(`/proc/${pid}/task/${thread}/schedstat`, "utf8").split(" ")[0]) / 1e9)
    .reduce((sum, seconds) => sum + seconds, 0)

/** Starts a script of the bench, in a Node of its own. */
export const startScript = (script: URL, args: readonly string[] = []): Promise<Server> =>
  startServer({
    command: process.execPath,
    args: [fileURLToPath(script), ...args],
    tellsOn: 1,
    portIn: (line) => {
      const port = /^port (\d+)$/.exec(line)?.[1]
      return port === undefined ? undefined : Number(port)
    },
  })
