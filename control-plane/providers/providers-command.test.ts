import { createHash } from "node:crypto"
import { expect, test } from "vitest"
import { createApp } from "../../worker/app.ts"
import { createGateway } from "../../worker/create-gateway.ts"
import { createSharpEngine } from "../../worker/runtime/deno/sharp-engine.ts"
import { createMemoryProviderBoard } from "../../worker/runtime/memory/provider-board.ts"
import { createMemoryRequestLedger } from "../../worker/runtime/memory/request-ledger.ts"
import { parseSettings } from "../../worker/settings.ts"
import { UsageError } from "../arguments/usage-error.ts"
import type { Host } from "../command.ts"
import { hostOf } from "../testing.ts"
import { providersCommand } from "./providers-command.ts"

/** The real gateway behind the command, in this process. */
const start = (environment: Readonly<Record<string, string>> = { VOLTGATE_OPEN: "loopback" }) => {
  const now = Date.now
  const app = createApp(
    createGateway(parseSettings({ OPENAI_API_KEY: "sk-any", GOOGLE_API_KEY: "any", ...environment }), {
      board: createMemoryProviderBoard({ now }),
      ledger: createMemoryRequestLedger({ now }),
      imageEngine: createSharpEngine(),
      fetch,
      now,
      random: () => 0.5,
      background: () => undefined,
      log: () => undefined,
    }),
  )
  const host = (extra: Readonly<Record<string, string>> = {}): Host =>
    hostOf({
      environment: { VOLTGATE_URL: "http://127.0.0.1:8787", ...extra },
      fetch: async (input, init) => app.request(new Request(input, init)),
    })
  return (args: string, extra?: Readonly<Record<string, string>>) =>
    providersCommand(args === "" ? [] : args.split(" "), host(extra))
}

test("shows each candidate in a table, with what is known of it", async () => {
  const { text, exitCode } = await start()("")
  expect(exitCode).toBe(0)
  const [head, ...rows] = text.split("\n")
  expect(head).toMatch(/^candidate +standing +weight +accuracy +available +p50 +p95 +in flight +note$/)
  expect(new Set(rows.slice(0, 2).map((row) => row.split("/")[0]))).toEqual(new Set(["google", "openai"]))
  expect(rows[0]).toMatch(/ready +0\.\d{3} +85 % +100 % +– +– +0 +no response time known yet/)
})

test("drains, shows who did, and releases", async () => {
  const run = start()
  const drained = await run("drain openai --for 10m --reason maintenance")
  expect(drained.exitCode).toBe(0)
  expect(drained.text).toMatch(
    /^Done: drain openai for 600 s\.\nOrders that hold:\ndrain openai until \S+, by local: maintenance$/,
  )
  const shown = await run("")
  expect(shown.text).toMatch(/openai\/\S+ +drained .*drained by local for \d+ s more: maintenance/)
  expect(shown.text).toMatch(
    /Orders given, the newest first:\n {2}\S+ {2}drain openai for 600 s, by local: maintenance/,
  )
  expect((await run("release openai")).text).toBe("Done: release openai.\nNo order holds now.")
})

test("pins one model, and resets a provider", async () => {
  const run = start()
  expect((await run("pin google/gemini-2.5-flash --for 1h")).text).toMatch(/for 3600 s/)
  expect((await run("reset google")).text).toMatch(/^Done: reset google\./)
})

test("prints what the gateway says, as JSON", async () => {
  const run = start()
  await run("drain openai")
  const { directives, providers } = JSON.parse((await run("--json --query-type ocr")).text) as Record<string, unknown[]>
  expect(directives).toMatchObject([{ action: "drain", target: "openai" }])
  expect(providers).toHaveLength(2)
})

test("a key that may not order is told how to get one that may", async () => {
  const entry = (key: string, rest = {}) => ({
    sha256: createHash("sha256").update(key).digest("hex"),
    tenant: "acme",
    ...rest,
  })
  const run = start({ VOLTGATE_KEYS: JSON.stringify([entry("vg_user"), entry("vg_admin", { admin: true })]) })
  const refused = await run("drain openai", { VOLTGATE_KEY: "vg_user" })
  expect([refused.exitCode, refused.text]).toEqual([
    1,
    expect.stringMatching(/refused \(403\).*voltgate key .*--admin/),
  ])
  expect((await run("drain openai", { VOLTGATE_KEY: "vg_admin" })).exitCode).toBe(0)
  const unknown = await run("", { VOLTGATE_KEY: "vg_secret-of-mine" })
  expect([unknown.exitCode, unknown.text]).toEqual([1, expect.stringMatching(/refused \(401\)/)])
  expect(unknown.text).not.toContain("vg_secret-of-mine")
})

test("a provider that is not set up is named as such", async () => {
  const { exitCode, text } = await start()("drain opanai")
  expect([exitCode, text]).toEqual([
    1,
    expect.stringMatching(/No provider is named "opanai"; there are: openai, google/),
  ])
})

test("what is no gateway is told apart from one that refuses", async () => {
  const host = hostOf({ fetch: async () => Response.json({ hello: "world" }) })
  const { exitCode, text } = await providersCommand([], host)
  expect([exitCode, text]).toEqual([1, expect.stringMatching(/no gateway of this version/)])
})

test.each([
  ["stop openai", /takes one of drain, pin, release, reset/],
  ["drain", /Say which: voltgate providers drain openai/],
  ["drain openai --for soon", /--for takes a time such as 90s, 10m, 2h or 1d/],
  ["drain openai --for 99d", /at most 30d/],
  ["release openai --for 10m", /no option --for/],
  ["--verbose", /no option --verbose/],
])("`voltgate providers %s` is a mistake that is named", async (args, sentence) => {
  const failed = start()(args)
  await expect(failed).rejects.toBeInstanceOf(UsageError)
  await expect(failed).rejects.toThrow(sentence)
})

test.each(["--help", "drain --help", "pin openai --help"])("`voltgate providers %s` explains itself", async (args) => {
  expect((await start()(args)).text).toMatch(/voltgate providers drain/)
})
