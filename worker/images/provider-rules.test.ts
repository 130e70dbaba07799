import { expect, test } from "vitest"
import { ruleFor } from "./provider-rules.ts"

test.each([
  ["openai", "gpt-6.1-sol", "OpenAI GPT-5.6 and 6"],
  ["openai", "gpt-6.1-terra", "OpenAI GPT-5.6 and 6"],
  ["openai", "gpt-6-astra", "OpenAI GPT-5.6 and 6"],
  ["openai", "gpt-6-sol", "OpenAI GPT-5.6 and 6"],
  ["openai", "gpt-6-luna", "OpenAI GPT-5.6 and 6"],
  ["openai", "gpt-5.6-luna", "OpenAI GPT-5.6 and 6"],
  ["openai", "gpt-5.5", "OpenAI GPT-5.5"],
  ["openai", "gpt-5.4", "OpenAI GPT-5.4"],
  ["openai", "gpt-5.4-mini", "OpenAI GPT-5.4"],
  ["openai", "gpt-5.2", "OpenAI GPT-5.2 and 4.1 mini"],
  ["openai", "gpt-4.1-mini", "OpenAI GPT-5.2 and 4.1 mini"],
  ["openai", "gpt-5-mini", "OpenAI's former small models"],
  ["openai", "gpt-4.1-nano-2025-04-14", "OpenAI's former small models"],
  ["openai", "o4-mini", "OpenAI's former small models"],
  ["openai", "gpt-5", "OpenAI tile models"],
  ["openai", "gpt-5.1", "OpenAI tile models"],
  ["openai", "gpt-4.1", "OpenAI tile models"],
  ["openai", "gpt-4o-2024-08-06", "OpenAI tile models"],
  ["openai", "gpt-4o-mini", "OpenAI tile models"],
  ["openai", "o3", "OpenAI tile models"],
  ["openai", "llava:13b", "no published rule"],
  ["openai", "gpt-50", "no published rule"],
  ["anthropic", "claude-fable-5-2", "Anthropic Claude 4.7 and later"],
  ["anthropic", "claude-opus-5-5", "Anthropic Claude 4.7 and later"],
  ["anthropic", "claude-haiku-5-5", "Anthropic Claude 4.7 and later"],
  ["anthropic", "claude-sonnet-5", "Anthropic Claude 4.7 and later"],
  ["anthropic", "claude-sonnet-5-20260801", "Anthropic Claude 4.7 and later"],
  ["anthropic", "claude-opus-4-8", "Anthropic Claude 4.7 and later"],
  ["anthropic", "claude-opus-4-7", "Anthropic Claude 4.7 and later"],
  ["anthropic", "claude-opus-4-6", "Anthropic Claude up to 4.6"],
  ["anthropic", "claude-haiku-4-5", "Anthropic Claude up to 4.6"],
  ["anthropic", "claude-haiku-4-5-20251001", "Anthropic Claude up to 4.6"],
  ["anthropic", "claude-opus-4-20250514", "Anthropic Claude up to 4.6"],
  ["anthropic", "claude-3-5-sonnet-20241022", "Anthropic Claude up to 4.6"],
  ["google", "gemini-3-pro", "Google Gemini 3"],
  ["google", "gemini-3.1-flash", "Google Gemini 3"],
  ["google", "gemini-2.5-flash-lite", "Google Gemini 2"],
  ["google", "gemma", "no published rule"],
] as const)("%s's %s follows the rule of %s", (wire, model, family) => {
  expect(ruleFor(wire, model).family).toBe(family)
})

test("tells the charges of tile models apart", () => {
  const tiles = (model: string): readonly unknown[] => {
    const { sizing } = ruleFor("openai", model)
    return sizing.kind === "tiles" ? [sizing.baseTokens, sizing.tileTokens] : []
  }
  expect([tiles("gpt-5"), tiles("gpt-4o"), tiles("gpt-4o-mini"), tiles("o3")]).toEqual([
    [70, 140],
    [85, 170],
    [2_833, 5_667],
    [75, 150],
  ])
})

test("falls back to a box of 1024 px at quality 85 that every model takes", () => {
  expect(ruleFor("openai", "qwen3-vl")).toMatchObject({
    sizing: { kind: "box", boxPx: 1_024 },
    quality: 85,
    formats: ["png", "jpeg"],
    source: "no published rule",
  })
})
