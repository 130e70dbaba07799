import { expect, test } from "vitest"
import { imageTokens } from "./image-tokens.ts"
import { ruleFor } from "./provider-rules.ts"

/** The examples of the providers' own pages, where they give some. */
test.each([
  ["openai", "gpt-5.4", 1_024, 1_024, "high", 1_229],
  ["openai", "gpt-5.4", 2_048, 2_048, "high", 3_000],
  ["openai", "gpt-5.4", 2_048, 2_048, "auto", 3_000],
  ["openai", "gpt-5.4", 2_048, 2_048, "original", 4_916],
  ["openai", "gpt-5.6-sol", 4_200, 2_970, "original", 14_732],
  ["openai", "gpt-5.6-sol", 4_200, 2_970, "auto", 14_732],
  ["openai", "gpt-5.6-sol", 2_296, 1_624, "auto", 4_407],
  ["openai", "gpt-5.6-sol", 4_200, 2_970, "low", 231],
  ["openai", "gpt-4.1-mini", 480, 320, "high", 243],
  ["openai", "gpt-4.1-mini", 1_024, 1_024, "high", 1_659],
  ["openai", "gpt-4o", 1_024, 1_024, "high", 765],
  ["openai", "gpt-4o", 2_048, 4_096, "high", 1_105],
  ["openai", "gpt-4o", 4_096, 8_192, "low", 85],
  ["openai", "gpt-4o-mini", 512, 512, "auto", 8_500],
  ["openai", "gpt-5", 300, 200, "auto", 210],
  ["anthropic", "claude-opus-5", 200, 200, "auto", 64],
  ["anthropic", "claude-opus-5", 1_000, 1_000, "auto", 1_296],
  ["anthropic", "claude-opus-5", 1_920, 1_080, "auto", 2_691],
  ["anthropic", "claude-opus-5", 3_840, 2_160, "auto", 4_784],
  ["anthropic", "claude-opus-4-6", 3_840, 2_160, "auto", 1_560],
  ["anthropic", "claude-opus-4-6", 1_092, 1_092, "auto", 1_521],
  ["google", "gemini-3-pro", 8_000, 6_000, "auto", 1_120],
  ["google", "gemini-3-pro", 10, 10, "low", 280],
  ["google", "gemini-3-pro", 10, 10, "original", 2_240],
  ["google", "gemini-2.5-flash", 384, 384, "auto", 258],
  ["google", "gemini-2.5-flash", 960, 540, "auto", 1_548],
  ["google", "gemini-2.5-flash", 12_000, 1, "auto", 258 * 47],
  ["openai", "unknown-model", 1_024, 1_024, "auto", 1_369],
] as const)(
  "%s's %s charges %i × %i px at detail %s with %i tokens",
  (wire, model, widthPx, heightPx, detail, tokens) => {
    expect(imageTokens(ruleFor(wire, model), { widthPx, heightPx }, detail)).toBe(tokens)
  },
)
