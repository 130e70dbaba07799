import { execFileSync, spawn } from "node:child_process"
import type { ChildProcess } from "node:child_process"
import { once } from "node:events"
import { createServer } from "node:net"
import { createInterface } from "node:readline"
import { fileURLToPath } from "node:url"
import { afterEach, describe, expect, test } from "vitest"
import { sample } from "./samples.ts"

const root = fileURLToPath(new URL("..", import.meta.url))
const freePorts = ["--port", "0", "--providers-port", "0", "--redis-port", "0", "--postgres-port", "0", "--speed", "0"]

const launched: ChildProcess[] = []
afterEach(() => {
  // A test that failed leaves nothing running either; the launcher passes the signal on. To one that ended it does nothing.
  for (const child of launched.splice(0)) child.kill("SIGTERM")
})

/** `npm start`, without npm. */
const launch = (...args: readonly string[]) => {
  const child = spawn(process.execPath, ["dev/with-node.mjs", "dev/start.ts", ...args], { cwd: root })
  launched.push(child)
  const lines: string[] = []
  for (const stream of [child.stdout, child.stderr]) createInterface(stream).on("line", (line) => lines.push(line))
  return { child, lines, exit: once(child, "exit") }
}

/** Ids of all processes below one, however deep; the dead ones that nobody has collected yet do not count. */
const descendants = (parent: number): readonly number[] => {
  const rows = execFileSync("ps", ["-eo", "pid=,ppid=,stat="], { encoding: "utf8" })
    .trim()
    .split("\n")
    .map((row) => row.trim().split(/\s+/))
    .filter(([, , state]) => state?.startsWith("Z") !== true)
  const below = (id: number): number[] =>
    rows.flatMap(([pid, ppid]) => (Number(ppid) === id ? [Number(pid), ...below(Number(pid))] : []))
  return below(parent)
}

const commandOf = (id: number): string =>
  execFileSync("ps", ["-o", "comm=", "-p", String(id)], { encoding: "utf8" }).trim()

const isAlive = (id: number): boolean => {
  try {
    process.kill(id, 0)
    return true
  } catch {
    return false
  }
}

describe.each(["workerd", "deno"])("the local stack on %s", (runtime) => {
  test("answers the curl line that it prints, and Ctrl-C leaves no process behind", { timeout: 120_000 }, async () => {
    const { child, lines, exit } = launch(...freePorts, "--runtime", runtime)
    const curl = () =>
      lines.map((line) => /curl -s (\S+)\/v1\/analyze/.exec(line)?.[1]).find((url) => url !== undefined)
    await expect.poll(curl, { timeout: 60_000 }).toBeDefined()
    const ask = async () => {
      const form = new FormData()
      form.set("query", "Which breakers are there, and at what rating?")
      form.set("image", new Blob([await sample("panel-schedule.png")]))
      const response = await fetch(`${curl()}/v1/analyze`, { method: "POST", body: form })
      return [response.headers.get("x-voltgate-cache"), await response.text()] as const
    }
    const first = await ask()
    expect(first).toEqual(["miss", expect.stringContaining("simulated")])
    expect(await ask()).toEqual(["hit", expect.any(String)])

    const processes = descendants(child.pid ?? 0)
    expect(processes.length).toBeGreaterThan(1)
    child.kill("SIGINT")
    expect(await exit).toEqual([0, null])
    await expect.poll(() => processes.filter(isAlive), { timeout: 10_000 }).toEqual([])
  })
})

test("a signal in the middle of the start ends what runs by then", { timeout: 120_000 }, async () => {
  const { child, lines, exit } = launch(...freePorts)
  await expect.poll(() => lines, { timeout: 60_000, interval: 5 }).toContain("Starting Postgres …")
  const processes = descendants(child.pid ?? 0)

  child.kill("SIGTERM")

  expect(await exit).toEqual([0, null])
  expect(lines.join("\n")).not.toContain("Voltgate is running")
  await expect.poll(() => processes.filter(isAlive), { timeout: 10_000 }).toEqual([])
})

test("a gateway that ends by itself is said, and ends the rest", { timeout: 120_000 }, async () => {
  const { child, lines, exit } = launch(...freePorts, "--runtime", "deno")
  await expect.poll(() => lines.join("\n"), { timeout: 60_000 }).toContain("Voltgate is running")
  const processes = descendants(child.pid ?? 0)
  const deno = processes.find((id) => commandOf(id).startsWith("deno"))
  if (deno === undefined) throw new Error("No Deno is among the processes.")

  process.kill(deno, "SIGKILL")

  expect(await exit).toEqual([1, null])
  expect(lines.join("\n")).toContain("Deno ended by itself.")
  await expect.poll(() => processes.filter(isAlive), { timeout: 10_000 }).toEqual([])
})

test("a busy port is one sentence with a command that works", async () => {
  const server = createServer().listen(0, "127.0.0.1")
  await once(server, "listening")
  const address = server.address()
  const port = typeof address === "object" && address !== null ? address.port : 0

  const { lines, exit } = launch(...freePorts, "--port", String(port))

  expect(await exit).toEqual([1, null])
  expect(lines).toEqual([expect.stringMatching(`^Port ${port} is taken\\..*npm start -- --port \\d+$`)])
  server.close()
})

test("a wrong option is one sentence and no stack trace", async () => {
  const { lines, exit } = launch("--prot", "1")
  expect(await exit).toEqual([1, null])
  expect(lines).toEqual(["Unknown option '--prot'. `npm start -- --help` lists the options."])
})
