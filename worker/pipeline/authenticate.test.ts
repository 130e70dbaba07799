import { expect, test } from "vitest"
import { sha256Hex } from "../cache/cache-key.ts"
import { authenticate } from "./authenticate.ts"

const request = (headers: Record<string, string> = {}, url = "https://gate.example/v1/analyze") => ({
  url,
  headers: new Headers(headers),
})
const keys = async () => [
  { sha256: await sha256Hex(new TextEncoder().encode("vg_first")), tenant: "first" },
  { sha256: await sha256Hex(new TextEncoder().encode("vg_second")), tenant: "second", providers: ["openai"] },
]

test("a key names its tenant and what it may use, in either header", async () => {
  const settings = { keys: await keys(), openOnLoopback: false }
  expect(await authenticate(request({ authorization: "Bearer vg_first" }), settings)).toEqual({ tenant: "first" })
  expect(await authenticate(request({ "x-api-key": "vg_second" }), settings)).toEqual({
    tenant: "second",
    providers: ["openai"],
  })
})

test.each([{}, { authorization: "Bearer nobody" }, { authorization: "Basic vg_first" }, { "x-api-key": "" }])(
  "%j is refused without a word of what was sent",
  async (headers) => {
    const refused = authenticate(request(headers), { keys: await keys(), openOnLoopback: true })
    await expect(refused).rejects.toMatchObject({ code: "invalid_key", message: expect.not.stringContaining("nobody") })
  },
)

test("without keys a gateway serves nobody and says how to make one", async () => {
  const refused = authenticate(request({ authorization: "Bearer x" }), { keys: [], openOnLoopback: false })
  await expect(refused).rejects.toMatchObject({
    code: "not_configured",
    message: expect.stringContaining("VOLTGATE_KEYS"),
  })
})

test("an open gateway serves callers on this machine only", async () => {
  const open = { keys: [], openOnLoopback: true }
  expect(await authenticate(request({}, "http://127.0.0.1:8787/v1/analyze"), open)).toEqual({
    tenant: "local",
    admin: "local",
  })
  await expect(authenticate(request(), open)).rejects.toMatchObject({ code: "not_configured" })
})

test("a key that was found right is known again, and vouches for no other", async () => {
  const settings = { keys: await keys(), openOnLoopback: false }
  const first = await authenticate(request({ authorization: "Bearer vg_first" }), settings)
  expect(await authenticate(request({ "x-api-key": "vg_first" }), settings)).toBe(first)
  await expect(authenticate(request({ authorization: "Bearer vg_other" }), settings)).rejects.toThrow(/not known/)
})

test("a key that is taken from the settings is no longer known", async () => {
  const settings = { keys: await keys(), openOnLoopback: false }
  await authenticate(request({ authorization: "Bearer vg_first" }), settings)
  const without = { ...settings, keys: settings.keys.slice(1) }
  await expect(authenticate(request({ authorization: "Bearer vg_first" }), without)).rejects.toThrow(/not known/)
})
