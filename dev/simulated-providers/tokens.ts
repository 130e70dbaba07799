/**
 * What the providers charge for text and pictures, by their published formulas. Written on its own, not shared with the
 * gateway: a server that counted with the gateway's code could never show that the gateway counts wrongly.
 */

export interface PictureSize {
  readonly widthPx: number
  readonly heightPx: number
}

const charactersPerToken = 4

/** About four characters make a token, as all three providers say of English. */
export const textTokens = (text: string): number => Math.ceil(text.length / charactersPerToken)

/** The text that `tokens` tokens have room for; never half of a character. */
export const cutToTokens = (text: string, tokens: number): string => {
  const end = tokens * charactersPerToken
  const splitsPair = /[\uD800-\uDBFF]/.test(text.charAt(end - 1)) && end < text.length
  return text.slice(0, splitsPair ? end - 1 : end)
}

const scale = ({ widthPx, heightPx }: PictureSize, factor: number): PictureSize => ({
  widthPx: widthPx * factor,
  heightPx: heightPx * factor,
})
const longEdge = (size: PictureSize): number => Math.max(size.widthPx, size.heightPx)
const shortEdge = (size: PictureSize): number => Math.min(size.widthPx, size.heightPx)
const fitLongEdge = (size: PictureSize, limitPx: number): PictureSize =>
  scale(size, Math.min(1, limitPx / longEdge(size)))

/** Squares of `side` pixels that cover the picture. The tiny allowance keeps 1536.0000001 from needing a fourth tile. */
const squares = ({ widthPx, heightPx }: PictureSize, side: number): number =>
  Math.ceil(widthPx / side - 1e-6) * Math.ceil(heightPx / side - 1e-6)

// --- OpenAI: developers.openai.com, guide "Images and vision", calculating costs ---

interface PatchRule {
  readonly kind: "patch"
  /** The most patches that are looked at, by detail. */
  readonly high: number
  readonly original: number
  /** What happens when no detail is asked for. */
  readonly auto: "high" | "original"
  readonly highEdgePx: number
  readonly factor: number
}
type OpenAiRule = PatchRule | { readonly kind: "tile"; readonly base: number; readonly tile: number }

const tile = (base: number, perTile: number): OpenAiRule => ({ kind: "tile", base, tile: perTile })
const patch = (given: Partial<PatchRule>): OpenAiRule => ({
  kind: "patch",
  high: 2500,
  original: 30_000,
  auto: "original",
  highEdgePx: Number.POSITIVE_INFINITY,
  factor: 1.2,
  ...given,
})
const smallPatch = (factor: number): OpenAiRule => patch({ high: 1536, original: 1536, highEdgePx: 2048, factor })

/** First match wins. */
const openAiRules: readonly (readonly [RegExp, OpenAiRule])[] = [
  [/^gpt-4o-mini/, tile(2833, 5667)],
  [/^gpt-(4\.1|5(\.\d+)?)-mini/, smallPatch(1.62)],
  [/^gpt-(4\.1|5(\.\d+)?)-nano/, smallPatch(2.46)],
  [/^o4-mini/, smallPatch(1.72)],
  [/^o\d/, tile(75, 150)],
  [/^gpt-[34]/, tile(85, 170)],
  [/^gpt-5(\.1)?(-|$)/, tile(70, 140)],
  [/^gpt-5\.[23](-|$)/, patch({ original: 10_000 })],
  [/^gpt-5\.4(-|$)/, patch({ original: 10_000, auto: "high", highEdgePx: 2048 })],
  [/^gpt-5\.5(-|$)/, patch({ original: 10_000, highEdgePx: 2048 })],
  [/^gpt-5\./, patch({ highEdgePx: 2048 })],
]
const newestOpenAiRule = patch({})

const patchSidePx = 32

/** Scales down until the patches fit the budget, then a little more so that one side holds a whole number of them. */
const patchesWithin = (size: PictureSize, budget: number): number => {
  const count = squares(size, patchSidePx)
  if (count <= budget) return count
  const fitted = scale(size, Math.sqrt((budget * patchSidePx ** 2) / (size.widthPx * size.heightPx)))
  const [columns, rows] = [fitted.widthPx / patchSidePx, fitted.heightPx / patchSidePx]
  return squares(scale(fitted, Math.min(Math.floor(columns) / columns, Math.floor(rows) / rows)), patchSidePx)
}

export const openAiDetails = ["auto", "low", "high", "original"] as const
export type OpenAiDetail = (typeof openAiDetails)[number]

export const openAiPictureTokens = (model: string, size: PictureSize, detail: OpenAiDetail): number => {
  const rule = openAiRules.find(([pattern]) => pattern.test(model))?.[1] ?? newestOpenAiRule
  if (rule.kind === "tile") {
    if (detail === "low") return rule.base
    const square = fitLongEdge(size, 2048)
    return rule.base + rule.tile * squares(scale(square, Math.min(1, 768 / shortEdge(square))), 512)
  }
  const chosen = detail === "auto" ? rule.auto : detail
  const patches =
    chosen === "low"
      ? squares(fitLongEdge(size, 512), patchSidePx)
      : chosen === "high"
        ? patchesWithin(fitLongEdge(size, rule.highEdgePx), rule.high)
        : patchesWithin(size, rule.original)
  // The allowance again: 2,500 × 1.2 must not become 3,001.
  return Math.ceil(patches * rule.factor - 1e-6)
}

// --- Anthropic: platform.claude.com, "Vision", evaluate image size ---

/** True from Claude 4.7 on: sharper pictures, and no sampling parameters any more. A name without a number is new. */
export const isClaude47OrLater = (model: string): boolean => {
  const version = /^claude-(?:[a-z]+-)?(\d{1,2})(?!\d)(?:-(\d{1,2})(?!\d))?/.exec(model)
  if (version === null) return true
  const [major, minor] = [Number(version[1]), Number(version[2] ?? 0)]
  return major > 4 || (major === 4 && minor >= 7)
}

/** The largest copy of the picture that keeps both limits, in patches of 28 px. */
export const anthropicPictureTokens = (model: string, size: PictureSize): number => {
  const [edgeLimitPx, tokenLimit] = isClaude47OrLater(model) ? [2576, 4784] : [1568, 1568]
  const longest = longEdge(size)
  for (let edgePx = Math.min(longest, edgeLimitPx); edgePx > 1; edgePx--) {
    const tokens = squares(scale(size, edgePx / longest), 28)
    if (tokens <= tokenLimit) return tokens
  }
  return 1
}

// --- Google: ai.google.dev, "Image understanding" and "Media resolution" ---

export const geminiResolutions = ["low", "medium", "high", "ultra_high"] as const
export type GeminiResolution = (typeof geminiResolutions)[number]

const gemini3Tokens: Record<GeminiResolution, number> = { low: 280, medium: 560, high: 1120, ultra_high: 2240 }

export const geminiPictureTokens = (model: string, size: PictureSize, resolution?: GeminiResolution): number => {
  const isOld = /^gemini-[12](\.|-)/.test(model)
  if (!isOld) return gemini3Tokens[resolution ?? "high"]
  if (resolution === "low") return 64
  if (longEdge(size) <= 384 || resolution === "medium") return 258
  // Square crops of two thirds of the short side, from 256 to 768 px.
  return 258 * squares(size, Math.min(768, Math.max(256, Math.floor(shortEdge(size) / 1.5))))
}
