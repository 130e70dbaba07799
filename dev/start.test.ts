import { execFileSync, spawn } from "node:child_process"
import { once } from "node:events"
import { createInterface } from "node:readline"
import { fileURLToPath } from "node:url"
import { describe, expect, test } from "vitest"
import { sample } from "./samples.ts"

const root = fileURLToPath(new URL("..", import.meta.url))
const freePorts = ["--port", "0", "--providers-port", "0", "--redis-port", "0", "--postgres-port", "0", "--speed", "0"]

/** `npm start`, without npm. */
const launch = (...args: readonly string[]) => {
  const child = spawn(process.execPath, ["dev/with-node.mjs", "dev/start.ts", ...args], { cwd: root })
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

test("a wrong option is one sentence and no stack trace", async () => {
  const { lines, exit } = launch("--prot", "1")
  expect(await exit).toEqual([1, null])
  expect(lines).toEqual(["Unknown option '--prot'. `npm start -- --help` lists the options."])
})
