import { expect, test } from "vitest"
import { costUsd, defaultAutoModels, findModel, knownModels, outputLimit } from "./models.ts"
import type { ModelEntry } from "./models.ts"

const entry = (provider: string, model: string): ModelEntry => {
  const found = findModel({ provider, model })
  if (found === undefined) throw new Error(`${provider}/${model} is not in the catalog.`)
  return found
}

test("prices every model: cached input below fresh input, fresh input below output, long prompts above short ones", () => {
  const odd = knownModels.filter(
    (model) =>
      !(model.cachedInputUsdPerMillion > 0) ||
      model.cachedInputUsdPerMillion >= model.inputUsdPerMillion ||
      model.inputUsdPerMillion >= model.outputUsdPerMillion ||
      (model.longPrompt !== undefined && model.longPrompt.inputUsdPerMillion <= model.inputUsdPerMillion),
  )

  expect(odd).toEqual([])
})

test("says of every price where and on which day it was read", () => {
  for (const { priceSource, checkedAt } of knownModels) {
    expect(priceSource).toMatch(/^https:\/\//)
    expect(checkedAt).toMatch(/^\d{4}-\d{2}-\d{2}$/)
  }
})

test("holds each model once, and what `auto` chooses from among them, one of each provider", () => {
  const ids = knownModels.map(({ provider, model }) => `${provider}/${model}`)

  expect(new Set(ids).size).toBe(ids.length)
  expect(defaultAutoModels.map(({ provider }) => provider)).toEqual(["openai", "anthropic", "google"])
  for (const { provider, model } of defaultAutoModels) expect(ids).toContain(`${provider}/${model}`)
})

test("finds a dated snapshot under its model's name, and nothing under another provider's", () => {
  expect(findModel({ provider: "anthropic", model: "claude-haiku-4-5-20251001" })?.model).toBe("claude-haiku-4-5")
  expect(findModel({ provider: "openai", model: "gpt-4o-2024-08-06" })?.model).toBe("gpt-4o")
  expect(findModel({ provider: "ollama", model: "gpt-4o" })).toBeUndefined()
  expect(findModel({ provider: "openai", model: "gpt-4o-audio" })).toBeUndefined()
})

test("charges cached input at its own price", () => {
  const cost = costUsd(entry("anthropic", "claude-opus-5-5"), {
    inputTokens: 10_000,
    outputTokens: 500,
    cachedInputTokens: 8000,
  })

  expect(cost).toBeCloseTo((2000 * 4 + 8000 * 0.2 + 500 * 20) / 1e6, 12)
})

test("charges all of a long prompt at the price for long ones", () => {
  const haiku = entry("anthropic", "claude-haiku-5-5")

  const short = costUsd(haiku, { inputTokens: 100_000, outputTokens: 1000, cachedInputTokens: 0 })
  const long = costUsd(haiku, { inputTokens: 100_001, outputTokens: 1000, cachedInputTokens: 0 })

  expect(short).toBeCloseTo(0.0105, 12)
  expect(long).toBeCloseTo(0.0525005, 12)
})

test("never charges less than nothing when a provider counts more cached tokens than input", () => {
  expect(costUsd(entry("openai", "gpt-4o"), { inputTokens: 10, outputTokens: 0, cachedInputTokens: 50 })).toBeCloseTo(
    12.5e-6,
    12,
  )
})

test("bounds the output by what was asked, with room for thinking, and by what the model can do", () => {
  expect(outputLimit(entry("openai", "gpt-4o"), 300)).toBe(300)
  expect(outputLimit(entry("openai", "gpt-6.1-sol"), 300)).toBe(4396)
  expect(outputLimit(entry("openai", "gpt-4o"), 50_000)).toBe(16_384)
  expect(outputLimit(undefined, 300)).toBe(300)
  expect(outputLimit(entry("openai", "gpt-4o"), undefined)).toBeUndefined()
})
