import type { Usage } from "../../contract/analyze.ts"
import type { ModelRef } from "../routing/model-ref.ts"
import type { Wire } from "./provider.ts"

/** US dollars for a million tokens. */
export interface Price {
  readonly inputUsdPerMillion: number
  readonly cachedInputUsdPerMillion: number
  readonly outputUsdPerMillion: number
}

/** A model that reads pictures, and what is known of it. Prices are the standard tier's. */
export interface ModelEntry extends Price {
  readonly provider: Wire
  readonly model: string
  /** Above this many input tokens, all tokens of the request cost more; absent where no such price is known. */
  readonly longPrompt?: Price & { readonly aboveTokens: number }
  /** Where the price was read, and when; a day in ISO 8601. */
  readonly priceSource: string
  readonly checkedAt: string
  /** The last day of a price that was announced to end. */
  readonly priceUntil?: string
  readonly contextTokens: number
  readonly maxOutputTokens: number
  /** Takes `temperature` and `top_p`. OpenAI's thinking models refuse them, Anthropic's API does, Google advises against. */
  readonly acceptsTemperature: boolean
  /** Thinks unless told not to, within its output limit. */
  readonly thinks: boolean
  /** Takes detail `original`: more than its `high`. */
  readonly acceptsOriginal: boolean
}

interface Reading {
  readonly priceSource: string
  readonly checkedAt: string
}

const usd = (input: number, cachedInput: number, output: number): Price => ({
  inputUsdPerMillion: input,
  cachedInputUsdPerMillion: cachedInput,
  outputUsdPerMillion: output,
})

type Traits = Omit<ModelEntry, "provider" | "model" | keyof Price | keyof Reading>

const family =
  (provider: Wire, traits: Traits) =>
  (model: string, price: Price, reading: Reading, own: Partial<Traits> = {}): ModelEntry => ({
    provider,
    model,
    ...price,
    ...reading,
    ...traits,
    ...own,
  })

const thinking = { acceptsTemperature: false, thinks: true } as const

const gpt = family("openai", { ...thinking, contextTokens: 1_050_000, maxOutputTokens: 128_000, acceptsOriginal: true })
const gpt41 = family("openai", {
  contextTokens: 1_047_576,
  maxOutputTokens: 32_768,
  acceptsTemperature: true,
  thinks: false,
  acceptsOriginal: false,
})
const gpt4o = family("openai", {
  contextTokens: 128_000,
  maxOutputTokens: 16_384,
  acceptsTemperature: true,
  thinks: false,
  acceptsOriginal: false,
})
const claude = family("anthropic", {
  ...thinking,
  contextTokens: 1_000_000,
  maxOutputTokens: 128_000,
  acceptsOriginal: false,
})
const gemini3 = family("google", {
  ...thinking,
  contextTokens: 1_048_576,
  maxOutputTokens: 65_536,
  acceptsOriginal: true,
})
const gemini25 = family("google", {
  contextTokens: 1_048_576,
  maxOutputTokens: 65_536,
  acceptsTemperature: true,
  thinks: true,
  acceptsOriginal: false,
})

const openaiOctober: Reading = {
  priceSource: "https://developers.openai.com/api/docs/pricing",
  checkedAt: "2026-10-26",
}
const openaiSol61: Reading = {
  priceSource: "https://developers.openai.com/api/docs/models/gpt-6.1-sol",
  checkedAt: "2026-09-30",
}
const openaiGpt6: Reading = { priceSource: "https://developers.openai.com/api/docs/pricing", checkedAt: "2026-09-22" }
const openaiAugust: Reading = { priceSource: "https://github.com/simonw/llm-prices", checkedAt: "2026-08-05" }
const anthropicOctober: Reading = {
  priceSource: "https://platform.claude.com/docs/en/about-claude/pricing",
  checkedAt: "2026-10-24",
}
const googleOctober: Reading = { priceSource: "https://ai.google.dev/gemini-api/docs/pricing", checkedAt: "2026-10-07" }
const googleAugust: Reading = { priceSource: "https://github.com/pydantic/genai-prices", checkedAt: "2026-08-13" }
const googleLlmPrices: Reading = { priceSource: "https://github.com/simonw/llm-prices", checkedAt: "2026-08-05" }

/** OpenAI's long prompts: twice the input, one and a half times the output. */
const above272k = (price: Price) => ({
  longPrompt: {
    aboveTokens: 272_000,
    inputUsdPerMillion: price.inputUsdPerMillion * 2,
    cachedInputUsdPerMillion: price.cachedInputUsdPerMillion * 2,
    outputUsdPerMillion: price.outputUsdPerMillion * 1.5,
  },
})

const above = (aboveTokens: number, price: Price) => ({ longPrompt: { aboveTokens, ...price } })

const introductory = { priceUntil: "2026-12-31" } as const

