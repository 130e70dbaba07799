import { writeFile } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import { Hono } from "hono"
import { afterAll, beforeAll, expect, test } from "vitest"
import { serveApp } from "../../dev/serve-app.ts"
import type { ServedApp } from "../../dev/serve-app.ts"
import { createApp } from "../../worker/app.ts"
import { createGateway } from "../../worker/create-gateway.ts"
import { png } from "../../worker/images/tiny-images.suite.ts"
import { createSharpEngine } from "../../worker/runtime/deno/sharp-engine.ts"
import { createMemoryProviderBoard } from "../../worker/runtime/memory/provider-board.ts"
import { createMemoryRequestLedger } from "../../worker/runtime/memory/request-ledger.ts"
import { parseSettings } from "../../worker/settings.ts"
import { UsageError } from "../arguments/usage-error.ts"
import { hostOf } from "../testing.ts"
import { voltgate } from "../testing.ts"
import { imagesCommand } from "./images-command.ts"

const sample = (name: string): string => fileURLToPath(new URL(`../../dev/samples/${name}`, import.meta.url))

let gateway: ServedApp
beforeAll(async () => {
  const compatible = [{ name: "own", baseUrl: "http://127.0.0.1:9/v1", models: ["llava"] }]
  const settings = parseSettings({
    OPENAI_API_KEY: "sk-any",
    ANTHROPIC_API_KEY: "sk-any",
    VOLTGATE_COMPATIBLE: JSON.stringify(compatible),
    VOLTGATE_OPEN: "loopback",
  })
  const app = createApp(
    createGateway(settings, {
      board: createMemoryProviderBoard({ now: Date.now }),
      ledger: createMemoryRequestLedger({ now: Date.now }),
      imageEngine: createSharpEngine(),
      fetch: () => Promise.reject(new Error("A plan asks nobody.")),
      now: Date.now,
      random: Math.random,
      background: () => undefined,
      log: () => undefined,
    }),
  )
  gateway = await serveApp(new Hono().mount("/", app.fetch), 0)
})
afterAll(() => gateway.close())

/** As `cli.ts` runs it, without a process of its own each time. */
const images = async (args: readonly string[], url = gateway.url) => {
  const host = hostOf({ environment: { VOLTGATE_URL: url }, fetch })
  try {
    return await imagesCommand(args, host)
  } catch (error) {
    if (error instanceof UsageError) return { text: error.message, exitCode: 2 }
    throw error
  }
}
const plan = (...args: readonly string[]) => images(["plan", ...args])

/** As large as an A3 sheet at 250 dots per inch, by its header: a plan decodes nothing. */
const largeDrawing = async (): Promise<string> => {
  const file = join(tmpdir(), `voltgate-plan-${process.pid}.png`)
  await writeFile(file, png({ widthPx: 4_200, heightPx: 2_970 }))
  return file
}

test("shows what comes in and goes out for each picture, why, and what it saves", { timeout: 30_000 }, async () => {
  const [drawing, plate] = [await largeDrawing(), sample("nameplate.webp")]
  const ran = await voltgate(["images", "plan", drawing, plate, "--model", "openai/gpt-5.6-sol"], {
    VOLTGATE_URL: gateway.url,
  })
  const { exitCode, stdout, stderr } = ran
  expect([exitCode, stderr]).toEqual([0, ""])
  expect(stdout).toContain("For openai/gpt-5.6-sol:")
  expect(stdout).toMatch(/in +4200 × 2970 px PNG, .*, 14,732 tokens/)
  expect(stdout).toMatch(/out +2296 × \d+ px .*, 4,407 tokens, resized/)
  expect(stdout).toContain("small text is read as well as in the original")
  expect(stdout).toMatch(/640 × 400 px WEBP.*passed through/)
  expect(stdout).toMatch(/Saves 10,325 tokens/)
})

test("says so where a model has no published rule", async () => {
  const { text } = await plan(await largeDrawing(), "--model", "own/llava")
  expect(text).toContain("out  1024 × 724 px")
  expect(text).toContain(
    "no rule for pictures is published for this model, so it gets our box of 1024 px at quality 85",
  )
})

test("says that nothing is saved where the picture is what the model looks at", async () => {
  const { text } = await plan(sample("nameplate.webp"), "--model", "anthropic/claude-opus-4-8")
  expect(text).toContain("Saves nothing")
})

test("--json is the gateway's own plan", async () => {
  const { exitCode, text } = await plan(sample("nameplate.webp"), "--query-type", "ocr", "--json")
  expect(exitCode).toBe(0)
  expect(JSON.parse(text)).toMatchObject({ queryType: "ocr", images: [{ from: { widthPx: 640, format: "webp" } }] })
})

test.each<[string, readonly string[], number, string]>([
  ["no file", [], 2, "Name a picture first"],
  ["a file that is not there", ["/nowhere/at/all.png"], 2, "there is no such file"],
  ["a file behind the options", ["--model", "auto", "a.png"], 2, "takes options only"],
  ["a folder", ["/tmp"], 2, "cannot be read"],
  ["too many files", Array.from({ length: 17 }, () => "a.png"), 2, "at most 16 pictures"],
  ["a provider that is not set", [sample("nameplate.webp"), "--model", "nobody/nothing"], 1, "nobody"],
  ["an unknown detail", [sample("nameplate.webp"), "--detail", "huge"], 1, "detail"],
  ["what is no picture", [fileURLToPath(import.meta.url)], 1, "is no picture that we know"],
])("tells of %s in a sentence", async (_, args, exitCode, sentence) => {
  const ran = await plan(...args)
  expect(ran.exitCode).toBe(exitCode)
  expect(ran.text).toContain(sentence)
  expect(ran.text.trim().split("\n")).toHaveLength(1)
})

test("says where it looked when nothing answers there", async () => {
  const ran = await images(["plan", sample("nameplate.webp")], "http://127.0.0.1:9")
  expect(ran).toEqual({ exitCode: 1, text: expect.stringContaining("http://127.0.0.1:9 cannot be asked") })
})

test("--help names the options, and a wrong action its nearest", async () => {
  expect((await images(["plan", "--help"])).text).toContain("--model MODEL")
  expect((await images(["--help"])).text).toContain("voltgate images plan")
  expect((await images(["pln"])).text).toContain("did you mean plan?")
  expect((await images([])).text).toContain("voltgate images plan FILE")
})
