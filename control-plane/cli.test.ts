import { spawn } from "node:child_process"
import { once } from "node:events"
import { readFileSync } from "node:fs"
import { fileURLToPath } from "node:url"
import { expect, onTestFinished, test } from "vitest"
import { startLoopbackServer } from "../test/loopback-server.ts"
import { voltgate } from "./testing.ts"

const secret = "vg_Qm9yZWQ0dGhlLXNlY3JldC1vZi1zb21lYm9keQ"

test("--help names the commands and the exit codes", async () => {
  const { exitCode, stdout, stderr } = await voltgate(["--help"])
  expect([exitCode, stderr]).toEqual([0, ""])
  for (const word of ["voltgate key", "voltgate doctor", "voltgate cache", "--version", "2 wrong usage"])
    expect(stdout).toContain(word)
})

test.each([
  ["key", "--tenant NAME", "2 wrong usage"],
  ["doctor", "--url URL", "1 a failure"],
])("%s --help names its options and exit codes", async (command, ...words) => {
  const [long, short] = await Promise.all([voltgate([command, "--help"]), voltgate([command, "-h"])])
  expect([long.exitCode, long.stderr]).toEqual([0, ""])
  for (const word of words) expect(long.stdout).toContain(word)
  expect(short).toEqual(long)
})

test("--version is the package's", async () => {
  const { version } = JSON.parse(readFileSync(new URL("../package.json", import.meta.url), "utf8"))
  expect(await voltgate(["--version"])).toEqual({ exitCode: 0, stdout: `${version}\n`, stderr: "" })
})

test.each([
  [[], "Name a command: key, doctor, cache, providers, images"],
  [["docter"], "no command docter; did you mean doctor?"],
  [["help"], "did you mean --help?"],
  [["kubernetes"], "it has key, doctor, cache, providers, images"],
  [["--verison"], "no option --verison; did you mean --version?"],
  [["doctor", "--jsno"], "no option --jsno; did you mean --json?"],
  [["doctor", "--json=yes"], "--json takes no value"],
  [["doctor", "--url"], "--url needs a value"],
  [["doctor", "--url", "--json"], "--url needs a value"],
  [["doctor", "--url", "ftp://gate.example"], "--url takes an address"],
  [["doctor", "--key", "two words"], "--key holds characters that no key has"],
  [["cache"], "voltgate cache purge"],
  [["cache", "pruge"], "did you mean purge?"],
  [["cache", "purge"], "Say what to purge"],
  [["cache", "purge", "--all", "--tag", "a"], "--all, which stands alone"],
  [["cache", "purge", "--picture", "/no/such/file.png"], "--picture takes a file that can be read"],
  [["cache", "purge", "--tga", "a"], "did you mean --tag?"],
  [["key"], "voltgate key --tenant NAME"],
  [["key", "--tenant", "a b"], "--tenant takes 1 to 64"],
  [["key", "--tenant", "a".repeat(65)], "--tenant takes 1 to 64"],
  [["key", "--tenant", "a", "--tenant", "b"], "--tenant is given twice"],
  [["key", "--tenant", "a", "--providers", "openai,,google"], "--providers takes names"],
  [["key", "--tenant", "a", "--query-types", "count,b c"], "--query-types takes names"],
])("%j is wrong usage, told in one line", async (args, message) => {
  const { exitCode, stdout, stderr } = await voltgate(args)
  expect([exitCode, stdout]).toEqual([2, ""])
  expect(stderr).toContain(message)
  expect(stderr.trimEnd()).not.toContain("\n")
})

test.each([
  [[secret]],
  [[`--${secret}`]],
  [["doctor", secret]],
  [["doctor", `--${secret}`]],
  [["doctor", `--keys=${secret}`]],
  [["doctor", `--json=${secret}`]],
  [["doctor", "--key", `${secret}\n`]],
  [["doctor", "--url", `http://user:${secret}@127.0.0.1`]],
])("a key in the wrong place is not repeated (%#)", async (args) => {
  const { exitCode, stdout, stderr } = await voltgate(args)
  expect(exitCode).toBe(2)
  expect(stdout + stderr).not.toContain(secret.slice(3))
})

test("the launcher passes on arguments, output and the exit code", async () => {
  const launcher = ["control-plane/voltgate.mjs"]
  const [good, wrong] = await Promise.all([voltgate(["key", "--help"], {}, launcher), voltgate(["keys"], {}, launcher)])
  expect(good).toEqual(await voltgate(["key", "--help"]))
  expect([wrong.exitCode, wrong.stdout, wrong.stderr]).toEqual([2, "", expect.stringContaining("did you mean key?")])
})

test.each(["SIGTERM", "SIGINT"] as const)(
  "%s to the launcher ends what it started",
  async (signal) => {
    const asked = Promise.withResolvers<void>()
    const server = await startLoopbackServer(() => asked.resolve())
    onTestFinished(server.close)
    const launcher = fileURLToPath(new URL("voltgate.mjs", import.meta.url))
    const child = spawn(process.execPath, [launcher, "doctor", "--url", server.url], {
      stdio: ["ignore", "pipe", "pipe"],
    })
    let output = ""
    for (const stream of [child.stdout, child.stderr]) stream.on("data", (text: Buffer) => (output += text.toString()))
    await asked.promise

    child.kill(signal)
    // Closed once nobody holds the pipes: had the doctor lived on, it would have printed its table first.
    const [exitCode] = await once(child, "close")

    expect(output).toBe("")
    expect(exitCode).not.toBe(0)
  },
  15_000,
)