/** Every model whose price and traits are known. A model that is not here can still be used; its cost is then unknown. */
export const knownModels: readonly ModelEntry[] = [
  gpt("gpt-6.1-sol", usd(2, 0.1, 10), openaiSol61, above272k(usd(2, 0.1, 10))),
  gpt("gpt-6.1-terra", usd(1, 0.05, 5), openaiOctober),
  gpt("gpt-6-astra", usd(10, 1, 50), openaiOctober),
  gpt("gpt-6-sol", usd(2, 0.2, 10), openaiGpt6, above272k(usd(2, 0.2, 10))),
  gpt("gpt-6-luna", usd(0.1, 0.01, 0.5), openaiOctober, above272k(usd(0.1, 0.01, 0.5))),
  // The list price: a promotion at 4 / 0.40 / 20 was promised until 2026-11-21 only.
  gpt("gpt-5.6-sol", usd(5, 0.5, 30), openaiAugust, above272k(usd(5, 0.5, 30))),
  gpt("gpt-5.6-terra", usd(2, 0.2, 12), openaiAugust, above272k(usd(2, 0.2, 12))),
  gpt("gpt-5.6-luna", usd(0.2, 0.02, 1.2), openaiAugust, above272k(usd(0.2, 0.02, 1.2))),
  gpt("gpt-5.4", usd(2.5, 0.25, 15), openaiAugust, above272k(usd(2.5, 0.25, 15))),
  gpt("gpt-5.4-mini", usd(0.75, 0.075, 4.5), openaiAugust, { contextTokens: 400_000 }),
  gpt41("gpt-4.1", usd(2, 0.5, 8), openaiAugust),
  gpt41("gpt-4.1-mini", usd(0.4, 0.1, 1.6), openaiAugust),
  gpt4o("gpt-4o", usd(2.5, 1.25, 10), openaiAugust),
  gpt4o("gpt-4o-mini", usd(0.15, 0.075, 0.6), openaiAugust),

  claude("claude-fable-5-1", usd(10, 0.25, 50), anthropicOctober),
  claude("claude-opus-5-5", usd(4, 0.2, 20), anthropicOctober),
  claude("claude-opus-5", usd(5, 0.5, 25), anthropicOctober),
  claude("claude-opus-4-8", usd(5, 0.5, 25), anthropicOctober, { thinks: false }),
  claude("claude-sonnet-5-5", usd(2, 0.1, 10), anthropicOctober),
  claude("claude-sonnet-5", usd(2, 0.2, 10), anthropicOctober),
  claude("claude-haiku-5-5", usd(0.1, 0.01, 0.5), anthropicOctober, above(100_000, usd(0.5, 0.05, 2.5))),
  claude("claude-haiku-4-5", usd(1, 0.1, 5), anthropicOctober, {
    contextTokens: 200_000,
    maxOutputTokens: 64_000,
    thinks: false,
  }),

  gemini3("gemini-3.8-flash", usd(0.75, 0.075, 3.75), googleOctober, introductory),
  gemini3("gemini-3.7-flash", usd(0.75, 0.075, 3.75), googleAugust, introductory),
  gemini3("gemini-3.6-flash", usd(0.75, 0.075, 3.75), googleAugust, introductory),
  gemini3("gemini-3.5-flash", usd(1.5, 0.15, 9), googleOctober),
  gemini3("gemini-3.5-flash-lite", usd(0.3, 0.03, 2.5), googleOctober),
  gemini3("gemini-3.1-pro-preview", usd(2, 0.2, 12), googleOctober, above(200_000, usd(4, 0.4, 18))),
  gemini25("gemini-2.5-pro", usd(1.25, 0.125, 10), googleLlmPrices, above(200_000, usd(2.5, 0.25, 15))),
  gemini25("gemini-2.5-flash", usd(0.3, 0.03, 2.5), googleLlmPrices),
  gemini25("gemini-2.5-flash-lite", usd(0.1, 0.01, 0.4), googleLlmPrices, { thinks: false }),
]

/** A good and fast model of each provider: what `auto` chooses from where nothing else is set. */
export const defaultAutoModels: readonly ModelRef[] = [
  { provider: "openai", model: "gpt-6.1-terra" },
  { provider: "anthropic", model: "claude-sonnet-5-5" },
  { provider: "google", model: "gemini-3.8-flash" },
]

const byId: ReadonlyMap<string, ModelEntry> = new Map(
  knownModels.map((entry) => [`${entry.provider}/${entry.model}`, entry]),
)

/** The entry of a model, or of the one that it is a dated snapshot of (`claude-haiku-4-5-20251001`, `gpt-4o-2024-08-06`). */
export const findModel = ({ provider, model }: ModelRef): ModelEntry | undefined =>
  byId.get(`${provider}/${model}`) ?? byId.get(`${provider}/${model.replace(/-\d{4}-?\d{2}-?\d{2}$/, "")}`)

/** What a request cost, in US dollars. Tokens that the provider read from its own cache are part of `inputTokens`. */
export const costUsd = (entry: ModelEntry, { inputTokens, outputTokens, cachedInputTokens }: Usage): number => {
  const { longPrompt } = entry
  const price = longPrompt !== undefined && inputTokens > longPrompt.aboveTokens ? longPrompt : entry
  const cached = Math.min(cachedInputTokens, inputTokens)
  return (
    ((inputTokens - cached) * price.inputUsdPerMillion +
      cached * price.cachedInputUsdPerMillion +
      outputTokens * price.outputUsdPerMillion) /
    1_000_000
  )
}

/** Room for thinking, for models that count it as output; without it a short bound would be used up before the first word. */
const thinkingTokens = 4_096

/** The limit to send for a bound on the answer itself: none stays none, and no model gets more than it can do. */
export const outputLimit = <Bound extends number | undefined>(
  known: ModelEntry | undefined,
  bound: Bound,
): Bound | number => {
  if (bound === undefined || known === undefined) return bound
  return Math.min(known.maxOutputTokens, bound + (known.thinks ? thinkingTokens : 0))
}
