import { mkdtemp, rm, writeFile } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { afterEach, beforeEach, expect, test, vi } from "vitest"
import { startWorker } from "./worker.ts"

const generousMs = 60_000

let folder = ""
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "voltgate-worker-"))
})
afterEach(() => rm(folder, { recursive: true, force: true }))

const source = (text: string): Promise<void> => writeFile(join(folder, "worker.js"), text)

const write = async (text: string): Promise<string> => {
  const config = join(folder, "wrangler.toml")
  await writeFile(config, `name = "sample"\nmain = "worker.js"\ncompatibility_date = "2026-10-20"\n`)
  await source(text)
  return config
}

const answering = (body: string): string => `export default { fetch: (request, env) => new Response(${body}) }`

const read = async (url: string): Promise<string> => (await fetch(url)).text()

test(
  "gives the Worker the settings it is given and none from a .dev.vars beside it",
  { timeout: generousMs },
  async () => {
    const config = await write(answering("[env.GIVEN, env.SHARED, env.OTHER].join()"))
    await writeFile(join(folder, ".dev.vars"), "SHARED=theirs\nOTHER=theirs\n")

    const worker = await startWorker({ config, environment: { GIVEN: "a $HOME ${HOME} '\"", SHARED: "ours" } })

    try {
      expect(await read(worker.url)).toBe("a $HOME ${HOME} '\",ours,")
    } finally {
      await worker.stop()
    }
  },
)

test("rejects with the place in the sources when they don't compile", { timeout: generousMs }, async () => {
  const config = await write("export default {\n  fetch( {")

  await expect(startWorker({ config, environment: {} })).rejects.toThrow(
    /sources don't compile\. .*worker\.js:2:\d+: Expected/,
  )
})

test(
  "reports sources that stop compiling, and answers again when they are mended",
  { timeout: generousMs },
  async () => {
    const config = await write(answering('"first"'))
    const troubles: string[] = []
    const onTrouble = (what: string): void => void troubles.push(what)
    const worker = await startWorker({ config, environment: {}, watch: true, onTrouble })

    try {
      await source("export default {")
      await vi.waitFor(() => expect(troubles[0]).toMatch(/worker\.js:1:\d+: Expected/), { timeout: generousMs / 3 })
      await source(answering('"second"'))
      await vi.waitFor(async () => expect(await read(worker.url)).toBe("second"), { timeout: generousMs / 3 })
    } finally {
      await worker.stop()
    }
  },
)

test("gives up starting when it is told to", { timeout: generousMs }, async () => {
  const config = await write(answering('"never"'))
  const reason = new Error("Changed my mind.")

  await expect(startWorker({ config, environment: {}, signal: AbortSignal.abort(reason) })).rejects.toBe(reason)
})

test(
  "leaves no listener for signals behind, so that Ctrl-C stays with the caller",
  { timeout: generousMs },
  async () => {
    const config = await write(answering('"ok"'))
    const count = (): readonly number[] =>
      ["SIGINT", "SIGTERM", "SIGHUP"].map((signal) => process.listenerCount(signal))
    const before = count()

    const worker = await startWorker({ config, environment: {} })

    try {
      expect(count()).toEqual(before)
    } finally {
      await worker.stop()
    }
  },
)
