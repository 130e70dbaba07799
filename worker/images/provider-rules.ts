import type { Detail } from "../../contract/analyze.ts"
import type { Wire } from "../providers/provider.ts"
import type { ImageFormat } from "./image.ts"

/** A picture larger than this is shrunk by the provider itself, so more pixels would be sent for nothing. */
export interface PatchBox {
  readonly longEdgePx: number
  readonly patches: number
}

/** How a family of models sizes a picture and charges for it. */
export type Sizing =
  /** ⌈w/patch⌉ · ⌈h/patch⌉ tokens × multiplier, after fitting into the box of the detail asked for. */
  | {
      readonly kind: "patches"
      readonly patchPx: number
      readonly multiplier: number
      readonly boxes: Readonly<Record<Detail, PatchBox>>
      /** Details at which the model keeps the original size, so that how much it sees is for us to choose. */
      readonly keepsOriginal: readonly Detail[]
    }
  /** Fit into the box, short side down to its limit, then base + tokens per tile of 512 px; `low` is the base alone. */
  | {
      readonly kind: "tiles"
      readonly boxPx: number
      readonly shortSidePx: number
      readonly tilePx: number
      readonly baseTokens: number
      readonly tileTokens: number
    }
  /** As many tokens for any size; the pixels that they can hold are not published, so `longEdgePx` is ours. */
  | {
      readonly kind: "flat"
      readonly levels: Readonly<Record<Detail, { readonly tokens: number; readonly longEdgePx: number }>>
    }
  /** One crop for a small picture, else square crops of two thirds of the short side, between the two limits. */
  | {
      readonly kind: "crops"
      readonly smallPx: number
      readonly smallestCropPx: number
      readonly cropPx: number
      readonly cropTokens: number
    }
  /** Nothing is published: a plain box. */
  | { readonly kind: "box"; readonly boxPx: number }

export interface ImageRule {
  /** The family of models, for people. */
  readonly family: string
  readonly sizing: Sizing
  readonly formats: readonly ImageFormat[]
  /** The largest file that is taken, before base64. */
  readonly maxSizeBytes: number
  /** A longer side is refused by the provider. */
  readonly maxEdgePx: number
  /** JPEG quality that we encode with. */
  readonly quality: number
  /** The page that states all this, and when it was read. */
  readonly source: string
  readonly checkedAt: string
}

const checkedAt = "2026-11-24"

const openai = {
  formats: ["png", "jpeg", "webp", "gif"],
  // Only the whole request has a limit (512 MB), far above what we take in.
  maxSizeBytes: 20_000_000,
  maxEdgePx: 65_535,
  quality: 85,
  source: "https://developers.openai.com/api/docs/guides/images-vision",
  checkedAt,
} as const

const high: PatchBox = { longEdgePx: 2_048, patches: 2_500 }
const large: PatchBox = { longEdgePx: 6_000, patches: 10_000 }
const wide: PatchBox = { longEdgePx: 2_048, patches: 6_144 }
/** No budget, but above 30,000 patches a picture is rejected. */
const unbounded: PatchBox = { longEdgePx: 65_535, patches: 30_000 }
const small: PatchBox = { longEdgePx: 512, patches: 256 }

const everyDetail = <T>(value: T): Readonly<Record<Detail, T>> => ({
  auto: value,
  low: value,
  high: value,
  original: value,
})

const patches = (
  multiplier: number,
  boxes: Readonly<Record<Detail, PatchBox>>,
  keepsOriginal: readonly Detail[] = [],
): Sizing => ({ kind: "patches", patchPx: 32, multiplier, boxes, keepsOriginal })

const tiles = (baseTokens: number, tileTokens: number): Sizing => ({
  kind: "tiles",
  boxPx: 2_048,
  shortSidePx: 768,
  tilePx: 512,
  baseTokens,
  tileTokens,
})

const openaiOriginal: ImageRule = {
  ...openai,
  family: "OpenAI GPT-5.6 and 6",
  sizing: patches(1.2, { auto: unbounded, low: small, high, original: unbounded }, ["auto", "original"]),
}
const openai55: ImageRule = {
  ...openai,
  family: "OpenAI GPT-5.5",
  sizing: patches(1.2, { auto: large, low: small, high, original: large }, ["auto", "original"]),
}
const openai54: ImageRule = {
  ...openai,
  family: "OpenAI GPT-5.4",
  sizing: patches(1.2, { auto: high, low: wide, high, original: large }, ["original"]),
}
const openai52 = (multiplier: number): ImageRule => ({
  ...openai,
  family: "OpenAI GPT-5.2 and 4.1 mini",
  sizing: patches(multiplier, everyDetail(wide)),
})
/** Models on their way out: their last published budget. */
const openaiSmall = (multiplier: number): ImageRule => ({
  ...openai,
  family: "OpenAI's former small models",
  sizing: patches(multiplier, everyDetail({ longEdgePx: 2_048, patches: 1_536 })),
})
const openaiTiles = (baseTokens: number, tileTokens: number): ImageRule => ({
  ...openai,
  family: "OpenAI tile models",
  sizing: tiles(baseTokens, tileTokens),
})

