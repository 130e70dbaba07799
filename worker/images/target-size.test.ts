import { describe, expect, test } from "vitest"
import type { Detail } from "../../contract/analyze.ts"
import { details } from "../../contract/analyze.ts"
import type { Size } from "./image.ts"
import { imageTokens } from "./image-tokens.ts"
import type { ImageRule } from "./provider-rules.ts"
import { ruleFor } from "./provider-rules.ts"
import { targetSize } from "./target-size.ts"
import { seeded } from "./tiny-images.suite.ts"

const models = [
  ["openai", "gpt-5.6-sol"],
  ["openai", "gpt-5.5"],
  ["openai", "gpt-5.4"],
  ["openai", "gpt-5.2"],
  ["openai", "o4-mini"],
  ["openai", "gpt-4o"],
  ["openai", "an-unknown-model"],
  ["anthropic", "claude-opus-5-5"],
  ["anthropic", "claude-opus-4-6"],
  ["google", "gemini-3-pro"],
  ["google", "gemini-2.5-pro"],
] as const

test.each([
  [
    "openai",
    "gpt-5.6-sol",
    "auto",
    "text",
    [4_200, 2_970],
    [2_296, 1_624],
    "the edge at which a diagram is still read",
  ],
  ["openai", "gpt-5.6-sol", "auto", "scene", [4_032, 3_024], [1_824, 1_376], "a budget of 2,500 patches"],
  ["openai", "gpt-5.6-sol", "original", "text", [4_200, 2_970], [4_200, 2_970], "the caller's own wish"],
  ["openai", "gpt-5.4", "high", "text", [2_048, 2_048], [1_600, 1_600], "what the model makes of it itself"],
  [
    "openai",
    "gpt-5.5",
    "original",
    "scene",
    [8_000, 1_000],
    [5_984, 750],
    "the model's longest edge, in whole patches",
  ],
  ["openai", "gpt-5.6-sol", "low", "text", [4_000, 2_000], [512, 256], "a glance"],
  ["openai", "gpt-4o", "high", "text", [4_096, 2_048], [1_536, 768], "tiles of 512 px"],
  ["openai", "gpt-4o", "low", "text", [4_096, 2_048], [512, 256], "a glance"],
  ["anthropic", "claude-opus-5", "auto", "text", [3_840, 2_160], [2_576, 1_449], "Anthropic's example"],
  ["anthropic", "claude-opus-5", "auto", "text", [4_032, 3_024], [2_212, 1_652], "whole patches"],
  ["anthropic", "claude-opus-4-6", "auto", "text", [1_075, 1_520], [924, 1_307], "Anthropic's example"],
  ["google", "gemini-2.5-pro", "auto", "scene", [4_000, 3_000], [1_536, 1_152], "two crops along the short side"],
  ["google", "gemini-2.5-pro", "low", "scene", [4_000, 3_000], [384, 288], "one crop"],
  ["openai", "an-unknown-model", "auto", "text", [4_000, 3_000], [1_024, 768], "the default box"],
  ["openai", "gpt-5.6-sol", "auto", "text", [640, 480], [640, 480], "nothing to gain"],
] as const)(
  "for %s's %s at %s and %s %j becomes %j: %s",
  (wire, model, detail, reads, [widthPx, heightPx], to, _why) => {
    const target = targetSize(ruleFor(wire, model), { widthPx, heightPx }, { detail, reads })
    expect([target.widthPx, target.heightPx]).toEqual([...to])
  },
)

describe.each(models)("for %s's %s", (wire, model) => {
  const rule = ruleFor(wire, model)
  const random = seeded(11)
  const side = (): number => Math.max(1, Math.floor(12_000 * random() ** 2))
  const cases = Array.from({ length: 300 }, (_, i) => ({
    size: { widthPx: side(), heightPx: side() },
    looking: { detail: details[i % details.length] ?? "auto", reads: i % 3 === 0 ? "scene" : "text" } as const,
  }))

  test("a picture is never enlarged, never without a side, and a small one left alone", () => {
    for (const { size, looking } of cases) {
      const target = targetSize(rule, size, looking)
      expect(target.widthPx).toBeLessThanOrEqual(size.widthPx)
      expect(target.heightPx).toBeLessThanOrEqual(size.heightPx)
      expect(Math.min(target.widthPx, target.heightPx)).toBeGreaterThanOrEqual(1)
      expect(targetSize(rule, { widthPx: 300, heightPx: 200 }, looking)).toEqual({ widthPx: 300, heightPx: 200 })
    }
  })

  test("a picture keeps its shape within a patch and within 1 %, or a pixel where it is thin", () => {
    for (const { size, looking } of cases) {
      const target = targetSize(rule, size, looking)
      const [long, short] =
        size.widthPx >= size.heightPx ? (["widthPx", "heightPx"] as const) : (["heightPx", "widthPx"] as const)
      const exactShort = (size[short] * target[long]) / size[long]
      const off = Math.abs(target[short] - exactShort)
      expect(off).toBeLessThan(32)
      expect(off).toBeLessThanOrEqual(1 + exactShort * 0.0102)
    }
  })

  test("a picture that was sized once is not shrunk again, and costs no more tokens than before", () => {
    for (const { size, looking } of cases) {
      const target = targetSize(rule, size, looking)
      expect(imageTokens(rule, target, looking.detail)).toBeLessThanOrEqual(imageTokens(rule, size, looking.detail))
      const again = targetSize(rule, target, looking)
      expect(again).toEqual(target)
    }
  })

  test("a picture lies within what the model makes use of", () => {
    for (const { size, looking } of cases) {
      expect(isWithin(rule, targetSize(rule, size, looking), looking.detail)).toBe(true)
    }
  })
})

const isWithin = ({ sizing }: ImageRule, { widthPx, heightPx }: Size, detail: Detail): boolean => {
  const [short, long] = [Math.min(widthPx, heightPx), Math.max(widthPx, heightPx)]
  switch (sizing.kind) {
    case "patches": {
      const box = sizing.boxes[detail]
      const patches = Math.ceil(widthPx / sizing.patchPx) * Math.ceil(heightPx / sizing.patchPx)
      return long <= box.longEdgePx && patches <= box.patches
    }
    case "tiles":
      return long <= sizing.boxPx && short <= sizing.shortSidePx
    case "flat":
      return long <= sizing.levels[detail].longEdgePx
    case "crops":
      return detail === "original" || long <= 2_296 || short <= 1_152
    case "box":
      return long <= sizing.boxPx
  }
}
