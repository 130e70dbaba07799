import { expect, test } from "vitest"
import { authenticate } from "../../worker/pipeline/authenticate.ts"
import { parseSettings } from "../../worker/settings.ts"
import { voltgate } from "../testing.ts"
import { createKey } from "./create-key.ts"

const request = (key: string) => ({
  url: "https://gate.example/v1/analyze",
  headers: new Headers({ authorization: `Bearer ${key}` }),
})
const settingsWith = (...entries: readonly unknown[]) =>
  parseSettings({ OPENAI_API_KEY: "sk-any", VOLTGATE_KEYS: JSON.stringify(entries) })

test("a gateway that stores the entry knows the key, its tenant and what it may use", async () => {
  const args = ["--tenant", "acme.de", "--providers", "openai, google", "--query-types", "count,locate"]
  const { exitCode, stdout, stderr } = await voltgate(["key", ...args, "--json"])
  expect([exitCode, stderr]).toEqual([0, ""])
  const { key, entry } = JSON.parse(stdout)
  expect(key).toMatch(/^vg_[\w-]{43}$/)

  const settings = settingsWith({ sha256: "0".repeat(64), tenant: "other" }, entry)
  expect(await authenticate(request(key), settings)).toEqual({
    tenant: "acme.de",
    providers: ["openai", "google"],
    queryTypes: ["count", "locate"],
  })
  await expect(authenticate(request(`${key}x`), settings)).rejects.toMatchObject({ code: "invalid_key" })
})

test("people see the key once, the entry without it, and how to store it", async () => {
  const { stdout } = await voltgate(["key", "--tenant", "acme"])
  const [key = "", ...again] = stdout.match(/vg_[\w-]{43}/g) ?? []
  const entry = JSON.parse(/^ *(\{.*\})$/m.exec(stdout)?.[1] ?? "")
  expect(again).toEqual([])
  expect(Object.keys(entry)).toEqual(["sha256", "tenant"])
  expect(await authenticate(request(key), settingsWith(entry))).toEqual({ tenant: "acme" })
  expect(stdout).toContain("npx wrangler secret put VOLTGATE_KEYS")
})

test("an admin's key may tell the gateway what to do, another may not", async () => {
  const [admin, other] = await Promise.all([
    voltgate(["key", "--tenant", "ops", "--admin", "--json"]),
    voltgate(["key", "--tenant", "acme", "--json"]),
  ])
  const [ops, acme] = [JSON.parse(admin.stdout), JSON.parse(other.stdout)]
  const settings = settingsWith(ops.entry, acme.entry)
  expect((await authenticate(request(ops.key), settings)).admin).toMatch(/^ops \(key [0-9a-f]{8}\)$/)
  expect(await authenticate(request(acme.key), settings)).toEqual({ tenant: "acme" })
})

test("no two keys are alike", async () => {
  const [one, other] = await Promise.all([
    voltgate(["key", "--tenant", "a", "--json"]),
    voltgate(["key", "--tenant", "a", "--json"]),
  ])
  expect(JSON.parse(one.stdout).key).not.toBe(JSON.parse(other.stdout).key)
})

test("every random byte is in the key", () => {
  const bytes = Uint8Array.from({ length: 32 }, (_, index) => 251 - index)
  const { key } = createKey({ tenant: "a" }, (count) => bytes.subarray(0, count))
  expect(Uint8Array.from(Buffer.from(key.slice(3), "base64url"))).toEqual(bytes)
})
