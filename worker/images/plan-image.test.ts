import { expect, test } from "vitest"
import { planImage } from "./plan-image.ts"
import { ruleFor } from "./provider-rules.ts"
import { received } from "./tiny-images.suite.ts"

const claude = ruleFor("anthropic", "claude-opus-5-5")
const gpt = ruleFor("openai", "gpt-5.6-sol")
const text = { detail: "auto", reads: "text" } as const
const scene = { detail: "auto", reads: "scene" } as const

test("passes a picture through that is just what the model takes", () => {
  const plan = planImage(received({ widthPx: 1_400, heightPx: 980 }), claude, text)
  expect(plan).toMatchObject({
    action: "pass_through",
    target: { widthPx: 1_400, heightPx: 980 },
    tokens: { before: 1_750, after: 1_750 },
  })
  expect(plan.reason).toContain("1400 × 980 px JPEG")
})

test("shrinks what the model would shrink anyway, and says to what and why", () => {
  const plan = planImage(received({ widthPx: 6_000, heightPx: 4_000 }), claude, text)
  expect(plan).toMatchObject({
    action: "transform",
    target: { widthPx: 2_352, heightPx: 1_568 },
    formats: ["png", "jpeg", "webp", "gif"],
    quality: 85,
  })
  expect(plan.reason).toContain(
    "6000 × 4000 px to 2352 × 1568 px: Anthropic Claude 4.7 and later would shrink it to this itself",
  )
})

test("plans with the upright size of a picture that lies on its side, and bakes the rotation in", () => {
  const plan = planImage(received({ widthPx: 1_000, heightPx: 500, orientation: 6 }), claude, text)
  expect(plan).toMatchObject({ action: "transform", target: { widthPx: 500, heightPx: 1_000 }, originalIsEqual: false })
  expect(plan.reason).toContain("EXIF rotation")
})

test.each([
  [
    "a format that the provider does not take",
    received({ format: "gif" }),
    ruleFor("google", "gemini-3-pro"),
    "does not take GIF",
  ],
  ["an animation", received({ format: "webp", frames: 2 }), claude, "animated"],
  ["more bytes than the provider takes", received({}, 7_500_001), claude, "7500001 bytes"],
  ["a longer side than the provider takes", received({ widthPx: 9_000, heightPx: 20 }), claude, "at most 8000 px"],
] as const)("re-encodes %s, which could not be sent as it is", (_, image, rule, why) => {
  const plan = planImage(image, rule, text)
  expect(plan).toMatchObject({ action: "transform", refusedAsIs: expect.stringContaining(why) })
  expect(plan.reason).toContain(why)
})

test("names the formats that the provider takes, and no other", () => {
  const drawing = received({ format: "png", widthPx: 4_200, heightPx: 2_970 })
  expect(planImage(drawing, gpt, text)).toMatchObject({ formats: ["png", "jpeg", "webp", "gif"] })
  expect(planImage(drawing, ruleFor("openai", "llava"), text)).toMatchObject({ formats: ["png", "jpeg"] })
})

test("takes a JPEG out of the inks of printing, which no model is known to look at", () => {
  const printed = received({ format: "jpeg", widthPx: 640, heightPx: 480, cmyk: true })
  expect(planImage(printed, gpt, scene)).toMatchObject({ action: "transform", originalIsEqual: false })
  expect(planImage(printed, gpt, scene).reason).toContain("CMYK")
})

test("knows the tokens before and after", () => {
  const drawing = received({ format: "png", widthPx: 4_200, heightPx: 2_970 })
  expect(planImage(drawing, gpt, text)).toMatchObject({
    tokens: { before: 14_732, after: 4_407 },
    originalIsEqual: false,
  })
  // Anthropic shrinks it to the same itself, for the same price.
  expect(planImage(drawing, claude, text)).toMatchObject({ originalIsEqual: true })
})

test.each([
  ["openai", "gpt-5.6-sol", "auto", "text", "small text is read as well"],
  ["openai", "gpt-5.6-sol", "auto", "scene", "a scene is seen as well"],
  ["openai", "gpt-5.6-sol", "high", "text", "would shrink it to this itself"],
  ["openai", "gpt-4o", "auto", "scene", "would shrink it to this itself"],
  ["openai", "gpt-4o", "low", "text", "low detail was asked for"],
  ["google", "gemini-3-pro", "auto", "text", "the same for any size"],
  ["google", "gemini-2.5-pro", "auto", "scene", "a scene is seen as well"],
  ["openai", "llava", "auto", "text", "our box of 1024 px at quality 85"],
] as const)("for %s's %s at %s and %s the reason says: %s", (wire, model, detail, reads, words) => {
  const plan = planImage(received({ widthPx: 8_000, heightPx: 6_000 }), ruleFor(wire, model), { detail, reads })
  expect(plan.reason).toContain(words)
})
