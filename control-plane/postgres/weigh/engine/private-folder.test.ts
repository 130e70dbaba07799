import { spawn } from "node:child_process"
import { once } from "node:events"
import { access } from "node:fs/promises"
import { fileURLToPath } from "node:url"
import { expect, test } from "vitest"

const module = fileURLToPath(new URL("private-folder.ts", import.meta.url))

test.each([
  ["SIGINT", 130],
  ["SIGTERM", 143],
] as const)(
  "a run that %s ends takes its folder along",
  async (signal, exitCode) => {
    const script = `
    import { makePrivateFolder } from ${JSON.stringify(module)}
    await makePrivateFolder()
    const { path } = await makePrivateFolder()
    setInterval(() => undefined, 1000)
    process.stdout.write(path)`
    const run = spawn(process.execPath, ["--input-type=module-typescript", "--eval", script], {
      stdio: ["ignore", "pipe", "inherit"],
    })
    const [path] = (await once(run.stdout, "data")) as [Buffer]
    await access(String(path))
    run.kill(signal)
    expect(await once(run, "exit")).toEqual([exitCode, null])
    await expect(access(String(path))).rejects.toMatchObject({ code: "ENOENT" })
  },
  20_000,
)
