import { describe, expect, test } from "vitest"
import { SettingsError, parseSettings } from "./settings.ts"

const minimal = { OPENAI_API_KEY: "sk-secret-value" }

const problemsOf = (environment: Record<string, unknown>): readonly string[] => {
  try {
    parseSettings(environment)
    return []
  } catch (error) {
    if (error instanceof SettingsError) return error.problems
    throw error
  }
}

test("one provider's key is enough; the rest has sensible defaults", () => {
  expect(parseSettings(minimal)).toEqual({
    providers: [{ name: "openai", wire: "openai", apiKey: "sk-secret-value", simulated: false }],
    keys: [],
    openOnLoopback: false,
    cacheSecret: expect.any(String),
    cacheTtlS: 86_400,
    nearLane: { on: true, minConfidence: 0.98 },
    embedder: "lexical",
    pictureTier: "look",
    timeouts: { firstByteMs: 30_000, idleMs: 20_000, totalMs: 180_000 },
    mode: "single",
    maxWaitMs: 2_000,
    selection: "best",
    maxBodyBytes: 29_360_128,
  })
})

test("what a host's environment holds besides is none of our business", () => {
  expect(() => parseSettings({ ...minimal, PATH: "/bin", PROVIDER_STATE: {} })).not.toThrow()
})

test("every problem is told at once, by name and without the value", () => {
  const problems = problemsOf({
    OPENAI_BASE_URL: "not a url",
    VOLTGATE_KEYS: "{oops",
    VOLTGATE_TIMEOUT_IDLE_MS: "soon",
    VOLTGATE_CACHE_SECRET: "tiny",
  })
  expect(problems.map((problem) => problem.split(":")[0])).toEqual([
    "OPENAI_BASE_URL",
    "VOLTGATE_KEYS",
    "VOLTGATE_CACHE_SECRET",
    "VOLTGATE_TIMEOUT_IDLE_MS",
  ])
  expect(problems.join()).not.toMatch(/oops|tiny/)
})

test.each([
  [{ VOLTGATE_CACHE_DELTA: "0.05" }, { on: true, minConfidence: 0.95 }],
  [{ VOLTGATE_CACHE_CONFIDENCE: "0.9" }, { on: true, minConfidence: 0.9 }],
  [{ VOLTGATE_CACHE_NEAR: "off" }, { on: false, minConfidence: 0.98 }],
])("the near lane is set by %j", (values, nearLane) => {
  expect(parseSettings({ ...minimal, ...values })).toMatchObject({ nearLane })
})

test.each(["2", "0", "0.9999999", "2 %", "-0.1", "0.6"])("a share of wrong answers is not %s", (value) => {
  expect(problemsOf({ ...minimal, VOLTGATE_CACHE_DELTA: value })).toEqual([
    expect.stringMatching(/CACHE_DELTA: must be/),
  ])
})

describe("settings that contradict each other", () => {
  test.each([
    ["no provider at all", {}, /No provider is set/],
    ["half a cache", { ...minimal, UPSTASH_REDIS_REST_URL: "https://x.example" }, /go together/],
    [
      "two words on how sure a near answer must be",
      { ...minimal, VOLTGATE_CACHE_DELTA: "0.02", VOLTGATE_CACHE_CONFIDENCE: "0.9" },
      /set one/,
    ],
    ["a model without its provider", { ...minimal, VOLTGATE_AUTO_MODELS: "gpt-4o" }, /form provider\/model/],
    ["a provider that is not set", { ...minimal, VOLTGATE_AUTO_MODELS: "google/gemini-x" }, /not set/],
    [
      "two providers of one name",
      { ...minimal, VOLTGATE_COMPATIBLE: '[{"name":"openai","baseUrl":"http://x.example","models":["a"]}]' },
      /same name/,
    ],
  ])("%s", (_, environment, expected) => {
    expect(problemsOf(environment).join()).toMatch(expected)
  })
})

test("a key's entry with an unknown or malformed field names it", () => {
  const keys = JSON.stringify([{ sha256: "abc", tenant: "a b", colour: "red" }])
  expect(problemsOf({ ...minimal, VOLTGATE_KEYS: keys }).join(" ")).toMatch(/0\.sha256.*0\.tenant.*0\.colour/)
})

test("a server that speaks OpenAI's format is a provider of its own, with or without a key", () => {
  const { providers } = parseSettings({
    VOLTGATE_COMPATIBLE: '[{"name":"ollama","baseUrl":"http://127.0.0.1:11434/v1","models":["llava"]}]',
    VOLTGATE_SIMULATED: "ollama",
  })
  expect(providers).toEqual([
    { name: "ollama", baseUrl: "http://127.0.0.1:11434/v1", models: ["llava"], wire: "openai", simulated: true },
  ])
})

test("the small judge is a model of a provider that is set", () => {
  expect(parseSettings({ ...minimal, VOLTGATE_CACHE_JUDGE: "openai/gpt-4o-mini" }).nearLane.judge).toEqual({
    provider: "openai",
    model: "gpt-4o-mini",
  })
  for (const judge of ["gpt-4o-mini", "google/gemini-2.5-flash"]) {
    expect(problemsOf({ ...minimal, VOLTGATE_CACHE_JUDGE: judge }).join()).toMatch(/VOLTGATE_CACHE_JUDGE.*provider/)
  }
})
