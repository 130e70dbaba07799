import type { Detail } from "../../contract/analyze.ts"
import type { SentImage } from "../images/image.ts"
import type { Part, Prompt, Turn, Wire } from "../providers/provider.ts"
import { normalizeText } from "./normalize-text.ts"
import type { QueryType } from "./query-type.ts"

export interface PromptInput {
  readonly query: string
  readonly queryType: QueryType
  readonly images: readonly SentImage[]
  /** `auto` means what suits the query type. */
  readonly detail: Detail
  readonly language?: string
  readonly maxOutputTokens?: number
  readonly temperature?: number
}

/**
 * The prompt for one question. What is the same for every question of a type comes first, so that the provider's own
 * prompt cache can hit; what the user wrote is a part of its own and is never read as a template.
 */
export const buildPrompt = (input: PromptInput, wire: Wire): Prompt => {
  const { queryType } = input
  return {
    system: queryType.instructions,
    turns: [userTurn(input, wire)],
    images: input.images,
    detail: chosenDetail(input.detail, queryType),
    maxOutputTokens: input.maxOutputTokens ?? queryType.maxOutputTokens,
    temperature: input.temperature ?? queryType.temperature,
    ...(queryType.schema === undefined ? {} : { schema: { name: queryType.name, schema: queryType.schema } }),
  }
}

/** The caller's word, or what suits the query type. */
export const chosenDetail = (detail: Detail, queryType: QueryType): Detail =>
  detail === "auto" ? queryType.detail : detail

/** Anthropic and Google advise pictures before the question; OpenAI's guide puts the question first. Several pictures are numbered. */
const userTurn = ({ query, images, language }: PromptInput, wire: Wire): Turn => {
  const question: Part[] = [{ type: "text", text: normalizeText(query) }]
  if (language !== undefined) question.push({ type: "text", text: `Answer in this language: ${language}` })
  const pictures = images.flatMap((_, index): Part[] => {
    const picture: Part = { type: "image", image: index }
    return images.length === 1 ? [picture] : [{ type: "text", text: `Picture ${index + 1}:` }, picture]
  })
  return { role: "user", parts: wire === "openai" ? [...question, ...pictures] : [...pictures, ...question] }
}
