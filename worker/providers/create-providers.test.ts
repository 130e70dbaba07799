import { expect, test } from "vitest"
import { createProviders } from "./create-providers.ts"
import type { ProviderSettings } from "./create-providers.ts"

const host = {
  fetch: () => Promise.reject(new Error("Nothing is sent here.")),
  now: () => 0,
}
const openai: ProviderSettings = { name: "openai", wire: "openai", apiKey: "sk-1", simulated: false }

test("makes each configured provider, by name, with its wire format and models", () => {
  const providers = createProviders(
    [
      openai,
      { name: "anthropic", wire: "anthropic", apiKey: "sk-2", simulated: true },
      { name: "google", wire: "google", apiKey: "AIza3", simulated: false },
      { name: "lab", wire: "openai", baseUrl: "http://lab:8000/v1", simulated: false, models: ["llava"] },
    ],
    host,
  )

  const seen = [...providers].map(([name, { wire, simulated, models, relay }]) => [
    name,
    wire,
    simulated,
    models,
    relay?.url,
  ])
  expect(seen).toEqual([
    ["openai", "openai", false, undefined, "https://api.openai.com/v1/chat/completions"],
    ["anthropic", "anthropic", true, undefined, "https://api.anthropic.com/v1/messages"],
    ["google", "google", false, undefined, undefined],
    ["lab", "openai", false, ["llava"], "http://lab:8000/v1/chat/completions"],
  ])
})

test("tells everything that is wrong at once", () => {
  const settings: readonly ProviderSettings[] = [
    openai,
    openai,
    { name: "anthropic", wire: "anthropic", simulated: false },
    { name: "lab", wire: "openai", baseUrl: "lab:8000", simulated: false },
  ]

  expect(() => createProviders(settings, host)).toThrow(
    expect.objectContaining({
      code: "not_configured",
      message: expect.stringMatching(
        /Two providers are named openai.*anthropic has no API key.*lab: "lab:8000" is no base URL/,
      ),
    }),
  )
})

test("lets no server of OpenAI's go without a key", () => {
  expect(() => createProviders([{ name: "openai", wire: "openai", simulated: false }], host)).toThrow(
    /openai has no API key/,
  )
})
