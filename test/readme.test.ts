import { execFile, execFileSync } from "node:child_process"
import { existsSync } from "node:fs"
import { mkdir, readFile, writeFile } from "node:fs/promises"
import { fileURLToPath } from "node:url"
import { promisify } from "node:util"
import { afterAll, beforeAll, describe, expect, test } from "vitest"
import { startOnWorkerd } from "./gateways.ts"
import { startWorld } from "./world.ts"
import type { World } from "./world.ts"

const root = fileURLToPath(new URL("..", import.meta.url))
const run = promisify(execFile)
const readme = await readFile(`${root}README.md`, "utf8")
const documented = "http://127.0.0.1:8787"

const blocks = (language: string): readonly string[] =>
  [...readme.matchAll(new RegExp(`^\`\`\`${language}\\n(.*?)^\`\`\``, "gms"))].map(([, code]) => code ?? "")

const has = (program: string): boolean => {
  try {
    execFileSync("which", [program], { stdio: "ignore" })
    return true
  } catch {
    return false
  }
}

describe("the README's examples work as they stand", () => {
  let world: World
  beforeAll(async () => {
    world = await startWorld(startOnWorkerd)
  }, 60_000)
  afterAll(() => world.stop(), 30_000)
  const here = (code: string): string => code.replaceAll(documented, world.url)

  const curls = blocks("sh").filter((code) => code.startsWith("curl"))
  test("there are three of curl", () => {
    expect(curls).toHaveLength(3)
  })
  // A machine with Node alone has no curl; there, only these three are passed over.
  describe.runIf(has("curl") && has("bash"))("with curl", () => {
    test.each(curls)("%s", { timeout: 30_000 }, async (code) => {
      const { stdout } = await run("bash", ["-c", here(code)], { cwd: root })
      expect(stdout).toMatch(/simulated|"candidates":\[\{/)
      expect(stdout).not.toContain('"error"')
    })
  })

  test("the client's example is the file that it names, and gets an answer", { timeout: 30_000 }, async () => {
    const example = await readFile(`${root}examples/openai-client.ts`, "utf8")
    expect(example).toContain(blocks("ts")[0])
    await mkdir(`${root}dist`, { recursive: true })
    await writeFile(`${root}dist/readme-example.ts`, here(example))
    const { stdout } = await run(process.execPath, ["dist/readme-example.ts"], { cwd: root })
    expect(stdout).toMatch(/simulated/)
  })

  test("every file that it links to is there", () => {
    const links = [...readme.matchAll(/\]\((?!https?:)([^)#]+)/g)].map(([, path]) => path ?? "")
    expect(links.length).toBeGreaterThan(6)
    expect(links.filter((path) => !existsSync(`${root}${path}`))).toEqual([])
  })
})
