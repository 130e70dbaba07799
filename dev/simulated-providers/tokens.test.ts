import { expect, test } from "vitest"
import {
  anthropicPictureTokens,
  cutToTokens,
  geminiPictureTokens,
  isClaude47OrLater,
  openAiPictureTokens,
  textTokens,
} from "./tokens.ts"

const size = (widthPx: number, heightPx: number) => ({ widthPx, heightPx })

// A public table of what pictures of these sizes cost, taken as it stands.
test.each([
  ["gpt-6-astra", 256, 256, "auto", 77],
  ["gpt-6-astra", 1280, 720, "auto", 1104],
  ["gpt-6-astra", 1024, 1024, "high", 1229],
  ["gpt-6-astra", 2560, 1440, "auto", 4320],
  ["gpt-6-astra", 2560, 1440, "high", 2931],
  ["gpt-6-astra", 4032, 3024, "original", 14_364],
  ["gpt-6-astra", 4032, 3024, "high", 2942],
  ["gpt-5.5", 4032, 3024, "auto", 11_868],
] as const)("%s charges for %i × %i at %s what the table says", (model, width, height, detail, tokens) => {
  expect(openAiPictureTokens(model, size(width, height), detail)).toBe(tokens)
})

test("an edge of 2048 px is the most that 5.4 to 5.6 look at in high detail", () => {
  expect(openAiPictureTokens("gpt-5.6-sol", size(2560, 1440), "high")).toBe(Math.ceil(64 * 36 * 1.2))
})

test("5.4 looks at a picture in high detail unless the original is asked for", () => {
  expect(openAiPictureTokens("gpt-5.4", size(4032, 3024), "auto")).toBe(2942)
  expect(openAiPictureTokens("gpt-5.4", size(4032, 3024), "original")).toBe(11_868)
})

test("a budget that is used to the last patch is not rounded up", () => {
  expect(openAiPictureTokens("gpt-6-sol", size(1600, 1600), "high")).toBe(3000)
})

test.each([
  ["gpt-4o", 1024, 1024, "high", 765],
  ["gpt-4.1", 2048, 4096, "auto", 1105],
  ["gpt-4o", 4096, 8192, "low", 85],
  ["gpt-4o-mini", 512, 512, "high", 8500],
  ["gpt-5.1", 512, 512, "high", 210],
  ["gpt-5", 512, 512, "high", 210],
  ["o3", 512, 512, "high", 225],
] as const)("%s counts tiles for %i × %i at %s", (model, width, height, detail, tokens) => {
  expect(openAiPictureTokens(model, size(width, height), detail)).toBe(tokens)
})

test("a small model pays its own factor, within 1,536 patches", () => {
  expect(openAiPictureTokens("gpt-4.1-mini", size(1024, 1024), "auto")).toBe(Math.ceil(1024 * 1.62))
  expect(openAiPictureTokens("o4-mini", size(1800, 2400), "auto")).toBe(Math.ceil(33 * 44 * 1.72))
})

test.each([
  ["claude-opus-4-7", 1024, 1024, 37 * 37],
  ["claude-sonnet-5-5", 1920, 1080, 69 * 39],
  ["claude-opus-5-5", 2576, 1449, 4784],
  ["claude-haiku-4-5", 1024, 1024, 37 * 37],
  ["claude-haiku-4-5", 1920, 1080, 52 * 30],
  ["claude-haiku-4-5", 4032, 3024, 46 * 34],
] as const)("%s charges patches of 28 px for %i × %i", (model, width, height, tokens) => {
  expect(anthropicPictureTokens(model, size(width, height))).toBe(tokens)
})

test("no picture costs Claude more than its limit, however long or large", () => {
  for (const [width, height] of [
    [8000, 8000],
    [8000, 12],
    [3, 8000],
    [7999, 4001],
    [1, 1],
  ] as const) {
    expect(anthropicPictureTokens("claude-opus-5-5", size(width, height))).toBeLessThanOrEqual(4784)
    expect(anthropicPictureTokens("claude-haiku-4-5", size(width, height))).toBeLessThanOrEqual(1568)
    expect(anthropicPictureTokens("claude-haiku-4-5", size(width, height))).toBeGreaterThan(0)
  }
})

test.each([
  ["claude-opus-4-7", true],
  ["claude-sonnet-5", true],
  ["claude-mythos-preview", true],
  ["claude-opus-4-6", false],
  ["claude-haiku-4-5-20251001", false],
  ["claude-sonnet-4-20250514", false],
  ["claude-3-5-sonnet-20241022", false],
] as const)("%s is of the generation 4.7 or later: %s", (model, expected) => {
  expect(isClaude47OrLater(model)).toBe(expected)
})

test("Gemini 3 charges a flat budget by resolution, Gemini 2.5 by crops of 256 to 768 px", () => {
  expect(geminiPictureTokens("gemini-3.8-flash", size(4000, 3000))).toBe(1120)
  expect(geminiPictureTokens("gemini-3.8-flash", size(4000, 3000), "ultra_high")).toBe(2240)
  expect(geminiPictureTokens("gemini-2.5-flash", size(384, 384))).toBe(258)
  expect(geminiPictureTokens("gemini-2.5-flash", size(960, 540))).toBe(258 * 3 * 2)
  expect(geminiPictureTokens("gemini-2.5-flash", size(4032, 3024))).toBe(258 * 6 * 4)
  expect(geminiPictureTokens("gemini-2.5-flash", size(1024, 100))).toBe(258 * 4)
})

test("text is counted at four characters a token and never cut through a character", () => {
  expect(textTokens("abcde")).toBe(2)
  expect(cutToTokens("abcdefgh", 1)).toBe("abcd")
  expect(cutToTokens("abc😀 and more", 1)).toBe("abc")
})
