import type { RequestListener } from "node:http"
import { expect, onTestFinished, test } from "vitest"
import { startLoopbackServer } from "../../test/loopback-server.ts"
import { candidate, doctor, errorBody, listing, nobodyUrl, playGateway } from "./testing.ts"
import type { Played } from "./testing.ts"

const key = "vg_an-example-of-a-key"

const start = async (listener: RequestListener): Promise<string> => {
  const server = await startLoopbackServer(listener)
  onTestFinished(server.close)
  return server.url
}

test("a healthy gateway is in order, in every part and in a fixed order", async () => {
  const url = await start(
    playGateway({
      "/v1/providers": ({ headers }) =>
        headers.authorization === `Bearer ${key}`
          ? [
              200,
              listing(
                candidate({ p50Ms: 1234, responseTimeSamples: 37 }),
                candidate({ provider: "google", simulated: true }),
              ),
            ]
          : [401, errorBody("invalid_key", "This key is not known here.")],
    }),
  )
  const { exitCode, ok, checks, stdout, stderr } = await doctor(["--url", `${url}/`], { VOLTGATE_KEY: key })
  expect([exitCode, ok, stderr]).toEqual([0, true, ""])
  expect([...checks].map(([name, { state }]) => [name, state])).toEqual([
    ["Node", "ok"],
    ["Gateway", "ok"],
    ["Settings", "ok"],
    ["Key", "ok"],
    ["openai/gpt-5.5", "ok"],
    ["google/gpt-5.5", "ok"],
    ["Redis", "skipped"],
    ["Postgres", "skipped"],
  ])
  expect(checks.get("openai/gpt-5.5")?.message).toBe("Healthy, real; half of its last 37 answers came within 1.2 s.")
  expect(checks.get("google/gpt-5.5")?.message).toBe("Healthy, simulated; not asked yet.")
  expect(stdout).not.toContain(key)
})

test("options win over the environment, and a path before the endpoints is kept", async () => {
  const seen: string[] = []
  const url = await start((request, response) => {
    seen.push(`${request.url} ${request.headers.authorization ?? ""}`)
    response.end("{}")
  })
  await doctor(["--url", `${url}/gate/`, "--key", key], { VOLTGATE_URL: nobodyUrl, VOLTGATE_KEY: "vg_other" })
  // The probes need no key, so they get none.
  expect(seen.toSorted()).toEqual(["/gate/healthz ", "/gate/readyz ", `/gate/v1/providers Bearer ${key}`])
})

const resting = candidate({
  provider: "anthropic",
  healthy: false,
  note: "resting for 4 s more after 5 failures in a row",
  restUntil: "2026-11-24T12:00:04.000Z",
})

test("one that rests is a warning with its reason, while another answers", async () => {
  const url = await start(playGateway({ "/v1/providers": () => [200, listing(candidate(), resting)] }))
  const { exitCode, checks } = await doctor(["--url", url])
  expect(exitCode).toBe(0)
  expect(checks.get("anthropic/gpt-5.5")).toMatchObject({
    state: "warning",
    message: "Left alone until 2026-11-24T12:00:04.000Z, real: resting for 4 s more after 5 failures in a row.",
  })
})

test("when all of them rest, that is a failure", async () => {
  const url = await start(playGateway({ "/v1/providers": () => [200, listing(resting)] }))
  const { exitCode, ok, checks } = await doctor(["--url", url])
  expect([exitCode, ok, checks.get("anthropic/gpt-5.5")?.state]).toEqual([1, false, "failed"])
})

test.each([
  [{}, "none was given"],
  [{ VOLTGATE_KEY: key }, "does not know this key"],
])("a refused key is a failure, and nothing is claimed of the providers (%#)", async (environment, message) => {
  const refusal = errorBody("invalid_key", `The key ${key} is not known here.`)
  const url = await start(playGateway({ "/v1/providers": () => [401, refusal] }))
  const { exitCode, checks, stdout, stderr } = await doctor(["--url", url], environment)
  expect(exitCode).toBe(1)
  expect(checks.get("Key")).toMatchObject({ state: "failed", message: expect.stringContaining(message) })
  expect(checks.get("Providers")?.state).toBe("skipped")
  expect(stdout + stderr).not.toContain(key)
})

test("a gateway that is not there is one failure, and the rest is not known", async () => {
  const { exitCode, checks } = await doctor(["--url", nobodyUrl])
  expect(exitCode).toBe(1)
  expect(checks.get("Gateway")).toMatchObject({
    state: "failed",
    message: `The gateway at ${nobodyUrl} is out of reach: nothing listens there.`,
    cure: expect.stringContaining("npm start"),
  })
  for (const name of ["Settings", "Key", "Providers"]) expect(checks.get(name)?.state).toBe("skipped")
})

test.each([
  [{ providers: false, access: true }, "No provider is set.", "OPENAI_API_KEY"],
  [{ providers: true, access: false }, "No API key is set", "voltgate key"],
  [{ providers: false, access: false }, "No provider is set, and no API key.", "OPENAI_API_KEY"],
])("settings that lack something say what: %j", async (found, message, cure) => {
  const url = await start(playGateway({ "/readyz": () => [503, { status: "not ready", checks: found }] }))
  const { exitCode, checks } = await doctor(["--url", url])
  expect(exitCode).toBe(1)
  expect(checks.get("Settings")).toMatchObject({
    state: "failed",
    message: expect.stringContaining(message),
    cure: expect.stringContaining(cure),
  })
})

test("what a misconfigured gateway complains of is passed on, without what a terminal obeys and without the key", async () => {
  const complaint = errorBody("not_configured", `VOLTGATE_KEYS: must be JSON.\u001B[31m\n${key}`)
  const url = await start(playGateway({ "/readyz": () => [503, complaint], "/v1/providers": () => [503, complaint] }))
  const { checks } = await doctor(["--url", url, "--key", key])
  expect(checks.get("Key")).toMatchObject({
    state: "failed",
    message: "/v1/providers answers with 503: VOLTGATE_KEYS: must be JSON. [31m •••",
  })
  expect(checks.get("Settings")?.message).toContain("VOLTGATE_KEYS: must be JSON.")
})

test.each([200, 404])("another server, which answers with %i, is not taken for a gateway", async (status) => {
  const reply = (): Played => [status, { hello: "world" }]
  const url = await start(playGateway({ "/healthz": reply, "/readyz": reply, "/v1/providers": reply }))
  const { exitCode, checks } = await doctor(["--url", url])
  expect(exitCode).toBe(1)
  for (const name of ["Gateway", "Settings"]) {
    expect(checks.get(name)).toMatchObject({
      state: "failed",
      message: expect.stringContaining("not as Voltgate does"),
    })
  }
  expect(checks.get(status === 200 ? "Providers" : "Key")?.state).toBe("failed")
})

test("a redirect is told and not followed, so the key stays where it was meant to go", async () => {
  const visits: string[] = []
  const target = await start((request, response) => {
    visits.push(request.url ?? "")
    response.end("{}")
  })
  const url = await start((_, response) => response.writeHead(307, { location: `${target}/?token=x` }).end())
  const { checks } = await doctor(["--url", url, "--key", key])
  expect(checks.get("Gateway")?.message).toBe(`/healthz redirects to ${target}/.`)
  expect(visits).toEqual([])
})

test("a key that may ask nobody is a failure", async () => {
  const url = await start(playGateway({ "/v1/providers": () => [200, listing()] }))
  const { exitCode, checks } = await doctor(["--url", url])
  expect([exitCode, checks.get("Providers")?.state]).toEqual([1, "failed"])
})