const anthropic = {
  formats: ["png", "jpeg", "webp", "gif"],
  // 10 MB as base64.
  maxSizeBytes: 7_500_000,
  maxEdgePx: 8_000,
  quality: 85,
  source: "https://platform.claude.com/docs/en/build-with-claude/vision",
  checkedAt,
} as const

const anthropicPatches = (box: PatchBox): Sizing => ({
  kind: "patches",
  patchPx: 28,
  multiplier: 1,
  boxes: everyDetail(box),
  keepsOriginal: [],
})
const claudeHighResolution: ImageRule = {
  ...anthropic,
  family: "Anthropic Claude 4.7 and later",
  sizing: anthropicPatches({ longEdgePx: 2_576, patches: 4_784 }),
}
const claudeStandard: ImageRule = {
  ...anthropic,
  family: "Anthropic Claude up to 4.6",
  sizing: anthropicPatches({ longEdgePx: 1_568, patches: 1_568 }),
}

const google = {
  formats: ["png", "jpeg", "webp", "heic"],
  // A request with its pictures in it may have 20 MB, as base64.
  maxSizeBytes: 15_000_000,
  maxEdgePx: 65_535,
  quality: 85,
  checkedAt,
} as const

const gemini3: ImageRule = {
  ...google,
  family: "Google Gemini 3",
  sizing: {
    kind: "flat",
    levels: {
      auto: { tokens: 1_120, longEdgePx: 2_296 },
      low: { tokens: 280, longEdgePx: 1_024 },
      high: { tokens: 1_120, longEdgePx: 2_296 },
      original: { tokens: 2_240, longEdgePx: 3_072 },
    },
  },
  source: "https://ai.google.dev/gemini-api/docs/media-resolution",
}
const gemini2: ImageRule = {
  ...google,
  family: "Google Gemini 2",
  sizing: { kind: "crops", smallPx: 384, smallestCropPx: 256, cropPx: 768, cropTokens: 258 },
  source: "https://ai.google.dev/gemini-api/docs/image-understanding",
}

const unknown: ImageRule = {
  family: "no published rule",
  sizing: { kind: "box", boxPx: 1_024 },
  formats: ["png", "jpeg"],
  maxSizeBytes: 20_000_000,
  maxEdgePx: 65_535,
  quality: 85,
  source: "no published rule",
  checkedAt,
}

/** The first match counts. Dated names (`gpt-4o-2024-08-06`) follow their family. */
const byName: Readonly<Record<Wire, readonly (readonly [RegExp, ImageRule])[]>> = {
  openai: [
    [/^gpt-(5\.6|6|6\.\d+)(-|$)/, openaiOriginal],
    [/^gpt-5\.5(-|$)/, openai55],
    [/^gpt-5\.4(-|$)/, openai54],
    [/^gpt-5\.[23](-|$)/, openai52(1.2)],
    [/^gpt-4\.1-mini(-|$)/, openai52(1.62)],
    [/^gpt-4\.1-nano(-|$)/, openaiSmall(2.46)],
    [/^gpt-5-mini(-|$)/, openaiSmall(1.2)],
    [/^gpt-5-nano(-|$)/, openaiSmall(1.5)],
    [/^o4-mini(-|$)/, openaiSmall(1.72)],
    [/^gpt-5(\.1)?(-|$)/, openaiTiles(70, 140)],
    [/^gpt-4o-mini(-|$)/, openaiTiles(2_833, 5_667)],
    [/^(chatgpt-4o|gpt-4o|gpt-4\.1)(-|$)/, openaiTiles(85, 170)],
    [/^o[13](-|$)/, openaiTiles(75, 150)],
  ],
  anthropic: [
    // A version's second number has one or two digits; eight are a date (claude-opus-4-20250514).
    [/^claude-[a-z]+-4-([7-9]|[1-9]\d)(-|$)/, claudeHighResolution],
    [/^claude-[a-z]+-([5-9]|[1-9]\d)(-|$)/, claudeHighResolution],
    [/^claude-([a-z]+-4|3)(-|$)/, claudeStandard],
  ],
  google: [
    [/^gemini-3(\.\d+)?(-|$)/, gemini3],
    [/^gemini-2\.\d+(-|$)/, gemini2],
  ],
}

/** The rule for a model by its name; where no rule is published, a box of 1024 px at quality 85. */
export const ruleFor = (wire: Wire, model: string): ImageRule =>
  byName[wire].find(([name]) => name.test(model))?.[1] ?? unknown
